// Start a workflow from a form, or again with what another run was given.

import { useRef, useState } from "preact/hooks";
import { ApiError, apiRoot, ask } from "../api/client.ts";
import { needsLogin } from "../api/session.ts";
import { startCalls } from "../forms/calls.ts";
import { dropDraft, keepDraft, readDraft } from "../forms/drafts.ts";
import { ValueEditor } from "../forms/editor.tsx";
import { NO_ISSUES, type PlacedIssues, placeIssues } from "../forms/issues.ts";
import { shapeOf } from "../forms/schema.ts";
import { hasSecrets, withoutSecrets } from "../forms/secrets.ts";
import { seedOf } from "../forms/seed.ts";
import type { Place } from "../forms/shapes.ts";
import { CallSnippets } from "../forms/snippets.tsx";
import type { Json } from "../json/digits.ts";
import { navigate } from "../router.ts";
import { readWorkflow, runHref, runPath, useLoaded, type WorkflowEntry } from "./catalog.ts";
import { FaultSummary, useFaultFocus } from "./faults.tsx";
import { Presets } from "./presets.tsx";
import { FailedPage, Loading } from "./states.tsx";

interface Props {
  readonly name: string;
  /** The workflow ID of a run to begin with, and which of its runs. */
  readonly from?: string | undefined;
  readonly fromRun?: string | undefined;
}

export interface Beginning {
  readonly value: Json | undefined;
  /** Where it comes from, in words for the head of the form. */
  readonly note: string | undefined;
}

export function StartPage({ name, from, fromRun }: Props) {
  const loaded = useLoaded(`start:${name}:${from ?? ""}:${fromRun ?? ""}`, async () => {
    const entry = await readWorkflow(name);
    return { entry, beginning: await begin(entry, from, fromRun) };
  });
  if (loaded.state === "loading") return <Loading what={name} />;
  if (loaded.state === "failed") return <FailedPage error={loaded.error} title={`Start ${name}`} />;
  return <StartForm key={`${name}:${from ?? ""}`} entry={loaded.value.entry} beginning={loaded.value.beginning} />;
}

export function placeOfInput(entry: WorkflowEntry): Place {
  const schema = entry.inputSchema ?? true;
  return { schema, root: schema };
}

async function begin(entry: WorkflowEntry, from: string | undefined, fromRun: string | undefined): Promise<Beginning> {
  const place = placeOfInput(entry);
  if (from !== undefined) {
    const { input } = await ask<{ input: Json }>("GET", `${runPath(from, fromRun)}/input`);
    return earlierInput(place, input, `The input of ${from}.`);
  }
  const draft = readDraft(entry.name);
  if (draft !== undefined) return { value: draft, note: "What you had typed here before." };
  return { value: seedOf(place), note: undefined };
}

export function earlierInput(place: Place, input: Json, note: string): Beginning {
  const value = withoutSecrets(place, input);
  return { value, note: hasSecrets(place, input) ? `${note} Its secrets are not kept; give them again.` : note };
}

const POLICIES = {
  fail: "refuse",
  use_existing: "join the one that is running",
  terminate_existing: "end that one at once and start anew",
} as const;
type Policy = keyof typeof POLICIES;

