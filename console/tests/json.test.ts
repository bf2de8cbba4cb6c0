import assert from "node:assert/strict";
import { test } from "node:test";
import { messageCalls, pythonLiteral, startCalls } from "../src/forms/calls.ts";
import { diffJson } from "../src/json/diff.ts";
import { isRawNumber, type Json, keepsDigits, numberText, parseJson, readNumber, sameJson, writeJson } from "../src/json/digits.ts";
import { parsePointer, pointerOf, valueAt, withMember } from "../src/json/pointer.ts";

test("numbers keep what was written", () => {
  const text = '{"id":9007199254740993,"price":1.50,"tiny":1e-7,"big":1e400,"plain":17,"zero":-0}';

  assert.ok(keepsDigits);
  assert.equal(writeJson(parseJson(text), "compact"), text);
  assert.equal(numberText(readNumber(" 12345678901234567890 ") as number), "12345678901234567890");
  assert.equal(readNumber("17"), 17);
  for (const none of ["", "007", "+1", "1,5", "1.", ".5", "NaN", "Infinity", "0x10", "1 2"]) assert.equal(readNumber(none), undefined);
});

test("a key may have any name", () => {
  const value = parseJson('{"__proto__":{"polluted":true},"":1,"constructor":2}');

  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  assert.equal(writeJson(withMember(value as { [key: string]: Json }, "__proto__", 3), "compact"), '{"__proto__":3,"":1,"constructor":2}');
  assert.equal(valueAt(value, ["toString"]), undefined);
});

test("pointers go both ways", () => {
  for (const path of [[], ["a.b", "c/d~e"], ["", 0]]) assert.deepEqual(parsePointer(pointerOf(path)), path.map(String));
});

test("values are the same whatever the order of their keys", () => {
  assert.ok(sameJson(parseJson('{"a":1,"b":[2]}'), parseJson('{"b":[2],"a":1}')));
  assert.ok(!sameJson(parseJson("9007199254740993"), parseJson("9007199254740992")));
  assert.ok(!sameJson(parseJson('{"a":1}'), parseJson('{"b":1}')));
  assert.ok(!sameJson({}, []));
});

test("a difference is told at its place; an item that was put in is one change", () => {
  const before = parseJson('{"a":1,"list":[{"id":1},{"id":2},{"id":3}],"gone":true}');
  const after = parseJson('{"a":2,"list":[{"id":1},{"id":9},{"id":2},{"id":3}],"new":null}');

  assert.deepEqual(
    diffJson(before, after).map(({ kind, pointer, before: old, after: now }) => [kind, pointer, old, now]),
    [
      ["changed", "/a", 1, 2],
      ["added", "/list/1", undefined, { id: 9 }],
      ["removed", "/gone", true, undefined],
      ["added", "/new", undefined, null],
    ],
  );
  assert.deepEqual(diffJson(before, before), []);
  assert.deepEqual(
    diffJson([1, { a: 1 }, 3], [1, { a: 2 }, 3]).map((change) => change.pointer),
    ["/1/a"],
  );
  assert.deepEqual(
    diffJson([1, 2, 3, 4], [2, 4]).map((change) => [change.kind, change.pointer]),
    [
      ["removed", "/0"],
      ["removed", "/2"],
    ],
  );
});

test("applying a difference by hand gives the other value", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const make = (depth: number): Json => {
    const kind = random(depth > 2 ? 3 : 5);
    if (kind < 3) return [random(3), `t${random(3)}`, null][kind] as Json;
    if (kind === 3) return Array.from({ length: random(4) }, () => make(depth + 1));
    return Object.fromEntries(Array.from({ length: random(4) }, () => [`k${random(4)}`, make(depth + 1)]));
  };
  for (let round = 0; round < 500; round += 1) {
    const [a, b] = [make(0), make(0)];
    assert.equal(diffJson(a, b).length === 0, sameJson(a, b), `${writeJson(a)} ${writeJson(b)}`);
  }
});

test("the same call for a shell and for a program", () => {
  const call = {
    origin: "http://localhost:3001",
    needsToken: true,
    workflowName: "greet",
    workflowId: "it's",
    conflictPolicy: "use_existing",
  };
  const calls = startCalls({ ...call, input: parseJson('{"name":"O\'Neil","n":9007199254740993,"ok":true,"none":null}') });

  assert.equal(
    calls.curl,
    `curl -fsS http://localhost:3001/workflow/start \\
  -H 'Content-Type: application/json' \\
  -H "Authorization: Bearer $OUTPUT_API_AUTH_TOKEN" \\
  -d '{"workflowName":"greet","input":{"name":"O'\\''Neil","n":9007199254740993,"ok":true,"none":null},"workflowId":"it'\\''s","conflictPolicy":"use_existing"}'`,
  );
  assert.equal(
    calls.cli,
    `output workflow start greet --input '{"name":"O'\\''Neil","n":9007199254740993,"ok":true,"none":null}' --workflow-id 'it'\\''s' --if-running use_existing`,
  );
  assert.ok(
    calls.python.includes(`client.start("greet", {"name": "O'Neil", "n": 9007199254740993, "ok": True, "none": None}, workflow_id="it's"`),
  );
  assert.ok(!startCalls({ ...call, needsToken: false, input: undefined }).curl.includes("Authorization"));
});

test("messages are such calls too", () => {
  const calls = messageCalls({ origin: "http://h", needsToken: false, workflowId: "a/b", kind: "update", name: "set", payload: 1 });

  assert.ok(calls.curl.startsWith("curl -fsS http://h/workflow/a%2Fb/update/set"));
  assert.equal(calls.cli, "output workflow update a/b set --payload 1");
  assert.ok(calls.python.includes('result = await client.runs.update("a/b", "set", 1)'));
});

test("long values are broken into lines in Python", () => {
  const text = pythonLiteral({ list: Array.from({ length: 30 }, (_, at) => at), raw: readNumber("1.50") as Json });

  assert.ok(text.split("\n").every((line) => line.length < 130));
  assert.ok(text.includes('"raw": 1.50'));
  assert.ok(isRawNumber(readNumber("1.50")));
});
