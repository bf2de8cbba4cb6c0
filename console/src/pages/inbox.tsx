// What waits for a person, in all runs, each with the form of its answer.

import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, ask } from "../api/client.ts";
import type { components } from "../api/types.d.ts";
import { ValueEditor } from "../forms/editor.tsx";
import { NO_ISSUES, type PlacedIssues, placeIssues } from "../forms/issues.ts";
import { seedOf } from "../forms/seed.ts";
import type { Place, Schema } from "../forms/shapes.ts";
import type { Json } from "../json/digits.ts";
import { runHref, runPath } from "./catalog.ts";
import { FaultSummary, useFaultFocus } from "./faults.tsx";
import { Ago, Failed, FailedPage, Loading } from "./states.tsx";

type Wait = components["schemas"]["RunWait"];

const EVERY = 5_000;

export function InboxPage() {
  const [waits, setWaits] = useState<readonly Wait[]>();
  const [error, setError] = useState<ApiError>();
  const [open, setOpen] = useState<string>();
  const [answered, setAnswered] = useState<string>();
  const read = () => {
    ask<Wait[]>("GET", "workflow/waits").then(
      (found) => {
        setWaits(found);
        setError(undefined);
      },
      (failure: unknown) => setError(ApiError.of(failure)),
    );
  };
  useEffect(() => {
    read();
    const timer = setInterval(() => document.visibilityState === "visible" && read(), EVERY);
    return () => clearInterval(timer);
  }, []);
  if (waits === undefined) return error === undefined ? <Loading what="what waits" /> : <FailedPage error={error} title="Inbox" />;
  return (
    <section class="page" aria-labelledby="page-title">
      <header class="page-head">
        <h1 id="page-title">Inbox</h1>
        <span class="count">{waits.length}</span>
      </header>
      {error !== undefined && <Failed error={error} what="This may be out of date" />}
      <p role="status" class="answered">
        {answered !== undefined && `Answered: ${answered}`}
      </p>
      {waits.length === 0 && <p class="empty muted">Nothing waits for anybody.</p>}
      <ul class="inbox">
        {waits.map((wait) => (
          <li key={wait.token}>
            <WaitRow wait={wait} isOpen={wait.token === open} onToggle={() => setOpen(wait.token === open ? undefined : wait.token)} />
            {wait.token === open && (
              <AnswerForm
                wait={wait}
                onDone={() => {
                  setAnswered(titleOf(wait));
                  setOpen(undefined);
                  setWaits(waits.filter((each) => each.token !== wait.token));
                  read();
                }}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function titleOf(wait: Wait): string {
  return wait.question ?? `${wait.workflowType} awaits feedback`;
}

function WaitRow({ wait, isOpen, onToggle }: { wait: Wait; isOpen: boolean; onToggle: () => void }) {
  const isLate = wait.deadline != null && Date.parse(wait.deadline) < Date.now();
  return (
    <div class="wait">
      <button type="button" class="linklike question" aria-expanded={isOpen} onClick={onToggle}>
        {titleOf(wait)}
      </button>
      <span class="muted">
        {wait.to != null && `to ${wait.to}, `}
        <a href={runHref(wait.workflowId, wait.runId)}>{wait.workflowId}</a>, since <Ago moment={wait.since} />
        {wait.deadline != null && (
          <>
            , {isLate ? "was due " : "due "}
            <Ago moment={wait.deadline} />
          </>
        )}
      </span>
    </div>
  );
}

function AnswerForm({ wait, onDone }: { wait: Wait; onDone: () => void }) {
  const schema = (wait.schema ?? true) as Schema;
  const place: Place = { schema, root: schema };
  const root = useRef<HTMLFormElement>(null);
  const [value, setValue] = useState<Json | undefined>(() => seedOf(place));
  const [issues, setIssues] = useState<PlacedIssues>(NO_ISSUES);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  useFaultFocus(root, issues);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    try {
      // A question checks its answer before the workflow gets it; feedback is taken as it is.
      if (wait.question != null) await ask("POST", `approve/${encodeURIComponent(wait.token)}`, value ?? null);
      else await ask("POST", `${runPath(wait.workflowId)}/feedback`, { token: wait.token, payload: value ?? null });
      onDone();
    } catch (failure) {
      const failed = ApiError.of(failure);
      setIssues(placeIssues(failed.issues, wait.question != null ? "answer" : "payload", place, value));
      setError(failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="messages"
      ref={root}
      noValidate
      aria-label={titleOf(wait)}
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void send();
      }}
    >
      <FaultSummary issues={issues} error={error} form={root} nothing="Nothing was answered." />
      <ValueEditor place={place} value={value} onChange={setValue} issues={issues} name="payload" />
      <footer class="form-bar">
        <button type="button" class="button primary" disabled={busy} onClick={() => void send()}>
          {busy ? "Answering…" : "Answer"} <kbd>Ctrl ⏎</kbd>
        </button>
      </footer>
    </form>
  );
}
