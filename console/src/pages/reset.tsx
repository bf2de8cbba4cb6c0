// Going back in a run: from which step, what is kept, and what will be done again.

import { useState } from "preact/hooks";
import { ApiError, apiRoot, ask } from "../api/client.ts";
import { took } from "../parts/time.ts";
import { navigate } from "../router.ts";
import { counted, type Node, type ResetPoint, resetPoints } from "../story/steps.ts";
import { runHref, runPath, useLoaded } from "./catalog.ts";
import { Failed, FailedPage, Loading } from "./states.tsx";
import "../styles/runs.css";

export function ResetPage({ workflowId, runId, step }: { workflowId: string; runId: string; step: string | undefined }) {
  const path = runPath(workflowId, runId);
  const loaded = useLoaded(`reset:${path}`, async () => {
    const [{ status }, { data }] = await Promise.all([
      ask<{ status: string }>("GET", `${path}/status`),
      ask<{ data: Node }>("GET", `${path}/trace-log?values=none&partial=true`),
    ]);
    return { status, points: resetPoints(data) };
  });
  if (loaded.state === "loading") return <Loading what="its steps" />;
  if (loaded.state === "failed") return <FailedPage error={loaded.error} title={`Reset ${workflowId}`} />;
  const { points, status } = loaded.value;
  return (
    <section class="page reset-page" aria-labelledby="page-title">
      <header class="page-head">
        <h1 id="page-title">
          Reset <span class="mono">{workflowId}</span>
        </h1>
      </header>
      {points.length === 0 ? (
        <>
          <p>No step of this run has completed: there is nothing to go back to.</p>
          <p>
            <a href={runHref(workflowId, runId)}>Back to the run</a>
          </p>
        </>
      ) : (
        <Choice workflowId={workflowId} runId={runId} points={points} step={step} isOpen={status === "running"} />
      )}
    </section>
  );
}

interface ChoiceProps {
  readonly workflowId: string;
  readonly runId: string;
  readonly points: readonly ResetPoint[];
  readonly step: string | undefined;
  readonly isOpen: boolean;
}

function Choice({ workflowId, runId, points, step, isOpen }: ChoiceProps) {
  const [name, setName] = useState(points.find((point) => point.name === step)?.name ?? points.at(-1)?.name ?? "");
  const [reason, setReason] = useState("");
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const point = points.find((each) => each.name === name);
  const body = { stepName: name, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) };
  const reset = async () => {
    setBusy(true);
    try {
      const made = await ask<{ runId: string }>("POST", `${runPath(workflowId, runId)}/reset`, body);
      navigate(runHref(workflowId, made.runId));
    } catch (failure) {
      setError(ApiError.of(failure));
      setBusy(false);
    }
  };
  return (
    <form aria-label="Reset" onSubmit={(event) => event.preventDefault()}>
      <p>A new run knows all up to the completion of a step and does the rest again.{isOpen && " This one is terminated."}</p>
      <fieldset class="points">
        <legend class="sr-only">Go on after</legend>
        {points.map((each) => (
          <label key={each.name} class="point">
            <input type="radio" name="step" value={each.name} checked={each.name === name} onChange={() => setName(each.name)} />
            <span>
              after <span class="mono">{each.name}</span>
            </span>
            <span class="muted">took {took((each.node.endedAt ?? 0) - each.node.startedAt)}</span>
          </label>
        ))}
      </fieldset>
      {point !== undefined && (
        <div class="outlook" aria-live="polite">
          <Names title="Kept" names={counted(point.keeps)} none="nothing" />
          <Names title="Done again" names={counted(point.redoes)} none="none that had begun" note="with all that they call outside" />
        </div>
      )}
      <p class="hint">Signals and updates that came later are kept. Steps that had begun and were not reached by then are begun anew.</p>
      <div class="part">
        <label for="reset-reason">Reason</label>
        <input
          id="reset-reason"
          class="input reason"
          placeholder="kept in the run’s history"
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </div>
      {error !== undefined && <Failed error={error} what="It was not reset" />}
      <footer class="form-bar">
        <button type="button" class="button primary" disabled={busy} onClick={() => void reset()}>
          Reset after {name}
        </button>
        <a class="button" href={runHref(workflowId, runId)}>
          Cancel
        </a>
      </footer>
      <details>
        <summary>The same call for curl</summary>
        <pre class="snippet mono" tabIndex={0} role="region" aria-label="curl">
          {`curl -fsS '${new URL(`${runPath(workflowId, runId)}/reset`, apiRoot()).href}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`}
        </pre>
      </details>
    </form>
  );
}

function Names({ title, names, none, note }: { title: string; names: readonly string[]; none: string; note?: string }) {
  return (
    <section>
      <h2>{title}</h2>
      {names.length === 0 ? (
        <p class="muted">{none}</p>
      ) : (
        <>
          {note !== undefined && <p class="muted">{note}</p>}
          <ul class="mono">
            {names.slice(0, 100).map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
