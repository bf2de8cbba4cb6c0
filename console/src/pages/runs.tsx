// Runs in pages, filtered by what the address says; what is new waits until it is asked for.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError, ask } from "../api/client.ts";
import { BulkBar } from "../parts/bulk.tsx";
import { took } from "../parts/time.ts";
import { useWindow } from "../parts/window.ts";
import { navigate } from "../router.ts";
import { type RunRow, runHref, useLoaded } from "./catalog.ts";
import { Ago, Failed, Loading, StatusWord } from "./states.tsx";
import "../styles/runs.css";

interface Page {
  readonly runs: readonly RunRow[];
  readonly nextPageToken: string | null;
}

const STATES = ["running", "completed", "failed", "canceled", "terminated", "timed_out", "continued_as_new"] as const;
const PROBLEMS = ["step_failing", "no_worker", "code_changed", "workflow_task_failing", "near_limit"] as const;
const SINCE = { "15 minutes": 900, hour: 3_600, "24 hours": 86_400, "7 days": 604_800 } as const;
const FILTERS = ["workflowType", "status", "workflowId", "problem", "startedAfter"] as const;
const EVERY = 5_000; // ms
const MOST_CHOSEN = 500;

export function RunsPage({ query }: { query: URLSearchParams }) {
  const wanted = new URLSearchParams();
  for (const name of FILTERS) {
    const value = query.get(name);
    if (value !== null && value !== "") wanted.set(name, value);
  }
  const [round, setRound] = useState(0);
  const key = wanted.toString();
  const loaded = useLoaded(`runs:${key}:${round}`, () => readPage(wanted, undefined));
  const filter = (name: string, value: string) => {
    const next = new URLSearchParams(wanted);
    if (value === "") next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    navigate(text === "" ? "runs" : `runs?${text}`);
  };
  return (
    <section class="page runs-page" aria-labelledby="page-title">
      <header class="page-head">
        <h1 id="page-title">Runs</h1>
        <Filters wanted={wanted} filter={filter} />
      </header>
      {loaded.state === "loading" && <Loading what="runs" />}
      {loaded.state === "failed" && <Failed error={loaded.error} what="The runs could not be read" />}
      {loaded.state === "ready" && (
        <Rows key={`${key}:${round}`} first={loaded.value} wanted={wanted} onReload={() => setRound((each) => each + 1)} />
      )}
    </section>
  );
}

function Filters({ wanted, filter }: { wanted: URLSearchParams; filter: (name: string, value: string) => void }) {
  const since = wanted.get("startedAfter");
  return (
    <div class="filters" role="search" aria-label="Filters">
      <Choice name="status" label="Status" none="any status" values={STATES} wanted={wanted} filter={filter} />
      <Choice name="problem" label="Problem" none="any problem" values={PROBLEMS} wanted={wanted} filter={filter} />
      <select
        class="input"
        aria-label="Started"
        value={since === null ? "" : "kept"}
        onChange={(event) => {
          const seconds = Number(event.currentTarget.value);
          filter("startedAfter", seconds > 0 ? new Date(Date.now() - seconds * 1_000).toISOString() : "");
        }}
      >
        <option value="">any time</option>
        {since !== null && <option value="kept">since {new Date(readMoment(since)).toLocaleString()}</option>}
        {Object.entries(SINCE).map(([words, seconds]) => (
          <option key={words} value={seconds}>
            last {words}
          </option>
        ))}
      </select>
      <input
        class="input filter mono"
        type="search"
        data-filter
        aria-label="Workflow ID"
        placeholder="workflow ID"
        value={wanted.get("workflowId") ?? ""}
        onChange={(event) => filter("workflowId", event.currentTarget.value.trim())}
      />
      {wanted.has("workflowType") && (
        <button
          type="button"
          class="button small"
          aria-label={`All workflows, not only ${wanted.get("workflowType")}`}
          onClick={() => filter("workflowType", "")}
        >
          {wanted.get("workflowType")} ×
        </button>
      )}
      {wanted.size > 0 && (
        <a class="quiet-link" href="runs">
          All runs
        </a>
      )}
    </div>
  );
}

function readMoment(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly none: string;
  readonly values: readonly string[];
  readonly wanted: URLSearchParams;
  readonly filter: (name: string, value: string) => void;
}

function Choice({ name, label, none, values, wanted, filter }: ChoiceProps) {
  return (
    <select class="input" aria-label={label} value={wanted.get(name) ?? ""} onChange={(event) => filter(name, event.currentTarget.value)}>
      <option value="">{none}</option>
      {values.map((value) => (
        <option key={value} value={value}>
          {value.replaceAll("_", " ")}
        </option>
      ))}
    </select>
  );
}

async function readPage(wanted: URLSearchParams, token: string | undefined): Promise<Page> {
  const query = new URLSearchParams(wanted);
  query.set("limit", "100");
  query.set("problems", "true");
  if (token !== undefined) query.set("pageToken", token);
  return ask<Page>("GET", `workflow/runs?${query}`);
}

/** The first page again every few seconds: what changed is shown, what is new is counted. */
function useNews(wanted: URLSearchParams, known: ReadonlyMap<string, RunRow>) {
  const [fresh, setFresh] = useState<ReadonlyMap<string, RunRow>>(new Map());
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState !== "visible") return;
      readPage(wanted, undefined).then(
        ({ runs }) => setFresh(new Map(runs.map((run) => [run.runId, run]))),
        () => undefined, // the next one may come through; what is shown stays
      );
    }, EVERY);
    return () => clearInterval(timer);
  }, []);
  const isNew = [...fresh.keys()].filter((runId) => !known.has(runId));
  return { fresh, news: isNew.length };
}

