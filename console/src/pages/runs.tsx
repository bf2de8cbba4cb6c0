// Runs in pages, filtered by what the address says.

import { useState } from "preact/hooks";
import { ApiError, ask } from "../api/client.ts";
import { navigate } from "../router.ts";
import { type RunRow, runHref, useLoaded } from "./catalog.ts";
import { Ago, Failed, Loading, StatusWord } from "./states.tsx";

interface Page {
  readonly runs: readonly RunRow[];
  readonly nextPageToken: string | null;
}

const STATES = ["running", "completed", "failed", "canceled", "terminated", "timed_out", "continued_as_new"] as const;
const FILTERS = ["workflowType", "status", "workflowId"] as const;

export function RunsPage({ query }: { query: URLSearchParams }) {
  const wanted = new URLSearchParams();
  for (const name of FILTERS) {
    const value = query.get(name);
    if (value !== null && value !== "") wanted.set(name, value);
  }
  const key = wanted.toString();
  const loaded = useLoaded(`runs:${key}`, () => readPage(wanted, undefined));
  const filter = (name: string, value: string) => {
    const next = new URLSearchParams(wanted);
    if (value === "") next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    navigate(text === "" ? "runs" : `runs?${text}`);
  };
  return (
    <section class="page" aria-labelledby="page-title">
      <header class="page-head">
        <h1 id="page-title">Runs</h1>
        <label class="presets">
          <span>Status</span>
          <select class="input" value={wanted.get("status") ?? ""} onChange={(event) => filter("status", event.currentTarget.value)}>
            <option value="">any</option>
            {STATES.map((state) => (
              <option key={state} value={state}>
                {state.replaceAll("_", " ")}
              </option>
            ))}
          </select>
        </label>
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
          <button type="button" class="button small" onClick={() => filter("workflowType", "")}>
            {wanted.get("workflowType")} ×
          </button>
        )}
      </header>
      {loaded.state === "loading" && <Loading what="runs" />}
      {loaded.state === "failed" && <Failed error={loaded.error} what="The runs could not be read" />}
      {loaded.state === "ready" && <Rows key={key} first={loaded.value} wanted={wanted} />}
    </section>
  );
}

async function readPage(wanted: URLSearchParams, token: string | undefined): Promise<Page> {
  const query = new URLSearchParams(wanted);
  query.set("limit", "100");
  if (token !== undefined) query.set("pageToken", token);
  return ask<Page>("GET", `workflow/runs?${query}`);
}

function Rows({ first, wanted }: { first: Page; wanted: URLSearchParams }) {
  const [pages, setPages] = useState<readonly Page[]>([first]);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const token = pages.at(-1)?.nextPageToken ?? undefined;
  const runs = pages.flatMap((page) => page.runs);
  const more = async () => {
    setBusy(true);
    try {
      setPages([...pages, await readPage(wanted, token)]);
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : undefined);
    } finally {
      setBusy(false);
    }
  };
  if (runs.length === 0) return <p class="empty muted">{wanted.size > 0 ? "No run fits these filters." : "Nothing has run yet."}</p>;
  return (
    <>
      <table class="table runs">
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Workflow ID</th>
            <th scope="col">Workflow</th>
            <th scope="col">Started</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.runId}>
              <td>
                <StatusWord status={run.status} />
              </td>
              <th scope="row" class="mono">
                <a href={runHref(run.workflowId, run.runId)}>{run.workflowId}</a>
              </th>
              <td>
                <a href={`runs?workflowType=${encodeURIComponent(run.workflowType)}`}>{run.workflowType}</a>
              </td>
              <td class="muted">
                <Ago moment={run.startedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {error !== undefined && <Failed error={error} what="No more could be read" />}
      {token !== undefined && (
        <p>
          <button type="button" class="button" disabled={busy} onClick={() => void more()}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}
