// Inputs of single values. Each shows what is sent: nothing typed in is nothing sent, and the default is a placeholder.

import { useState } from "preact/hooks";
import { isNumber, type Json, numberText, readNumber, sameJson, writeJson } from "../../json/digits.ts";
import { type ControlProps, described, useField } from "../context.ts";
import type { ChoiceShape, NumberShape, TextShape } from "../shapes.ts";

type Props<S> = ControlProps & { readonly shape: S };

export function TextInput({ shape, path, value, onChange, named }: Props<TextShape>) {
  const { id, faults } = useField(path);
  const text = typeof value === "string" ? value : "";
  const shared = {
    ...described(id, named, faults),
    value: text,
    placeholder: placeholderOf(shape.fallback),
    onInput: (event: Event) => onChange((event.currentTarget as HTMLInputElement).value),
    spellcheck: false,
    autocomplete: shape.secret ? "new-password" : "off",
  };
  if (shape.secret) return <input class="input" type="password" {...shared} />;
  if (shape.format !== undefined) return <input class="input mono" type="text" {...shared} inputMode={MODES[shape.format]} />;
  return <textarea class="input" rows={1} {...shared} />;
}

const MODES: { readonly [format: string]: "email" | "url" } = { email: "email", uri: "url" };
export function NumberInput({ shape, path, value, onChange, named }: Props<NumberShape>) {
  const { id, faults } = useField(path);
  const [typed, setTyped] = useState("");
  const shown = sameJson(readTyped(shape, typed), value) ? typed : textOf(value);
  return (
    <input
      class="input mono number"
      type="text"
      inputMode={shape.integer ? "numeric" : "decimal"}
      autocomplete="off"
      {...described(id, named, faults)}
      value={shown}
      placeholder={placeholderOf(shape.fallback) ?? (shape.integer ? "whole number" : "number")}
      onInput={(event) => {
        setTyped(event.currentTarget.value);
        onChange(readTyped(shape, event.currentTarget.value));
      }}
    />
  );
}

/** What is no number is sent as it stands, for the server to say so; of a decimal no digit is lost. */
function readTyped(shape: NumberShape, text: string): Json | undefined {
  if (text.trim() === "") return undefined;
  const number = readNumber(text);
  if (number === undefined) return text;
  return shape.decimal && typeof number !== "number" ? text.trim() : number;
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : isNumber(value) ? numberText(value) : writeJson(value, "compact");
}

/** What is taken where nothing is sent. */
export function placeholderOf(fallback: Json | undefined): string | undefined {
  return fallback === undefined ? undefined : `${fallbackText(fallback)} (default)`;
}

export function fallbackText(fallback: Json): string {
  if (fallback === null) return "none";
  return fallback === "" ? "empty" : textOf(fallback);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function DateInput(props: Props<TextShape>) {
  const { path, value, onChange, named } = props;
  const { id, faults } = useField(path);
  if (typeof value === "string" && value !== "" && !DAY.test(value)) return <TextInput {...props} />;
  return (
    <span class="inline">
      <input
        class="input"
        type="date"
        {...described(id, named, faults)}
        value={value === undefined ? "" : String(value)}
        onInput={(event) => onChange(event.currentTarget.value || undefined)}
      />
      <DefaultNote value={value} fallback={props.shape.fallback} />
    </span>
  );
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z$/;

/** A moment in this browser's zone, sent as UTC; one that was written otherwise is left as text. */
export function MomentInput(props: Props<TextShape>) {
  const { path, value, onChange, named, shape } = props;
  const { id, faults } = useField(path);
  if (typeof value === "string" && value !== "" && !MOMENT.test(value)) return <TextInput {...props} />;
  return (
    <span class="inline">
      <input
        class="input"
        type="datetime-local"
        step={1}
        {...described(id, named, faults)}
        value={typeof value === "string" && value !== "" ? toLocal(value) : ""}
        onInput={(event) => onChange(toUtc(event.currentTarget.value))}
      />
      <button type="button" class="quiet" onClick={() => onChange(`${new Date().toISOString().slice(0, 19)}Z`)}>
        Now
      </button>
      <span class="hint">{zoneName()}, sent as UTC</span>
      <DefaultNote value={value} fallback={shape.fallback} />
    </span>
  );
}

function toLocal(moment: string): string {
  const date = new Date(moment);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, date.getMilliseconds() === 0 ? 19 : 23);
}

function toUtc(local: string): string | undefined {
  const date = new Date(local);
  if (local === "" || Number.isNaN(date.getTime())) return undefined;
  return date.getMilliseconds() === 0 ? `${date.toISOString().slice(0, 19)}Z` : date.toISOString();
}

function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function BooleanInput({ shape, ...props }: Props<{ readonly fallback: Json | undefined }>) {
  const options = [
    { label: "Yes", value: true },
    { label: "No", value: false },
  ];
  return <Radios {...props} options={options} fallback={shape.fallback} />;
}

const MAX_RADIOS = 5;

export function ChoiceInput({ shape, ...props }: Props<ChoiceShape>) {
  const { path, value, onChange, named } = props;
  const { id, faults } = useField(path);
  const options = shape.options.map((option) => ({ label: optionText(option), value: option }));
  if (options.length <= MAX_RADIOS && options.every(({ label }) => label.length <= 16)) {
    return <Radios {...props} options={options} fallback={shape.fallback} />;
  }
  const chosen = options.findIndex((option) => sameJson(option.value, value));
  return (
    <select
      class="input"
      {...described(id, named, faults)}
      value={String(chosen)}
      onChange={(event) => onChange(options[Number(event.currentTarget.value)]?.value)}
    >
      <option value="-1">{placeholderOf(shape.fallback) ?? "Choose…"}</option>
      {options.map(({ label }, at) => (
        <option key={label} value={String(at)}>
          {label}
        </option>
      ))}
    </select>
  );
}

interface RadiosProps extends ControlProps {
  readonly options: readonly { readonly label: string; readonly value: Json }[];
  readonly fallback: Json | undefined;
}

function Radios({ path, value, onChange, named, options, fallback }: RadiosProps) {
  const { id, faults } = useField(path);
  const chosen = options.findIndex((option) => sameJson(option.value, value));
  return (
    <span class="segments" role="radiogroup" {...named} aria-describedby={`${id}:fault ${id}:help`} aria-invalid={faults.length > 0}>
      {options.map((option, at) => (
        <label key={option.label} class={chosen < 0 && sameJson(option.value, fallback) ? "segment is-default" : "segment"}>
          <input
            type="radio"
            name={id}
            id={at === 0 ? `${id}:input` : undefined}
            checked={at === chosen}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
          {sameJson(option.value, fallback) && <small>default</small>}
        </label>
      ))}
    </span>
  );
}

function optionText(option: Json): string {
  return typeof option === "string" && option !== "" ? option : writeJson(option, "compact");
}

function DefaultNote({ value, fallback }: { value: Json | undefined; fallback: Json | undefined }) {
  const text = placeholderOf(fallback);
  return value === undefined && text !== undefined ? <span class="hint">{text}</span> : null;
}
