// A schema's keywords: what stands behind references and in all parts of an `allOf`.

import { isNumber, isObject, type Json, numberText } from "../json/digits.ts";
import type { Place, Schema } from "./shapes.ts";

export type Keywords = { readonly [key: string]: Json };
export const NO_KEYWORDS: Keywords = {};

/** The keywords of a part, with those behind its reference; what stands beside a `$ref` goes first. */
export function keywordsOf(place: Place): Keywords {
  let found = isObject(place.schema) ? place.schema : NO_KEYWORDS;
  const seen = new Set<string>();
  while (typeof found.$ref === "string" && !seen.has(found.$ref)) {
    seen.add(found.$ref);
    const target = referred(place.root, found.$ref);
    if (target === undefined) break;
    const { $ref: _, ...beside } = found;
    found = { ...target, ...beside };
  }
  return Array.isArray(found.allOf) ? merged(found, found.allOf as unknown as Schema[], place.root) : found;
}

function referred(root: Schema, reference: string): Keywords | undefined {
  if (!reference.startsWith("#") || !isObject(root)) return undefined;
  let found: Json = root as Keywords as Json;
  for (const part of reference.split("/").slice(1)) {
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key] as Json;
  }
  return isObject(found) ? found : undefined;
}

function merged(own: Keywords, parts: readonly Schema[], root: Schema): Keywords {
  let all: Keywords = {};
  for (const part of [...parts.map((schema) => keywordsOf({ schema, root })), { ...own, allOf: null }]) {
    const properties = { ...(isObject(all.properties) ? all.properties : {}), ...(isObject(part.properties) ? part.properties : {}) };
    const required = [...listOf(all.required), ...listOf(part.required)];
    all = { ...all, ...part, ...(Object.keys(properties).length > 0 ? { properties } : {}), ...(required.length > 0 ? { required } : {}) };
  }
  // An `anyOf` of a part of `allOf` says which names must be there, not what the value is.
  if (own.anyOf === undefined && isObject(all.properties)) {
    const { anyOf: _, ...rest } = all;
    return rest;
  }
  return all;
}

const BOUNDS = { minimum: "≥", exclusiveMinimum: ">", maximum: "≤", exclusiveMaximum: "<", multipleOf: "multiple of" } as const;

/** What bounds a number, in signs. */
export function boundsOf(keywords: Keywords): string {
  return Object.entries(BOUNDS)
    .filter(([word]) => isNumber(keywords[word]))
    .map(([word, sign]) => `${sign} ${numberText(keywords[word] as number)}`)
    .join(", ");
}

export function isReference(place: Place): boolean {
  return isObject(place.schema) && "$ref" in place.schema;
}

export function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function countOf(value: Json | undefined): number | undefined {
  return isNumber(value) ? Number(numberText(value)) : undefined;
}

export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
