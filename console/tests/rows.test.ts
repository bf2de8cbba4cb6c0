import assert from "node:assert/strict";
import { test } from "node:test";
import { took } from "../src/parts/time.ts";
import { findNode, GROUPED_FROM, lastFailed, type Node, rowsOf, spanOf, usageOf } from "../src/story/rows.ts";

function node(id: string, facts: Partial<Node> = {}): Node {
  return { id, kind: "step", name: `w#${id}`, startedAt: 100, endedAt: 200, attributes: {}, children: [], ...facts } as Node;
}

test("rows are nested as the run was, and folded where somebody has folded them", () => {
  const root = node("r", { children: [node("a", { children: [node("b")] }), node("c")] });

  assert.deepEqual(
    rowsOf(root, new Set()).map((row) => [row.id, row.depth]),
    [
      ["a", 0],
      ["b", 1],
      ["c", 0],
    ],
  );
  assert.deepEqual(
    rowsOf(root, new Set(["a"])).map((row) => row.id),
    ["a", "c"],
  );
});

test("many of one name are one row, which unfolds with what failed and what runs first", () => {
  const many = Array.from({ length: GROUPED_FROM }, (_, at) => node(`n${at}`, { name: "w#touch", endedAt: 110 + at }));
  many[3] = node("n3", { name: "w#touch", error: { name: "E", message: "m" } });
  many[7] = node("n7", { name: "w#touch", endedAt: null });
  const root = node("r", { children: [node("first"), ...many, node("last")] });
  const rows = rowsOf(root, new Set());

  assert.deepEqual(
    rows.map((row) => row.kind),
    ["node", "group", "node"],
  );
  const group = rows[1];
  assert.ok(group?.kind === "group");
  assert.deepEqual(group.counts, { running: 1, completed: GROUPED_FROM - 2, failed: 1 });
  assert.equal(group.endedAt, undefined);
  assert.deepEqual(
    rowsOf(root, new Set([group.id]))
      .slice(2, 5)
      .map((row) => row.id),
    ["n3", "n7", "n0"],
  );
  assert.equal(rowsOf(node("r", { children: many.slice(1) }), new Set()).length, GROUPED_FROM - 1);
});

test("50,000 rows are laid out in a moment", () => {
  const root = node("r", {
    children: Array.from({ length: 50 }, (_, at) =>
      node(`p${at}`, { children: Array.from({ length: 1_000 }, (_each, n) => node(`c${at}.${n}`)) }),
    ),
  });

  assert.equal(rowsOf(root, new Set()).length, 50_050);
});

test("time goes from the first start to the last end, or to now", () => {
  assert.deepEqual(spanOf(node("r", { children: [node("late", { endedAt: 900 })] }), 500), { start: 100, end: 900 });
  assert.deepEqual(spanOf(node("r", { endedAt: null }), 500), { start: 100, end: 500 });
});

test("tokens and cost are summed up the tree", () => {
  const llm = (id: string) =>
    node(id, { kind: "llm", attributes: { "llm:usage": { input_tokens: 10, output_tokens: 2 }, "llm:cost": 0.5 } });

  assert.deepEqual(usageOf(node("r", { children: [node("s", { children: [llm("x"), llm("y")] })] })), { input: 20, output: 4, cost: 1 });
});

test("a node is found by its id, and the last failure by its state", () => {
  const failed = node("f", { error: { name: "E", message: "m" } });
  const root = node("r", { children: [node("a", { children: [node("deep")] }), failed, node("b")] });

  assert.equal(findNode(root, "deep")?.id, "deep");
  assert.equal(findNode(root, "nobody"), undefined);
  assert.equal(lastFailed(root), failed);
});

test("how long something took has a unit", () => {
  assert.deepEqual([0, 999, 1_000, 59_000, 125_000, 11_400_000, 200_000_000].map(took), [
    "0 ms",
    "999 ms",
    "1.0 s",
    "59.0 s",
    "2 min 5 s",
    "3 h 10 min",
    "2 d 7 h",
  ]);
});
