// A schema for reading: a row for each field, those of nested ones below them.

import { writeJson } from "../json/digits.ts";
import { hintOf } from "./hints.ts";
import { kindWord, shapeOf } from "./schema.ts";
import type { Place, Schema, Shape } from "./shapes.ts";

interface Row {
  readonly name: string;
  readonly depth: number;
  readonly required: boolean;
  readonly shape: Shape;
  readonly kind: string;
}

const MAX_DEPTH = 5;

interface Props {
  readonly schema: Schema | null | undefined;
  /** What is said where there is nothing to give. */
  readonly empty: string;
  /** What the table is called, for who does not see where it stands. */
  readonly label: string;
}

export function SchemaTable({ schema, empty, label }: Props) {
  if (schema === null || schema === undefined) return <p class="muted">Any JSON.</p>;
  const rows = rowsOf({ schema, root: schema });
  if (rows.length === 0) return <p class="muted">{empty}</p>;
  return (
    <div class="table-scroll" role="region" aria-label={label} tabIndex={0}>
      <table class="table schema">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Takes</th>
            <th scope="col">Default</th>
            <th scope="col">Description</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={`${at}`}>
              <th scope="row" class={`mono depth-${row.depth}`}>
                {row.name}
              </th>
              <td>
                {row.kind}
                {row.shape.nullable && " or none"}
                {row.shape.secret && " (secret)"}
              </td>
              <td>{row.required ? <span class="required">required</span> : <code>{defaultText(row.shape)}</code>}</td>
              <td class="muted">
                {[row.shape.description, row.shape.kind === "list" ? undefined : hintOf(row.shape)].filter(Boolean).join(" · ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function defaultText(shape: Shape): string {
  const text = shape.fallback === undefined ? "" : shape.fallback === null ? "none" : writeJson(shape.fallback, "compact");
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The fields of a value; of one that is no object, the value itself. */
export function rowsOf(place: Place): Row[] {
  const shape = shapeOf(place);
  if (shape.kind === "null" || (shape.kind === "object" && shape.members.length === 0)) return [];
  if (shape.kind === "object") return below(shape, 0, []);
  return [{ name: "(value)", depth: 0, required: !shape.nullable, shape, kind: kindOf(place, shape) }, ...below(shape, 1, [shape])];
}

/** Rows below a value: each model is told once on the way down, so that one that holds itself has an end. */
function below(shape: Shape, depth: number, within: readonly Shape[]): Row[] {
  if (depth > MAX_DEPTH) return [];
  switch (shape.kind) {
    case "object":
      return shape.members.flatMap((member) => rowOf(member.name, member.place, member.required, depth, within));
    case "list":
      return [
        ...shape.first.flatMap((place, at) => rowOf(`[${at}]`, place, true, depth, within)),
        ...inner("[ ]", shape.rest, depth, within),
      ];
    case "dict":
      return inner("{ }", shape.values, depth, within);
    case "union":
      return shape.branches.flatMap((branch) => inner(branch.title, branch.place, depth, within));
    default:
      return [];
  }
}

function rowOf(name: string, place: Place, required: boolean, depth: number, within: readonly Shape[]): Row[] {
  const shape = shapeOf(place);
  const row = { name, depth, required, shape, kind: kindOf(place, shape) };
  return within.includes(shape) ? [row] : [row, ...below(shape, depth + 1, [...within, shape])];
}

/** Items, values and branches: a row of their own where they hold fields. */
function inner(name: string, place: Place | undefined, depth: number, within: readonly Shape[]): Row[] {
  if (place === undefined) return [];
  const shape = shapeOf(place);
  const holds = shape.kind === "object" || shape.kind === "union" || shape.kind === "list" || shape.kind === "dict";
  return holds ? rowOf(name, place, true, depth, within) : [];
}

function kindOf(place: Place, shape: Shape): string {
  if (shape.kind === "choice")
    return shape.options.map((option) => (typeof option === "string" ? option : writeJson(option, "compact"))).join(", ");
  if (shape.kind === "constant") return writeJson(shape.value, "compact");
  return kindWord(shapeOf(place));
}
