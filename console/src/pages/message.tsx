// Talk to a run: a tab for each handler that its workflow published, with a form and what it answered.

import { useRef, useState } from "preact/hooks";
import { ApiError, apiRoot, ask } from "../api/client.ts";
import { needsLogin } from "../api/session.ts";
import { messageCalls } from "../forms/calls.ts";
import { ValueEditor } from "../forms/editor.tsx";
import { NO_ISSUES, type PlacedIssues, placeIssues } from "../forms/issues.ts";
import { shapeOf } from "../forms/schema.ts";
import { hasSecrets, withoutSecrets } from "../forms/secrets.ts";
import { seedOf } from "../forms/seed.ts";
import type { Place, Schema } from "../forms/shapes.ts";
import { CallSnippets } from "../forms/snippets.tsx";
import { type Json, writeJson } from "../json/digits.ts";
import { type HandlerEntry, readWorkflow, runPath, useLoaded } from "./catalog.ts";
import { FaultSummary, useFaultFocus } from "./faults.tsx";
import { Failed, Loading } from "./states.tsx";

type Kind = HandlerEntry["kind"] | "feedback";

interface Tab {
  readonly kind: Kind;
  readonly name: string;
  readonly description: string | null;
  readonly schema: Schema | null;
}
interface Sent {
  readonly at: Date;
  readonly tab: Tab;
  readonly payload: Json | undefined;
  readonly answer: Json | undefined;
  readonly error: string | undefined;
}
interface Props {
  readonly workflowId: string;
  readonly workflowType: string;
  readonly onSent?: (() => void) | undefined;
}

const ORDER = ["signal", "update", "query"] as const;
const FEEDBACK: Tab = {
  kind: "feedback",
  name: "feedback",
  description: "Answers the oldest wait of this run for feedback.",
  schema: null,
};

export function MessagePanel({ workflowId, workflowType, onSent }: Props) {
  const loaded = useLoaded(`messages:${workflowType}`, () => readWorkflow(workflowType));
  const [at, setAt] = useState(0);
  const [sent, setSent] = useState<readonly Sent[]>([]);
  if (loaded.state === "loading") return <Loading what="messages" />;
  if (loaded.state === "failed") return <Failed error={loaded.error} what="What this run can be told is not known" />;
  const tabs: Tab[] = [
    ...ORDER.flatMap((kind) => loaded.value.handlers.filter((handler) => handler.kind === kind)).map((handler) => ({
      kind: handler.kind,
      name: handler.name,
      description: handler.description,
      schema: handler.inputSchema,
    })),
    FEEDBACK,
  ];
  const tab = tabs[at] ?? FEEDBACK;
  return (
    <div class="messages">
      <div class="tabs" role="tablist" aria-label="Messages" onKeyDown={(event) => move(event, at, tabs.length, setAt)}>
        {tabs.map((each, index) => (
          <button
            key={`${each.kind}:${each.name}`}
            type="button"
            role="tab"
            id={`message-tab-${index}`}
            aria-selected={index === at}
            aria-controls="message-panel"
            tabIndex={index === at ? 0 : -1}
            class="tab"
            onClick={() => setAt(index)}
          >
            <span class="mono">{each.name}</span> {each.kind !== "feedback" && <small class="muted">{each.kind}</small>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="message-panel" aria-labelledby={`message-tab-${at}`}>
        <MessageForm
          key={`${tab.kind}:${tab.name}`}
          workflowId={workflowId}
          tab={tab}
          onSent={(message) => {
            setSent([message, ...sent]);
            onSent?.();
          }}
        />
      </div>
      {sent.length > 0 && <SentList sent={sent} />}
    </div>
  );
}

function move(event: KeyboardEvent, at: number, count: number, go: (at: number) => void): void {
  const steps: { [key: string]: number } = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: count - 1 };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const index = (next + count) % count;
  go(index);
  document.getElementById(`message-tab-${index}`)?.focus();
}

const VERBS: { readonly [kind in Kind]: string } = { signal: "Send", query: "Ask", update: "Update", feedback: "Answer" };

function MessageForm({ workflowId, tab, onSent }: { workflowId: string; tab: Tab; onSent: (sent: Sent) => void }) {
  const schema = tab.schema ?? true;
  const place: Place = { schema, root: schema };
  const takesNothing = tab.schema !== null && shapeOf(place).kind === "null";
  const root = useRef<HTMLFormElement>(null);
  const [value, setValue] = useState<Json | undefined>(() => (takesNothing ? undefined : seedOf(place)));
  const [issues, setIssues] = useState<PlacedIssues>(NO_ISSUES);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  useFaultFocus(root, issues);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    const payload = withoutSecrets(place, value);
    const path = `${runPath(workflowId)}/${tab.kind}${tab.kind === "feedback" ? "" : `/${encodeURIComponent(tab.name)}`}`;
    try {
      const answer = await ask("POST", path, value === undefined ? {} : { payload: value });
      setIssues(NO_ISSUES);
      setError(undefined);
      onSent({
        at: new Date(),
        tab,
        payload,
        answer: tab.kind === "query" || tab.kind === "update" ? answer : undefined,
        error: undefined,
      });
    } catch (failure) {
      const failed = ApiError.of(failure);
      setIssues(placeIssues(failed.issues, "payload", place, value));
      setError(failed);
      if (failed.issues.length === 0) onSent({ at: new Date(), tab, payload, answer: undefined, error: failed.message });
    } finally {
      setBusy(false);
    }
  };
  const calls = messageCalls({
    origin: apiRoot().href.replace(/\/$/, ""),
    needsToken: needsLogin(),
    workflowId,
    kind: tab.kind,
    name: tab.name,
    payload: withoutSecrets(place, value),
  });
  return (
    <form
      ref={root}
      noValidate
      aria-label={`${VERBS[tab.kind]} ${tab.name}`}
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void send();
      }}
    >
      {tab.description !== null && <p class="muted">{tab.description}</p>}
      <FaultSummary issues={issues} error={issues.at.size > 0 ? error : undefined} form={root} nothing="Nothing was sent." />
      {takesNothing ? (
        <p class="muted">It takes nothing.</p>
      ) : (
        <ValueEditor place={place} value={value} onChange={setValue} issues={issues} name="payload" />
      )}
      <footer class="form-bar">
        <button type="button" class="button primary" disabled={busy} onClick={() => void send()}>
          {VERBS[tab.kind]} {tab.name} <kbd>Ctrl ⏎</kbd>
        </button>
      </footer>
      <CallSnippets calls={calls} leavesOutSecrets={hasSecrets(place, value)} />
    </form>
  );
}

function SentList({ sent }: { sent: readonly Sent[] }) {
  return (
    <section class="sent" aria-label="Sent from here" aria-live="polite">
      <h3>Sent from here</h3>
      <ol>
        {sent.map((message) => (
          <li key={message.at.getTime()}>
            <span class="muted">{message.at.toLocaleTimeString()}</span> <span class="mono">{message.tab.name}</span>{" "}
            {message.payload !== undefined && <code>{writeJson(message.payload, "compact").slice(0, 200)}</code>}
            {message.answer !== undefined && <pre class="snippet mono answer">{writeJson(message.answer)}</pre>}
            {message.error !== undefined && <p class="fault">{message.error}</p>}
            {message.error === undefined && message.answer === undefined && <span class="ok"> delivered</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