function StartForm({ entry, beginning }: { entry: WorkflowEntry; beginning: Beginning }) {
  const place = placeOfInput(entry);
  const takesNothing = shapeOf(place).kind === "null";
  const root = useRef<HTMLFormElement>(null);
  const [value, setValue] = useState(beginning.value);
  const [note, setNote] = useState(beginning.note);
  const [round, setRound] = useState(0);
  const [workflowId, setWorkflowId] = useState("");
  const [policy, setPolicy] = useState<Policy>("fail");
  const [busy, setBusy] = useState<"start" | "check">();
  const [issues, setIssues] = useState<PlacedIssues>(NO_ISSUES);
  const [error, setError] = useState<ApiError>();
  const [checked, setChecked] = useState(false);

  const change = (next: Json | undefined) => {
    setValue(next);
    setChecked(false);
    keepDraft(entry.name, place, next);
  };
  const beginAnew = ({ value: next, note: said }: Beginning) => {
    change(next);
    setNote(said);
    setIssues(NO_ISSUES);
    setError(undefined);
    setRound(round + 1);
  };
  const body = () => {
    const fields: { [key: string]: Json } = { workflowName: entry.name };
    if (value !== undefined) fields.input = value;
    if (workflowId !== "") fields.workflowId = workflowId;
    if (policy !== "fail") fields.conflictPolicy = policy;
    return fields;
  };
  const tell = (faults: readonly ApiError["issues"][number][], failed: ApiError | undefined) => {
    setIssues(placeIssues(faults, "input", place, value));
    setError(failed);
  };
  const send = async (kind: "start" | "check") => {
    if (busy !== undefined) return;
    setBusy(kind);
    setChecked(false);
    try {
      if (kind === "check") {
        const { workflowName, input = null } = body() as { workflowName: string; input?: Json };
        const answer = await ask<{ valid: boolean; issues: ApiError["issues"] }>("POST", "workflow/validate", { workflowName, input });
        tell(answer.issues, undefined);
        setChecked(answer.valid);
      } else {
        const run = await ask<{ workflowId: string; runId: string }>("POST", "workflow/start", body());
        dropDraft(entry.name);
        navigate(runHref(run.workflowId, run.runId));
        return;
      }
    } catch (failure) {
      const failed = ApiError.of(failure);
      tell(failed.issues, failed);
    } finally {
      setBusy(undefined);
    }
  };
  useFaultFocus(root, issues);

  const shown = withoutSecrets(place, value);
  const calls = startCalls({
    origin: apiRoot().href.replace(/\/$/, ""),
    needsToken: needsLogin(),
    workflowName: entry.name,
    input: shown,
    workflowId,
    conflictPolicy: policy,
  });
  return (
    <form
      class="page start-page"
      ref={root}
      noValidate
      aria-labelledby="page-title"
      onSubmit={(event) => event.preventDefault()}
      // Enter in a field is a slip more often than a wish; the button and Ctrl+Enter are meant.
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void send("start");
        } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
      }}
    >
      <header class="page-head">
        <h1 id="page-title">
          Start{" "}
          <a href={`workflows/${encodeURIComponent(entry.name)}`} class="mono">
            {entry.name}
          </a>
        </h1>
        <Presets entry={entry} onPick={beginAnew} />
      </header>
      {note !== undefined && (
        <p class="note" role="status">
          {note}
        </p>
      )}
      <FaultSummary issues={issues} error={error} form={root} nothing="Nothing was started." />
      {takesNothing ? (
        <p class="muted">It takes no input.</p>
      ) : (
        <ValueEditor key={round} place={place} value={value} onChange={change} issues={issues} name="input" />
      )}
      <details class="more">
        <summary>More: workflow ID, and what to do when it is running</summary>
        <div class="fields">
          <div class="field">
            <span class="label">
              <label for="workflow-id">workflow ID</label>
            </span>
            <div class="control">
              <input
                id="workflow-id"
                class="input mono"
                value={workflowId}
                maxLength={255}
                placeholder="made by the server"
                autocomplete="off"
                spellcheck={false}
                onInput={(event) => setWorkflowId(event.currentTarget.value)}
              />
            </div>
          </div>
          <div class="field">
            <span class="label">
              <label for="conflict-policy">if that ID is running</label>
            </span>
            <div class="control">
              <select
                id="conflict-policy"
                class="input"
                value={policy}
                onChange={(event) => setPolicy(event.currentTarget.value as Policy)}
              >
                {Object.entries(POLICIES).map(([key, words]) => (
                  <option key={key} value={key}>
                    {words}
                  </option>
                ))}
              </select>
            </div>
          </div>
        </div>
      </details>
      <CallSnippets calls={calls} leavesOutSecrets={hasSecrets(place, value)} />
      <footer class="form-bar">
        <button type="button" class="button primary" disabled={busy !== undefined} onClick={() => void send("start")}>
          {busy === "start" ? "Starting…" : "Start"} <kbd>Ctrl ⏎</kbd>
        </button>
        <button type="button" class="button" disabled={busy !== undefined} onClick={() => void send("check")}>
          {busy === "check" ? "Checking…" : "Check"}
        </button>
        <span role="status" class="checked">
          {checked && "It fits."}
        </span>
      </footer>
    </form>
  );
}
