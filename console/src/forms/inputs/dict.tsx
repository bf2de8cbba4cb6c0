// Maps: a row for each key.

import { useRef, useState } from "preact/hooks";
import { isObject, type Json, type JsonObject, sameJson } from "../../json/digits.ts";
import { type ControlProps, useField } from "../context.ts";
import { Control } from "../form.tsx";
import { shapeOf } from "../schema.ts";
import { seedItem } from "../seed.ts";
import type { DictShape } from "../shapes.ts";

interface Row {
  readonly id: number;
  /** Undefined until somebody types one. */
  readonly key: string | undefined;
  readonly value: Json;
}
interface Props extends ControlProps {
  readonly shape: DictShape;
  /** Keys that are fields of their own. */
  readonly taken?: ReadonlySet<string>;
}

export function DictInput({ shape, path, value, onChange, taken }: Props) {
  const { id } = useField(path);
  const count = useRef(0);
  const [typed, setTyped] = useState<readonly Row[]>([]);
  const object = isObject(value) ? value : {};
  // Rows know more than the value: their order, keys that are double, rows without a key yet.
  const rows = sameJson(objectOf(typed, taken), object)
    ? typed
    : Object.entries(object).map(([key, part]) => ({ id: ++count.current, key, value: part }));
  if (rows !== typed) setTyped(rows);
  const give = (next: readonly Row[]) => {
    setTyped(next);
    onChange(objectOf(next, taken));
  };
  const change = (row: Row, facts: Partial<Row>) => give(rows.map((each) => (each.id === row.id ? { ...each, ...facts } : each)));
  const offered = keyOptions(shape);
  return (
    <div class="items">
      {rows.map((row, at) => {
        const isDouble = isTaken(rows, at, taken);
        const keyId = `${id}:key:${row.id}`;
        return (
          <div class="item pair" key={row.id}>
            <span class="pair-key">
              <input
                class="input mono"
                id={keyId}
                aria-label={`Key ${at + 1}`}
                aria-invalid={isDouble}
                aria-describedby={isDouble ? `${keyId}:fault` : undefined}
                placeholder="key"
                autocomplete="off"
                spellcheck={false}
                list={offered.length > 0 ? `${id}:keys` : undefined}
                value={row.key ?? ""}
                onInput={(event) => change(row, { key: event.currentTarget.value })}
              />
              {isDouble && (
                <p class="fault" id={`${keyId}:fault`}>
                  There is such a key already; this row is not sent.
                </p>
              )}
              {row.key === undefined && <p class="hint">Give it a key; until then it is not sent.</p>}
            </span>
            <span class="pair-value">
              <Control
                place={shape.values}
                path={[...path, row.key ?? ""]}
                value={row.value}
                onChange={(part) => change(row, { value: part ?? null })}
                named={{ "aria-label": `Value of ${row.key === undefined || row.key === "" ? `entry ${at + 1}` : row.key}` }}
                faults
              />
            </span>
            <span class="item-tools">
              <button
                type="button"
                class="quiet"
                aria-label={`Remove ${row.key ?? "this row"}`}
                onClick={() => give(rows.filter((each) => each.id !== row.id))}
              >
                ×
              </button>
            </span>
          </div>
        );
      })}
      {offered.length > 0 && (
        <datalist id={`${id}:keys`}>
          {offered.map((key) => (
            <option key={key} value={key} />
          ))}
        </datalist>
      )}
      <button
        type="button"
        class="add"
        onClick={() => setTyped([...rows, { id: ++count.current, key: undefined, value: seedItem(shape.values) }])}
      >
        + Add entry
      </button>
    </div>
  );
}

function objectOf(rows: readonly Row[], taken: ReadonlySet<string> | undefined): JsonObject {
  const entries = rows.filter((row, at) => row.key !== undefined && !isTaken(rows, at, taken));
  return Object.fromEntries(entries.map((row) => [row.key as string, row.value]));
}

function isTaken(rows: readonly Row[], at: number, taken: ReadonlySet<string> | undefined): boolean {
  const key = rows[at]?.key;
  if (key === undefined) return false;
  return taken?.has(key) === true || rows.findIndex((row) => row.key === key) < at;
}

function keyOptions(shape: DictShape): string[] {
  const keys = shape.keys === undefined ? undefined : shapeOf(shape.keys);
  return keys?.kind === "choice" ? keys.options.map(String) : [];
}
