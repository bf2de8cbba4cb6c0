// Values that are typed and never kept: left out of drafts, of calls to copy, and of what an earlier run was given.

import { isObject, type Json } from "../json/digits.ts";
import { withMember } from "../json/pointer.ts";
import { partsOf } from "./parts.ts";
import { shapeOf } from "./schema.ts";
import type { Place } from "./shapes.ts";

/** The value without its secrets. */
export function withoutSecrets(place: Place, value: Json | undefined): Json | undefined {
  return mapSecrets(place, value, () => undefined);
}

/** The value with something else in the place of each secret. */
export function maskSecrets(place: Place, value: Json | undefined, mask: string): Json | undefined {
  return mapSecrets(place, value, (secret) => (typeof secret === "string" && secret !== "" ? mask : secret));
}

/** The value as it was typed, where `mask` stands for the secret that was at the same place. */
export function unmaskSecrets(place: Place, value: Json | undefined, before: Json | undefined, mask: string): Json | undefined {
  if (before === undefined || !hasSecrets(place, value)) return value;
  return mapSecrets(place, value, (secret, path) => (secret === mask ? (at(before, path) ?? secret) : secret));
}

export function hasSecrets(place: Place, value: Json | undefined): boolean {
  let found = false;
  mapSecrets(place, value, (secret) => {
    found = true;
    return secret;
  });
  return found;
}

type Replace = (secret: Json, path: readonly (string | number)[]) => Json | undefined;

function mapSecrets(place: Place, value: Json | undefined, replace: Replace, path: readonly (string | number)[] = []): Json | undefined {
  if (value === undefined) return undefined;
  const shape = shapeOf(place);
  if (shape.secret) return value === null ? null : replace(value, path);
  let changed = value;
  for (const part of partsOf(shape, value)) {
    const mapped = mapSecrets(part.place, part.value, replace, [...path, part.key]);
    if (mapped === part.value) continue;
    if (Array.isArray(changed)) changed = changed.map((item, index) => (index === part.key ? (mapped ?? null) : item));
    else if (isObject(changed)) changed = withMember(changed, String(part.key), mapped);
  }
  return changed;
}

function at(value: Json, path: readonly (string | number)[]): Json | undefined {
  let found: Json | undefined = value;
  for (const key of path) {
    if (Array.isArray(found)) found = found[Number(key)];
    else found = isObject(found) ? found[String(key)] : undefined;
  }
  return found;
}
