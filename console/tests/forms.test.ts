import assert from "node:assert/strict";
import { test } from "node:test";
import { placeIssues } from "../src/forms/issues.ts";
import { branchOf } from "../src/forms/parts.ts";
import { shapeOf } from "../src/forms/schema.ts";
import { hasSecrets, maskSecrets, unmaskSecrets, withoutSecrets } from "../src/forms/secrets.ts";
import { seedBranch, seedItem, seedOf } from "../src/forms/seed.ts";
import type { ObjectShape, Place, Schema, Shape, UnionShape } from "../src/forms/shapes.ts";
import { type Json, parseJson, sameJson, writeJson } from "../src/json/digits.ts";
import { fill } from "./support/fill.ts";
import { CASES, caseOf } from "./support/fixtures.ts";

function member(place: Place, name: string): Shape {
  const found = (shapeOf(place) as ObjectShape).members.find((each) => each.name === name);
  assert.ok(found, name);
  return shapeOf(found.place);
}

const MAY_BE_JSON = new Set(["anything", "JSON", "list of anything", "open object", "everything"]);

function kindsBelow(place: Place, seen = new Set<Shape>()): string[] {
  const shape = shapeOf(place);
  if (seen.has(shape)) return [];
  seen.add(shape);
  const inner: (Place | undefined)[] =
    shape.kind === "object"
      ? [...shape.members.map((each) => each.place), shape.others]
      : shape.kind === "dict"
        ? [shape.values]
        : shape.kind === "list"
          ? [...shape.first, shape.rest]
          : shape.kind === "union"
            ? shape.branches.map((branch) => branch.place)
            : [];
  return [shape.kind, ...inner.flatMap((each) => (each === undefined ? [] : kindsBelow(each, seen)))];
}

for (const { name, place, values } of CASES) {
  test(`${name}: each value that pydantic takes can be given by the form, and is what it sends`, () => {
    for (const value of values) {
      const filled = fill(place, value);
      assert.ok(sameJson(filled, value), `${writeJson(filled)} for ${writeJson(value)}`);
      assert.ok(sameJson(parseJson(writeJson(filled)), value));
    }
  });

  test(`${name}: nothing falls back to a box of JSON that has a type`, () => {
    assert.equal(kindsBelow(place).includes("json"), MAY_BE_JSON.has(name));
  });
}

test("a form begins with structure and constants, and guesses no content", () => {
  const seed = seedOf(caseOf("everything").place);

  assert.deepEqual(seed, { address: {}, pair: [null, ""] });
  assert.deepEqual(seedOf(caseOf("recursion").place), {});
  assert.deepEqual(seedOf(caseOf("mutual recursion").place), {});
  assert.equal(seedOf(caseOf("enumeration of one").place), "one");
  assert.equal(seedOf(caseOf("text").place), undefined);
  assert.deepEqual(seedOf(caseOf("bounded list").place), ["", ""]);
  assert.equal(seedOf(caseOf("optional tagged union").place), undefined);
});

test("a branch begins with its tag, also where the model has a default for it", () => {
  const shape = shapeOf(caseOf("tagged union").place) as UnionShape;
  const seeds = shape.branches.map((branch) => seedBranch(branch, shape.tag));

  assert.equal(shape.tag, "kind");
  assert.deepEqual(seeds, [{ kind: "cat" }, { kind: "dog" }, { kind: "fox" }]);
  assert.deepEqual(
    shape.branches.map((branch) => branch.tags),
    [["cat"], ["dog"], ["fox", "vixen"]],
  );
});

test("constants that differ are a tag, although nobody declared one", () => {
  const shape = shapeOf(caseOf("union with tags that are numbers").place) as UnionShape;

  assert.equal(shape.tag, "kind");
  assert.equal(branchOf(shape, { kind: 2 }), 1);
  assert.equal(branchOf(shape, { kind: 3 }), undefined);
});

