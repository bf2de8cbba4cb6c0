// Fills a form as a person would: from its seed, by the same steps as the inputs take.

import assert from "node:assert/strict";
import { branchOf, itemPlace } from "../../src/forms/parts.ts";
import { shapeOf } from "../../src/forms/schema.ts";
import { seedBranch, seedItem, seedOf } from "../../src/forms/seed.ts";
import type { ListShape, ObjectShape, Place, Shape } from "../../src/forms/shapes.ts";
import { isNumber, isObject, type Json, numberText, readNumber, sameJson } from "../../src/json/digits.ts";
import { withMember } from "../../src/json/pointer.ts";

/** The form's value once each field shows what `wanted` has there. Throws where a field cannot be given that. */
export function fill(place: Place, wanted: Json, before: Json | undefined = seedOf(place)): Json {
  const shape = shapeOf(place);
  if (wanted === null && shape.nullable) return null;
  switch (shape.kind) {
    case "text":
      assert.equal(typeof wanted, "string");
      return wanted;
    case "number":
      if (shape.decimal && typeof wanted === "string") return wanted;
      assert.ok(isNumber(wanted), `${JSON.stringify(wanted)} is no number`);
      return readNumber(numberText(wanted)) as Json;
    case "boolean":
      assert.equal(typeof wanted, "boolean");
      return wanted;
    case "null":
      assert.equal(wanted, null);
      return null;
    case "json":
      return wanted;
    case "constant":
      assert.ok(sameJson(wanted, shape.value));
      return shape.value;
    case "choice": {
      const chosen = shape.options.find((option) => sameJson(option, wanted));
      assert.notEqual(chosen, undefined, `${JSON.stringify(wanted)} is not offered`);
      return chosen as Json;
    }
    case "union": {
      const at = branchOf(shape, wanted);
      const branch = at === undefined ? undefined : shape.branches[at];
      assert.ok(branch, `no branch for ${JSON.stringify(wanted)}`);
      return fill(branch.place, wanted, seedBranch(branch, shape.tag));
    }
    case "list":
      return fillList(shape, wanted, before);
    case "object":
    case "dict":
      return fillMembers(shape, wanted, before);
  }
}

function fillList(shape: ListShape, wanted: Json, before: Json | undefined): Json {
  assert.ok(Array.isArray(wanted));
  const items = Array.isArray(before) ? before : [];
  return wanted.map((item, at) => {
    const place = itemPlace(shape, at);
    assert.ok(place, `there is no item ${at}`);
    return fill(place, item, items[at] ?? seedItem(place));
  });
}

function fillMembers(shape: Shape, wanted: Json, before: Json | undefined): Json {
  assert.ok(isObject(wanted));
  let value = isObject(before) ? before : {};
  for (const [key, member] of Object.entries(wanted)) {
    const place = shape.kind === "dict" ? shape.values : memberOf(shape as ObjectShape, key);
    assert.ok(place, `there is no field ${key}`);
    value = withMember(value, key, fill(place, member, Object.hasOwn(value, key) ? value[key] : seedOf(place)));
  }
  return value;
}

function memberOf(shape: ObjectShape, key: string): Place | undefined {
  return shape.members.find((member) => member.name === key)?.place ?? shape.others;
}
