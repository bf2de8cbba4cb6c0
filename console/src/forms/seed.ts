// What a form begins with, and what "Add" adds: structure and constants, never a guess at content.

import { isObject, type Json, type JsonObject } from "../json/digits.ts";
import { shapeOf } from "./schema.ts";
import type { Branch, Place, Shape } from "./shapes.ts";

const MAX_ITEMS = 5;

/** The value of a part that is asked for; undefined where a person has to give it. */
export function seedOf(place: Place): Json | undefined {
  return seed(place, []);
}

/** The value of an item: lists have no gaps, so what is not given yet is an empty text or null. */
export function seedItem(place: Place): Json {
  return item(place, []);
}

/** The value of a branch that was just chosen, with its tag. */
export function seedBranch(branch: Branch, tag: string | undefined): Json | undefined {
  const value = seed(branch.place, [], true);
  const [meant] = branch.tags;
  if (tag === undefined || meant === undefined || !isObject(value)) return value;
  return { [tag]: meant, ...value };
}

function seed(place: Place, within: readonly Shape[], chosen = false): Json | undefined {
  const shape = shapeOf(place);
  if (within.includes(shape) || (shape.nullable && !chosen)) return undefined;
  const inner = [...within, shape];
  switch (shape.kind) {
    case "constant":
      return shape.value;
    case "null":
      return null;
    case "dict":
      return {};
    case "list": {
      const wanted = Math.min(Math.max(shape.least - shape.first.length, 0), MAX_ITEMS);
      const rest = shape.rest;
      return [
        ...shape.first.map((each) => item(each, inner)),
        ...(rest === undefined ? [] : Array.from({ length: wanted }, () => item(rest, inner))),
      ];
    }
    case "object": {
      const value: [string, Json][] = [];
      for (const member of shape.members) {
        const part = member.required ? seed(member.place, inner) : undefined;
        if (part !== undefined) value.push([member.name, part]);
      }
      return Object.fromEntries(value) as JsonObject;
    }
    default:
      return undefined;
  }
}

function item(place: Place, within: readonly Shape[]): Json {
  const shape = shapeOf(place);
  return seed(place, within) ?? (shape.kind === "text" && !shape.nullable ? "" : null);
}