test("the branch of a value without a tag is the one that it fits best", () => {
  const models = shapeOf(caseOf("union of models").place) as UnionShape;
  const scalars = shapeOf(caseOf("union of scalars").place) as UnionShape;

  assert.deepEqual(
    [{ a: 1 }, { b: 1 }, { b: 1, shared: "s" }].map((value) => branchOf(models, value as Json)),
    [0, 1, 1],
  );
  assert.deepEqual(
    [1, "1", true].map((value) => branchOf(scalars, value)),
    [0, 1, 2],
  );
});

test("a title is the field's own; a model's names the model", () => {
  const place = caseOf("titles").place;

  assert.equal(member(place, "billing").title, "Billing address");
  assert.equal(member(place, "billing").description, "Where the bill goes");
  assert.equal(member(place, "shipping").title, undefined);
  assert.equal(member(place, "note").title, "Note");
  assert.deepEqual(member(place, "note").examples, ["leave at the door"]);
});

test("what is optional, secret, closed or deprecated is known", () => {
  const everything = caseOf("everything").place;

  assert.equal(member(everything, "secret").nullable, true);
  assert.equal(member(everything, "secret").secret, true);
  assert.equal(member(everything, "money").kind, "number");
  assert.equal(member(everything, "mixed").nullable, true);
  assert.equal(writeJson(member(everything, "huge").fallback), "9007199254740993");
  assert.equal((shapeOf(caseOf("closed object").place) as ObjectShape).closed, true);
  assert.equal(member(caseOf("deprecated and bounded").place, "old").deprecated, true);
  assert.equal((member(caseOf("deprecated and bounded").place, "new") as { bounds: string }).bounds, "≥ 1, ≤ 10, multiple of 1");
});

test("secrets are left out, masked, and found again behind their mask", () => {
  const place = caseOf("secrets").place;
  const value = { user: "ada", password: "hunter2", tokens: ["a", "b"] };

  assert.ok(hasSecrets(place, value));
  assert.deepEqual(withoutSecrets(place, value), { user: "ada", tokens: [null, null] });
  const masked = maskSecrets(place, value, "••••");
  assert.deepEqual(masked, { user: "ada", password: "••••", tokens: ["••••", "••••"] });
  assert.deepEqual(unmaskSecrets(place, masked, value, "••••"), value);
  assert.deepEqual(unmaskSecrets(place, { ...(masked as object), password: "new" }, value, "••••"), { ...value, password: "new" });
  assert.ok(!hasSecrets(caseOf("object").place, { street: "s" }));
});

test("faults stand at the field that shows them, also under keys with dots and slashes", () => {
  const place = caseOf("everything").place;
  const value = parseJson('{"labels":{"a.b":1,"c/d":2},"pet":{"kind":"cat","lives":"x"},"anything":{"deep":1},"secret":1}');
  const issue = (pointer: string | undefined) => ({ path: "p", message: `at ${pointer}`, code: "c", pointer });
  const placed = placeIssues(
    [
      issue("/input/labels/a.b"),
      issue("/input/labels/c~1d"),
      issue("/input/pet/lives"),
      issue("/input/pet/kind"),
      issue("/input/anything/deep/er"),
      issue("/input/text"),
      issue("/input/nowhere"),
      issue("/workflowId"),
      issue(undefined),
    ],
    "input",
    place,
    value,
  );

  assert.deepEqual([...placed.at.keys()], ["/labels/a.b", "/labels/c~1d", "/pet/lives", "/pet", "/anything", "/text", ""]);
  assert.deepEqual(placed.at.get("/anything"), ["deep.er: at /input/anything/deep/er"]);
  assert.deepEqual(placed.at.get(""), ["nowhere: at /input/nowhere"]);
  assert.deepEqual(
    placed.elsewhere.map((each) => each.pointer),
    ["/workflowId", undefined],
  );
});

test("items begin with what can be told apart from nothing", () => {
  assert.equal(seedItem(caseOf("text").place), "");
  assert.equal(seedItem(caseOf("integer").place), null);
  assert.deepEqual(seedItem(caseOf("object").place), {});
});

test("what takes nothing asks for nothing", () => {
  const schema: Schema = { type: ["null", "object"], maxProperties: 0 };

  assert.equal(shapeOf({ schema, root: schema }).kind, "null");
  assert.equal(seedOf({ schema, root: schema }), undefined);
});
