// JSON whose numbers keep what was written: 9007199254740993 and 1.50 stay as they are.

/** A number as it was written, where JavaScript's own would lose something. */
export interface RawNumber {
  readonly rawJSON: string;
}
export type Json = null | boolean | number | string | RawNumber | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

interface SourceText {
  readonly source: string;
}
interface ExactJson {
  parse(text: string, revive: (key: string, value: unknown, context?: SourceText) => unknown): unknown;
  rawJSON?(text: string): RawNumber;
  isRawJSON?(value: unknown): value is RawNumber;
}

const exact = JSON as unknown as ExactJson;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether this browser can keep all digits; without it, long numbers are rounded and the page says so. */
export const keepsDigits = typeof exact.rawJSON === "function";

/** The value of a JSON text. Throws SyntaxError. */
export function parseJson(text: string): Json {
  return exact.parse(text, (_key, value, context) => {
    if (typeof value !== "number" || context === undefined || exact.rawJSON === undefined) return value;
    return String(value) === context.source ? value : exact.rawJSON(context.source);
  }) as Json;
}

/** JSON text of a value, indented by two spaces unless `compact`. */
export function writeJson(value: Json | undefined, style: "compact" | "indented" = "indented"): string {
  if (value === undefined) return "";
  return JSON.stringify(value, null, style === "compact" ? undefined : 2);
}

/** A typed-in number, or undefined when the text is none as JSON has it. */
export function readNumber(text: string): number | RawNumber | undefined {
  const trimmed = text.trim();
  if (!NUMBER.test(trimmed)) return undefined;
  const value = Number(trimmed);
  if (String(value) === trimmed) return value;
  if (exact.rawJSON !== undefined) return exact.rawJSON(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

export function isNumber(value: unknown): value is number | RawNumber {
  return typeof value === "number" || isRawNumber(value);
}

export function isRawNumber(value: unknown): value is RawNumber {
  return exact.isRawJSON?.(value) ?? false;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawNumber(value);
}

/** The digits of a number as they are sent. */
export function numberText(value: number | RawNumber): string {
  return typeof value === "number" ? JSON.stringify(value) : value.rawJSON;
}

/** Whether two values say the same; keys may come in another order. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return numberText(a) === numberText(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]));
}
