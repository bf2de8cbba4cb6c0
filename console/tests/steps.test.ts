import assert from "node:assert/strict";
import { test } from "node:test";
import { alignSteps, counted, type Node, resetPoints } from "../src/story/steps.ts";

function step(name: string, startedAt: number, endedAt: number | null, error?: string): Node {
  return {
    id: `${name}:${startedAt}`,
    kind: "step",
    name: `flow#${name}`,
    startedAt,
    endedAt,
    error: error ? { name: error, message: "" } : null,
  } as Node;
}

function run(...children: Node[]): Node {
  return { id: "r", kind: "workflow", name: "flow", startedAt: 0, endedAt: 100, children } as Node;
}

test("a reset keeps what had completed with its step and redoes the rest, also what ran beside it", () => {
  const points = resetPoints(run(step("a", 0, 10), step("b", 10, 20), step("beside", 5, 30), step("c", 20, 40, "Broken")));
  assert.deepEqual(
    points.map((point) => [point.name, counted(point.keeps), counted(point.redoes)]),
    [
      ["a", ["a"], ["beside", "b", "c"]],
      ["b", ["a", "b"], ["beside", "c"]],
      ["beside", ["a", "beside", "b"], ["c"]],
    ],
  );
});

test("of several occurrences the one that completed last is the point", () => {
  const [point] = resetPoints(run(step("a", 0, 10), step("a", 10, 20), step("a", 20, 30, "Broken")));
  assert.equal(point?.node.startedAt, 10);
  assert.deepEqual(counted(point?.keeps ?? []), ["a × 2"]);
});

test("a run without a completed step has no point to go back to", () => {
  assert.deepEqual(resetPoints(run(step("a", 0, null), step("b", 0, 9, "Broken"))), []);
});

test("steps are aligned by name and occurrence; what one run alone has stays beside its neighbour", () => {
  const a = run(step("a", 0, 1), step("b", 1, 2), step("a", 2, 3));
  const b = run(step("a", 0, 1), step("new", 1, 2), step("b", 2, 3), step("late", 3, 4));
  assert.deepEqual(
    alignSteps(a, b).map((pair) => [pair.name, pair.occurrence, pair.a !== undefined, pair.b !== undefined]),
    [
      ["a", 1, true, true],
      ["new", 1, false, true],
      ["b", 1, true, true],
      ["late", 1, false, true],
      ["a", 2, true, false],
    ],
  );
});
