// Places inside a JSON value, as RFC 6901 writes them.

import { isObject, type Json, type JsonObject } from "./digits.ts";

export type Path = readonly (string | number)[];

export function pointerOf(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

export function parsePointer(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands at a place, undefined where nothing does. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  let found = value;
  for (const part of path) {
    if (Array.isArray(found)) found = found[Number(part)];
    else if (isObject(found) && Object.hasOwn(found, String(part))) found = found[String(part)];
    else return undefined;
  }
  return found;
}

/** A copy of an object with one member set, or without it where the value is undefined; the order of keys is kept. */
export function withMember(object: JsonObject, key: string, value: Json | undefined): JsonObject {
  const members = Object.entries(object).filter(([name]) => value !== undefined || name !== key);
  if (value === undefined) return Object.fromEntries(members);
  const at = members.findIndex(([name]) => name === key);
  if (at < 0) members.push([key, value]);
  else members[at] = [key, value];
  return Object.fromEntries(members);
}
