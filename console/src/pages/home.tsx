// Whether anything is wrong, and what to look at first.

import { ask } from "../api/client.ts";
import type { components } from "../api/types.d.ts";
import { type RunRow, readCatalog, runHref, useLoaded } from "./catalog.ts";
import { useRound } from "./rounds.ts";
import { Ago, Failed, Loading } from "./states.tsx";
import "../styles/runs.css";

const DAY = 86_400_000;
const MOST = 1_000; // runs that one question counts

interface Counted {
  readonly runs: readonly RunRow[];
  readonly isMore: boolean;
}
interface Overview {
  readonly since: string;
  readonly running: Counted;
  readonly completed: number;
  readonly failed: Counted;
  readonly waits: number | undefined;
  readonly workflows: number | undefined;
}

export function HomePage() {
  const round = useRound(10_000);
  const loaded = useLoaded(`home:${round.count}`, readOverview);
  const shown = round.keep(loaded);
  return (
    <section class="page home" aria-labelledby="page-title">
      <header class="page-head">
        <h1 id="page-title">The last 24 hours</h1>
      </header>
      {loaded.state === "failed" && <Failed error={loaded.error} what="This could not be read" />}
      {shown === undefined && loaded.state === "loading" && <Loading what="runs" />}
      {shown !== undefined && <Board overview={shown} />}
    </section>
  );
}

async function readOverview(): Promise<Overview> {
  const since = new Date(Math.floor((Date.now() - DAY) / 60_000) * 60_000).toISOString();
  const [running, completed, failed, waits, workflows] = await Promise.all([
    readRuns({ status: "running", problems: "true", limit: "200" }),
    ask<components["schemas"]["RunCount"]>(
      "GET",
      `workflow/runs/count?${new URLSearchParams({ status: "completed", startedAfter: since })}`,
    ),
    readRuns({ status: "failed", startedAfter: since, limit: String(MOST) }),
    ask<components["schemas"]["RunWait"][]>("GET", "workflow/waits").then(
      (found) => found.length,
      () => undefined,
    ),
    readCatalog().then(
      (found) => found.length,
      () => undefined, // no worker has published what it offers
    ),
  ]);
  return { since, running, completed: completed.count, failed, waits, workflows };
}

async function readRuns(filters: Readonly<Record<string, string>>): Promise<Counted> {
  const page = await ask<{ runs: RunRow[]; nextPageToken: string | null }>("GET", `workflow/runs?${new URLSearchParams(filters)}`);
  return { runs: page.runs, isMore: page.nextPageToken !== null };
}

function Board({ overview: { since, running, completed, failed, waits, workflows } }: { overview: Overview }) {
  const stuck = running.runs.filter((run) => run.problem != null && run.problem.kind !== "near_limit");
  const isEmpty = running.runs.length + completed + failed.runs.length === 0;
  const after = encodeURIComponent(since);
  return (
    <>
      {workflows === undefined && (
        <p class="banner is-bad" role="status">
          <strong>No worker has published its workflows.</strong> What is started waits until one runs.
        </p>
      )}
      <div class="tiles">
        <Tile name="running now" href="runs?status=running" count={running.runs.length} isMore={running.isMore} />
        <Tile name="stuck now" href="#stuck" count={stuck.length} isMore={running.isMore && stuck.length > 0} isAlarm={stuck.length > 0} />
        <Tile
          name="failed"
          href={`runs?status=failed&startedAfter=${after}`}
          count={failed.runs.length}
          isMore={failed.isMore}
          isAlarm={failed.runs.length > 0}
        />
        <Tile name="completed" href={`runs?status=completed&startedAfter=${after}`} count={completed} />
        {waits !== undefined && (
          <a class="tile" href="inbox">
            <strong>{waits}</strong>
            <span class="muted">waiting for a person</span>
          </a>
        )}
      </div>
      {isEmpty && <FirstSteps />}
      {stuck.length > 0 && (
        <section class="part" id="stuck">
          <h2>Stuck now</h2>
          <ul class="plain-list">
            {stuck.slice(0, 20).map((run) => (
              <li key={run.runId}>
                <a class="mono" href={runHref(run.workflowId, run.runId)}>
                  {run.workflowId}
                </a>
                <span class="muted">
                  {run.workflowType} · <Ago moment={run.startedAt} />
                </span>
                <span class="problem">
                  {run.problem?.step != null && <span class="mono">{run.problem.step}: </span>}
                  {run.problem?.message}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {failed.runs.length > 0 && <Failing runs={failed.runs} after={after} />}
    </>
  );
}

interface TileProps {
  readonly name: string;
  readonly href: string;
  readonly count: number;
  readonly isMore?: boolean;
  readonly isAlarm?: boolean;
}

function Tile({ name, href, count, isMore = false, isAlarm = false }: TileProps) {
  const address = href.startsWith("#") ? `${location.pathname}${href}` : href;
  return (
    <a class={`tile${isAlarm ? " is-alarm" : ""}`} href={count === 0 && href.startsWith("#") ? "runs?status=running" : address}>
      <strong>
        {count.toLocaleString("en")}
        {isMore && "+"}
      </strong>
      <span class="muted">{name}</span>
    </a>
  );
}

/** Workflows whose runs failed, most first. */
function Failing({ runs, after }: { runs: readonly RunRow[]; after: string }) {
  const byType = new Map<string, RunRow[]>();
  for (const run of runs) byType.set(run.workflowType, [...(byType.get(run.workflowType) ?? []), run]);
  const sorted = [...byType].sort(([, a], [, b]) => b.length - a.length).slice(0, 10);
  return (
    <section class="part">
      <h2>Failed in the last 24 hours</h2>
      <ul class="plain-list">
        {sorted.map(([type, failed]) => {
          const last = failed.reduce((a, b) => (a.startedAt > b.startedAt ? a : b));
          return (
            <li key={type}>
              <a href={`runs?status=failed&workflowType=${encodeURIComponent(type)}&startedAfter=${after}`}>
                {type} <span class="count">{failed.length}</span>
              </a>
              <span class="muted">
                last: <a href={runHref(last.workflowId, last.runId)}>{last.workflowId}</a>, <Ago moment={last.startedAt} />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function FirstSteps() {
  return (
    <section class="part">
      <h2>Nothing has run yet</h2>
      <p>
        <a class="button primary" href="workflows">
          Start a workflow
        </a>
      </p>
      <p>Or from a terminal:</p>
      <dl class="commands">
        <dt>
          <code>output workflow list</code>
        </dt>
        <dd>what there is</dd>
        <dt>
          <code>output workflow run NAME --input FILE</code>
        </dt>
        <dd>start one and wait for it</dd>
        <dt>
          <code>output workflow runs list</code>
        </dt>
        <dd>what has run</dd>
      </dl>
    </section>
  );
}
