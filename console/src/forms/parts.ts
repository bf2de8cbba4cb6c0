// A value taken apart along its schema: which part of the schema each part of the value belongs to.

import { isNumber, isObject, type Json, sameJson } from "../json/digits.ts";
import { shapeOf } from "./schema.ts";
import type { ListShape, ObjectShape, Place, Shape, UnionShape } from "./shapes.ts";

export interface Part {
  readonly key: string | number;
  readonly place: Place;
  readonly value: Json;
}

/** The parts of a value, in its own order; none of what does not fit the shape. */
export function partsOf(shape: Shape, value: Json | undefined): Part[] {
  if (value === undefined) return [];
  switch (shape.kind) {
    case "object":
    case "dict":
      if (!isObject(value)) return [];
      return Object.entries(value).flatMap(([key, member]) => {
        const place = memberPlace(shape, key);
        return place === undefined ? [] : [{ key, place, value: member }];
      });
    case "list":
      if (!Array.isArray(value)) return [];
      return value.flatMap((item, at) => {
        const place = itemPlace(shape, at);
        return place === undefined ? [] : [{ key: at, place, value: item }];
      });
    case "union": {
      const at = branchOf(shape, value);
      const branch = at === undefined ? undefined : shape.branches[at];
      return branch === undefined ? [] : partsOf(shapeOf(branch.place), value);
    }
    default:
      return [];
  }
}

/** Where in the schema a member or an item belongs; undefined where the schema says nothing of it. */
export function placeOf(shape: Shape, value: Json | undefined, key: string): Place | undefined {
  switch (shape.kind) {
    case "object":
    case "dict":
      return memberPlace(shape, key);
    case "list":
      return /^\d+$/.test(key) ? itemPlace(shape, Number(key)) : undefined;
    case "union": {
      const at = branchOf(shape, value);
      const branch = at === undefined ? undefined : shape.branches[at];
      return branch === undefined ? undefined : placeOf(shapeOf(branch.place), value, key);
    }
    default:
      return undefined;
  }
}

export function itemPlace(shape: ListShape, at: number): Place | undefined {
  return at < shape.first.length ? shape.first[at] : shape.rest;
}

function memberPlace(shape: Shape, key: string): Place | undefined {
  if (shape.kind === "dict") return shape.values;
  if (shape.kind !== "object") return undefined;
  return shape.members.find((member) => member.name === key)?.place ?? shape.others;
}

/** Which branch of a union a value belongs to: by its tag, else the one that it fits best. */
export function branchOf(shape: UnionShape, value: Json | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (shape.tag !== undefined && isObject(value)) {
    const tag = value[shape.tag];
    const at = shape.branches.findIndex((branch) => branch.tags.some((each) => sameJson(each, tag)));
    return at < 0 ? undefined : at;
  }
  let best: number | undefined;
  let most = -1;
  shape.branches.forEach((branch, at) => {
    const score = scoreOf(branch.place, value, 0);
    if (score > most) [best, most] = [at, score];
  });
  return best;
}

const MISFIT = -1;
const FITS = 1_000;
const MAX_DEPTH = 4;

/** How well a value fits: below 0 not at all, from 1,000 on without a fault that can be seen from here. */
function scoreOf(place: Place, value: Json, depth: number): number {
  const shape = shapeOf(place);
  if (value === null) return shape.nullable || shape.kind === "null" || shape.kind === "json" ? FITS : MISFIT;
  switch (shape.kind) {
    case "text":
      return typeof value === "string" ? FITS + (shape.format === undefined ? 0 : formatScore(shape.format, value)) : MISFIT;
    case "number":
      if (shape.decimal && typeof value === "string") return FITS;
      if (!isNumber(value)) return MISFIT;
      return FITS + (shape.integer ? (/^-?\d+$/.test(JSON.stringify(value)) ? 1 : -FITS + 1) : 0);
    case "boolean":
      return typeof value === "boolean" ? FITS : MISFIT;
    case "null":
      return MISFIT;
    case "json":
      return FITS - 1;
    case "constant":
      return sameJson(value, shape.value) ? FITS + 2 : MISFIT;
    case "choice":
      return shape.options.some((option) => sameJson(option, value)) ? FITS + 1 : MISFIT;
    case "list":
      if (!Array.isArray(value)) return MISFIT;
      return partsScore(shape, value, depth);
    case "object":
      return isObject(value) ? membersScore(shape, value, depth) : MISFIT;
    case "dict":
      return isObject(value) ? partsScore(shape, value, depth) - 1 : MISFIT;
    case "union":
      return Math.max(...shape.branches.map((branch) => scoreOf(branch.place, value, depth)));
  }
}

function membersScore(shape: ObjectShape, value: { [key: string]: Json }, depth: number): number {
  const given = shape.members.filter((member) => Object.hasOwn(value, member.name)).length;
  const missing = shape.members.some((member) => member.required && !Object.hasOwn(value, member.name));
  const foreign = shape.closed && Object.keys(value).length > given;
  const score = partsScore(shape, value, depth) + given;
  return missing || foreign ? Math.min(score, FITS - 1) - (foreign ? 1 : 0) : score;
}

function partsScore(shape: Shape, value: Json, depth: number): number {
  if (depth >= MAX_DEPTH) return FITS;
  const scores = partsOf(shape, value).map((part) => scoreOf(part.place, part.value, depth + 1));
  const misfits = scores.filter((score) => score < FITS).length;
  return misfits === 0 ? FITS : Math.max(0, 100 - misfits);
}

const FORMATS: { readonly [format: string]: RegExp } = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  "date-time": /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/,
  time: /^\d{2}:\d{2}/,
  duration: /^[-+]?P/,
  uuid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
  uri: /^[a-z][a-z0-9+.-]*:/i,
  email: /@/,
};

function formatScore(format: string, text: string): number {
  const known = FORMATS[format];
  if (known === undefined) return 0;
  return known.test(text) ? 1 : -FITS / 2;
}
