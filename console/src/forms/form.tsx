// The form of a schema: a row for each field, and the value as it will be sent behind it.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { isNumber, isObject, type Json, writeJson } from "../json/digits.ts";
import { type Path, pointerOf } from "../json/pointer.ts";
import { type ControlProps, FormContext, useField } from "./context.ts";
import { hintOf } from "./hints.ts";
import { DictInput } from "./inputs/dict.tsx";
import { ListInput, ObjectInput, UnionInput } from "./inputs/groups.tsx";
import { JsonInput } from "./inputs/json.tsx";
import {
  BooleanInput,
  ChoiceInput,
  DateInput,
  fallbackText,
  MomentInput,
  NumberInput,
  placeholderOf,
  TextInput,
} from "./inputs/scalars.tsx";
import type { PlacedIssues } from "./issues.ts";
import { shapeOf } from "./schema.ts";
import { seedBranch, seedOf } from "./seed.ts";
import type { Place, Shape } from "./shapes.ts";

interface FormProps {
  readonly place: Place;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
  readonly issues: PlacedIssues;
  /** What the value is called, and what begins the ids of its inputs. */
  readonly name: string;
}

export function Form({ place, value, onChange, issues, name }: FormProps) {
  const shape = shapeOf(place);
  const props = { place, path: [], value, onChange };
  return (
    <FormContext.Provider value={{ prefix: name, issues }}>
      <div class="form">
        {shape.kind === "object" && isObject(value) && !shape.nullable ? (
          <>
            <Faults path={[]} />
            <Control {...props} named={{ "aria-label": name }} />
          </>
        ) : (
          <Field {...props} name={name} required={!shape.nullable && shape.fallback === undefined} />
        )}
      </div>
    </FormContext.Provider>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label?: string;
  readonly required: boolean;
  readonly place: Place;
  readonly path: Path;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
}

export function Field(props: FieldProps) {
  const { place, path, value, name, required, onChange } = props;
  const shape = shapeOf(place);
  const { id, faults } = useField(path);
  const [asJson, setAsJson] = useState(false);
  if (shape.kind === "constant" && (value === undefined || required)) return null;
  const labelId = `${id}:label`;
  const isOpen = value !== undefined && value !== null && isGroup(shape, value);
  const isWide = isOpen || shape.kind === "union";
  const isItem = typeof path.at(-1) === "number";
  const title = props.label ?? titleOf(shape, name);
  const control = { place, path, value, onChange, named: { "aria-labelledby": labelId } };
  const classes = ["field", isOpen ? "is-group" : "", faults.length > 0 ? "has-faults" : "", isItem ? "is-item" : ""];
  return (
    <div
      class={classes.filter(Boolean).join(" ")}
      data-pointer={pointerOf(path)}
      {...(isWide ? { role: "group", "aria-labelledby": labelId } : {})}
    >
      <span class="label">
        {isWide ? (
          <span id={labelId}>{title}</span>
        ) : (
          <label id={labelId} for={`${id}:input`}>
            {title}
          </label>
        )}
        {title !== name && !isItem && <code class="name">{name}</code>}
        {required && !isItem && <span class="required">required</span>}
        {shape.deprecated && <span class="tag">deprecated</span>}
      </span>
      <div class="control">
        {asJson && isOpen ? <JsonInput {...control} /> : <Given {...control} shape={shape} title={title} />}
        <Help id={id} shape={shape} />
        <Faults path={path} />
      </div>
      <span class="field-tools">
        {isOpen && (
          <button
            type="button"
            class="quiet"
            aria-pressed={asJson}
            aria-label={`${title} as JSON`}
            title="As JSON"
            onClick={() => setAsJson(!asJson)}
          >
            {"{ }"}
          </button>
        )}
        {shape.nullable && value !== null && (shape.fallback !== null || required || isItem) && (
          <button type="button" class="quiet" aria-label={`${title}: none`} onClick={() => onChange(null)}>
            none
          </button>
        )}
        {value !== undefined && !isItem && (!required || !isOpen) && (
          <button
            type="button"
            class="quiet"
            aria-label={`Clear ${title}`}
            title={required ? "Clear" : "Leave it out"}
            onClick={() => onChange(undefined)}
          >
            ×
          </button>
        )}
      </span>
    </div>
  );
}

/** Whether a value has fields of its own, which stand below its label. */
function isGroup(shape: Shape, value: Json): boolean {
  if (shape.kind === "union") return isObject(value) || Array.isArray(value);
  return shape.kind === "object" || shape.kind === "dict" || shape.kind === "list";
}

/** The field's own title, or its name: a title that is only the name with a capital says nothing more. */
function titleOf(shape: Shape, name: string): string {
  const made = name.replaceAll("_", " ").trim().toLowerCase();
  return shape.title === undefined || shape.title.toLowerCase() === made ? name : shape.title;
}

function Help({ id, shape }: { id: string; shape: Shape }) {
  const hint = hintOf(shape);
  return (
    <p class="help" id={`${id}:help`}>
      {shape.description !== undefined && <span>{shape.description}</span>}
      {hint !== undefined && <span class="hint">{hint}</span>}
    </p>
  );
}

function Faults({ path }: { path: Path }) {
  const { id, faults } = useField(path);
  return (
    <div id={`${id}:fault`} class="faults">
      {faults.map((fault) => (
        <p key={fault} class="fault">
          {fault}
        </p>
      ))}
    </div>
  );
}

/** The input where there is a value, or a person may type one; else the way to a value. */
function Given({ shape, title, ...props }: ControlProps & { shape: Shape; title: string }) {
  const { value, onChange, place } = props;
  const holdsOthers = shape.kind === "object" || shape.kind === "dict" || shape.kind === "list";
  if (value === null && shape.nullable) {
    return (
      <Absent word="none">
        <Add title={title} onAdd={() => onChange(addedValue(place, shape))} />
      </Absent>
    );
  }
  if (holdsOthers && value === undefined) {
    const fallback = shape.fallback === undefined ? undefined : placeholderText(shape.fallback);
    return (
      <Absent word={fallback === undefined ? "not given" : `${fallback} (default)`}>
        <Add title={title} onAdd={() => onChange(addedValue(place, shape))} />
      </Absent>
    );
  }
  return <Control {...props} />;
}

function placeholderText(fallback: Json): string {
  const text =
    Array.isArray(fallback) && fallback.length === 0
      ? "empty"
      : isObject(fallback) && Object.keys(fallback).length === 0
        ? "empty"
        : fallbackText(fallback);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** What "Add" begins with: the default as it is, where that is a value, for a person to change. */
function addedValue(place: Place, shape: Shape): Json | undefined {
  if (shape.fallback !== undefined && shape.fallback !== null) return shape.fallback;
  return seedBranch({ title: "", place, tags: [] }, undefined);
}

function Absent({ word, children }: { word: string; children: ComponentChildren }) {
  return (
    <span class="absent">
      <span class="chip">{word}</span>
      {children}
    </span>
  );
}

function Add({ title, onAdd }: { title: string; onAdd: () => void }) {
  return (
    <button type="button" class="add" onClick={onAdd}>
      + Add {title}
    </button>
  );
}

/** The input of a part, whichever it takes; `hidden` names a member that a choice above has given already. */
export function Control(props: ControlProps & { hidden?: string | undefined; faults?: boolean }) {
  const { place, path, value, onChange } = props;
  const shape = shapeOf(place);
  const input = fits(shape, value) ? <Input {...props} shape={shape} /> : <Misfit {...props} />;
  if (props.faults !== true) return input;
  return (
    <>
      {(value === null || value === undefined) && shape.nullable ? (
        <Absent word="none">
          <Add title="value" onAdd={() => onChange(addedValue(place, shape) ?? seedOf(place))} />
        </Absent>
      ) : (
        input
      )}
      <Faults path={path} />
    </>
  );
}

function Input({ shape, ...props }: ControlProps & { shape: Shape; hidden?: string | undefined }) {
  switch (shape.kind) {
    case "text":
      if (shape.format === "date") return <DateInput {...props} shape={shape} />;
      return shape.format === "date-time" ? <MomentInput {...props} shape={shape} /> : <TextInput {...props} shape={shape} />;
    case "number":
      return <NumberInput {...props} shape={shape} />;
    case "boolean":
      return <BooleanInput {...props} shape={shape} />;
    case "choice":
      return <ChoiceInput {...props} shape={shape} />;
    case "object":
      return <ObjectInput {...props} shape={shape} />;
    case "dict":
      return <DictInput {...props} shape={shape} />;
    case "list":
      return <ListInput {...props} shape={shape} />;
    case "union":
      return <UnionInput {...props} shape={shape} />;
    case "constant":
      return <code class="preview">{writeJson(shape.value, "compact")}</code>;
    case "null":
      return <span class="chip">nothing to give</span>;
    case "json":
      return <JsonInput {...props} placeholder={placeholderOf(shape.fallback)} />;
  }
}

/** Whether the input of a shape can show a value; null is what a person has not given yet. */
function fits(shape: Shape, value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  switch (shape.kind) {
    case "text":
      return typeof value === "string";
    case "number":
      return isNumber(value) || typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "object":
    case "dict":
      return isObject(value);
    case "list":
      return Array.isArray(value);
    default:
      return true;
  }
}

/** A value of another kind than its field: nothing that is sent is hidden. */
function Misfit(props: ControlProps) {
  return (
    <>
      <JsonInput {...props} />
      <p class="hint">This is not of the kind that the field takes.</p>
    </>
  );
}
