// Two runs side by side: what went in, what came out, and how each step differs.

import { useState } from "preact/hooks";
import { ask } from "../api/client.ts";
import type { components } from "../api/types.d.ts";
import { diffJson } from "../json/diff.ts";
import { type Json, writeJson } from "../json/digits.ts";
import { took } from "../parts/time.ts";
import { navigate } from "../router.ts";
import { alignSteps, type Node, type Pair } from "../story/steps.ts";
import { runHref, runPath, useLoaded } from "./catalog.ts";
import { Ago, Failed, Loading, StatusWord } from "./states.tsx";
import "../styles/runs.css";

interface Side {
  readonly status: components["schemas"]["RunStatus"];
  readonly input: Json;
  readonly output: Json | undefined;
  readonly error: string | undefined;
  readonly steps: Node | undefined;
}

/** A run in an address: its workflow's ID, and after a slash its own. */
export function compareHref(workflowId: string, runId: string): string {
  return `compare?${new URLSearchParams({ a: `${workflowId}/${runId}` })}`;
}

const RUN_ID = /^(.+)\/([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i;

function pathOf(name: string): { readonly workflowId: string; readonly runId: string | undefined } {
  const found = RUN_ID.exec(name);
  return { workflowId: found?.[1] ?? name, runId: found?.[2] };
}

export function ComparePage({ query }: { query: URLSearchParams }) {
  const [a, b] = [query.get("a") ?? "", query.get("b") ?? ""];
  return (
    <section class="page compare-page" aria-labelledby="page-title">
      <header class="page-head">
        <h1 id="page-title">Compare two runs</h1>
      </header>
      <Picker key={`${a} ${b}`} a={a} b={b} />
      {a !== "" && b !== "" && <Comparison a={a} b={b} />}
    </section>
  );
}

function Picker({ a, b }: { a: string; b: string }) {
  const [first, setFirst] = useState(a);
  const [second, setSecond] = useState(b);
  return (
    <form
      class="picker"
      onSubmit={(event) => {
        event.preventDefault();
        navigate(`compare?${new URLSearchParams({ a: first.trim(), b: second.trim() })}`);
      }}
    >
      <RunInput letter="A" value={first} onValue={setFirst} />
      <RunInput letter="B" value={second} onValue={setSecond} />
      <button type="submit" class="button primary">
        Compare
      </button>
    </form>
  );
}

function RunInput({ letter, value, onValue }: { letter: string; value: string; onValue: (value: string) => void }) {
  return (
    <label>
      {letter}
      <input
        class="input mono"
        required
        placeholder="workflow ID, or workflow ID/run ID"
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </label>
  );
}

async function readSide(name: string): Promise<Side> {
  const { workflowId, runId } = pathOf(name);
  const status = await ask<Side["status"]>("GET", `${runPath(workflowId, runId)}/status`);
  const pinned = runPath(workflowId, status.runId);
  const [{ input }, result, steps] = await Promise.all([
    ask<{ input: Json }>("GET", `${pinned}/input`),
    status.status === "running"
      ? undefined
      : ask<{ output: Json; error?: { name: string; message: string } | null }>("GET", `${pinned}/result`),
    ask<{ data: Node }>("GET", `${pinned}/trace-log?values=none&partial=true`).then(
      ({ data }) => data,
      () => undefined, // tracing may be off
    ),
  ]);
  const error = result?.error == null ? undefined : `${result.error.name}: ${result.error.message}`;
  return { status, input, output: result?.output, error, steps };
}

function Comparison({ a, b }: { a: string; b: string }) {
  const loaded = useLoaded(`compare:${a} ${b}`, () => Promise.all([readSide(a), readSide(b)]));
  if (loaded.state === "loading") return <Loading what="both runs" />;
  if (loaded.state === "failed") return <Failed error={loaded.error} what="One of the runs could not be read" />;
  const [one, other] = loaded.value;
  return (
    <>
      <table class="table part">
        <thead>
          <tr>
            <td />
            <th scope="col">Run</th>
            <th scope="col">Status</th>
            <th scope="col">Started</th>
            <th scope="col" class="number">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          <SideRow letter="A" side={one} />
          <SideRow letter="B" side={other} />
        </tbody>
      </table>
      <Changes title="Input" a={one.input} b={other.input} />
      <Changes title="Output" a={one.output} b={other.output} />
      {one.steps !== undefined && other.steps !== undefined && <Steps a={one.steps} b={other.steps} />}
    </>
  );
}

function SideRow({ letter, side }: { letter: string; side: Side }) {
  const { workflowId, runId, status, startedAt, completedAt } = side.status;
  return (
    <tr>
      <th scope="row">{letter}</th>
      <td>
        <a class="mono" href={runHref(workflowId, runId)}>
          {workflowId}
        </a>
        {side.error !== undefined && <p class="fault">{side.error}</p>}
      </td>
      <td>
        <StatusWord status={status} />
      </td>
      <td class="muted">
        <Ago moment={new Date(startedAt).toISOString()} />
      </td>
      <td class="number">{completedAt == null ? "still running" : took(completedAt - startedAt)}</td>
    </tr>
  );
}

const MOST = 200;
const LONGEST = 300;

function Changes({ title, a, b }: { title: string; a: Json | undefined; b: Json | undefined }) {
  const changes = diffJson(a, b);
  return (
    <section class="part">
      <h2>
        {title} {changes.length > 0 && <span class="count">{changes.length}</span>}
      </h2>
      {changes.length === 0 && <p class="muted">{a === undefined ? "Neither has one." : "The same."}</p>}
      {changes.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={`${title}: differences`}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Place</th>
                <th scope="col">A</th>
                <th scope="col">B</th>
              </tr>
            </thead>
            <tbody>
              {changes.slice(0, MOST).map((change) => (
                <tr key={change.pointer}>
                  <th scope="row" class="mono">
                    {change.pointer === "" ? "all of it" : change.pointer}
                  </th>
                  <td class="mono">{short(change.before)}</td>
                  <td class="mono">{short(change.after)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {changes.length > MOST && <p class="muted">and {(changes.length - MOST).toLocaleString("en")} more</p>}
        </div>
      )}
    </section>
  );
}

function short(value: Json | undefined): string {
  if (value === undefined) return "–";
  const text = writeJson(value, "compact");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function Steps({ a, b }: { a: Node; b: Node }) {
  const pairs = alignSteps(a, b);
  const first = pairs.findIndex(isDifferent);
  return (
    <section class="part">
      <h2>
        Steps <span class="count">{pairs.length.toLocaleString("en")}</span>
      </h2>
      {pairs.length === 0 ? (
        <p class="muted">Neither has called a step.</p>
      ) : (
        <>
          <p class="muted">{first === -1 ? "Both did the same steps." : `They first differ at ${nameOf(pairs[first] as Pair)}.`}</p>
          <div class="table-scroll" tabIndex={0} role="region" aria-label="Steps of both runs">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Step</th>
                  <th scope="col">A</th>
                  <th scope="col">B</th>
                  <th scope="col" class="number">
                    Difference
                  </th>
                </tr>
              </thead>
              <tbody>
                {pairs.slice(0, MOST * 2).map((pair, index) => (
                  <tr key={nameOf(pair)} class={index === first ? "is-different" : ""}>
                    <th scope="row" class="mono">
                      {nameOf(pair)}
                    </th>
                    <td>{stateOf(pair.a)}</td>
                    <td>{stateOf(pair.b)}</td>
                    <td class="number">{delta(pair)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function nameOf(pair: Pair): string {
  return pair.occurrence === 1 ? pair.name : `${pair.name} (${pair.occurrence})`;
}

function isDifferent(pair: Pair): boolean {
  return (
    pair.a === undefined ||
    pair.b === undefined ||
    (pair.a.error == null) !== (pair.b.error == null) ||
    (pair.a.endedAt == null) !== (pair.b.endedAt == null)
  );
}

function stateOf(node: Node | undefined) {
  if (node === undefined) return <span class="muted">–</span>;
  if (node.endedAt == null) return <StatusWord status="running" />;
  return (
    <>
      <StatusWord status={node.error == null ? "completed" : "failed"} /> <span class="muted">{took(node.endedAt - node.startedAt)}</span>
    </>
  );
}

function delta({ a, b }: Pair): string {
  if (a?.endedAt == null || b?.endedAt == null) return "";
  const difference = b.endedAt - b.startedAt - (a.endedAt - a.startedAt);
  return difference === 0 ? "0 ms" : `${difference > 0 ? "+" : "−"}${took(Math.abs(difference))}`;
}