function Rows({ first, wanted, onReload }: { first: Page; wanted: URLSearchParams; onReload: () => void }) {
  const [pages, setPages] = useState<readonly Page[]>([first]);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const body = useRef<HTMLTableSectionElement>(null);
  const end = useRef<HTMLParagraphElement>(null);
  const byId = useMemo(() => new Map(pages.flatMap((page) => page.runs).map((run) => [run.runId, run])), [pages]);
  const { fresh, news } = useNews(wanted, byId);
  const runs = [...byId.values()].map((run) => fresh.get(run.runId) ?? run);
  const seen = useWindow(body, runs.length);
  const token = pages.at(-1)?.nextPageToken ?? undefined;
  const more = async () => {
    setBusy(true);
    try {
      const next = await readPage(wanted, token);
      setPages((now) => [...now, next]);
      setError(undefined);
    } catch (failure) {
      setError(ApiError.of(failure));
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    const mark = end.current;
    if (mark === null || token === undefined || busy || error !== undefined) return;
    const watch = new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting === true && void more(), { rootMargin: "600px" });
    watch.observe(mark);
    return () => watch.disconnect();
  }, [token, busy, error]);
  const choose = (ids: readonly string[], isChosen: boolean) => {
    const next = new Set(chosen);
    for (const id of ids)
      if (isChosen) next.add(id);
      else next.delete(id);
    setChosen(new Set([...next].slice(0, MOST_CHOSEN)));
  };
  if (runs.length === 0 && news === 0) return <Empty isFiltered={wanted.size > 0} />;
  const ids = runs.map((run) => run.runId);
  const isAll = chosen.size > 0 && ids.slice(0, MOST_CHOSEN).every((id) => chosen.has(id));
  return (
    <>
      <div class="news" aria-live="polite">
        {news > 0 && (
          <button type="button" class="button small" onClick={onReload}>
            {news >= 100 ? "100+" : news} new {news === 1 ? "run" : "runs"}: show
          </button>
        )}
      </div>
      <BulkBar chosen={runs.filter((run) => chosen.has(run.runId))} onDone={() => undefined} onClear={() => setChosen(new Set())} />
      <table class="table runs" aria-rowcount={token === undefined ? runs.length + 1 : -1}>
        <thead>
          <tr>
            <th scope="col" class="pick">
              <input
                type="checkbox"
                aria-label="Choose all that are shown"
                checked={isAll}
                onChange={(event) => choose(ids, event.currentTarget.checked)}
              />
            </th>
            <th scope="col">Status</th>
            <th scope="col">Workflow ID</th>
            <th scope="col">Workflow</th>
            <th scope="col">Started</th>
            <th scope="col" class="number">
              Took
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {seen.above > 0 && <Gap height={seen.above} />}
          {runs.slice(seen.first, seen.last).map((run, index) => (
            <Row
              key={run.runId}
              run={run}
              index={seen.first + index}
              isChosen={chosen.has(run.runId)}
              onChoose={(on) => choose([run.runId], on)}
            />
          ))}
          {seen.below > 0 && <Gap height={seen.below} />}
        </tbody>
      </table>
      {error !== undefined && <Failed error={error} what="No more could be read" />}
      <p ref={end} class="muted list-end" role="status">
        {busy ? "Reading more…" : token === undefined && runs.length > 20 ? `All ${runs.length.toLocaleString("en")} runs.` : ""}
        {error !== undefined && (
          <button type="button" class="button small" onClick={() => void more()}>
            Try again
          </button>
        )}
      </p>
    </>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr class="gap">
      {/* Nothing to read: what is scrolled past. */}
      <td colSpan={6} ref={(element) => element?.style.setProperty("height", `${height}px`)} />
    </tr>
  );
}

function Row({ run, index, isChosen, onChoose }: { run: RunRow; index: number; isChosen: boolean; onChoose: (on: boolean) => void }) {
  return (
    <tr data-row aria-rowindex={index + 2} aria-selected={isChosen} class={isChosen ? "is-chosen" : ""}>
      <td class="pick">
        <input
          type="checkbox"
          aria-label={`Choose ${run.workflowId}`}
          checked={isChosen}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      </td>
      <td class="status">
        <StatusWord status={run.status} />
      </td>
      <th scope="row" class="id">
        <a class="mono" href={runHref(run.workflowId, run.runId)} title={run.workflowId}>
          {run.workflowId}
        </a>
        {run.problem != null && (
          <span class="problem" title={run.problem.message}>
            {" "}
            ⚠ {run.problem.kind.replaceAll("_", " ")}
            {run.problem.step !== null && ` · ${run.problem.step}`}
          </span>
        )}
      </th>
      <td class="type">
        <a class="quiet-link" href={`runs?workflowType=${encodeURIComponent(run.workflowType)}`}>
          {run.workflowType}
        </a>
      </td>
      <td class="muted when">
        <Ago moment={run.startedAt} />
      </td>
      <td class="muted number took">{run.completedAt === null ? "" : took(Date.parse(run.completedAt) - Date.parse(run.startedAt))}</td>
    </tr>
  );
}

function Empty({ isFiltered }: { isFiltered: boolean }) {
  return (
    <div class="empty">
      <p class="muted">{isFiltered ? "No run fits these filters." : "Nothing has run yet."}</p>
      <p>{isFiltered ? <a href="runs">Show all runs</a> : <a href="workflows">Start a workflow</a>}</p>
    </div>
  );
}
