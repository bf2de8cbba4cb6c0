// One run: where it stands, why it failed, what it did, and what it can be told.

import { useEffect, useState } from "preact/hooks";
import { type ApiError, ask } from "../api/client.ts";
import type { components } from "../api/types.d.ts";
import { type Json, writeJson } from "../json/digits.ts";
import { runPath, useLoaded } from "./catalog.ts";
import { MessagePanel } from "./message.tsx";
import { Ago, Failed, FailedPage, Loading, StatusWord } from "./states.tsx";

type Status = components["schemas"]["RunStatus"];
type Result = components["schemas"]["RunResult"];
type TraceNode = components["schemas"]["TraceNode"];

/** The description leaves open what else an error carries. */
interface RunFault {
  readonly name: string;
  readonly message: string;
  readonly activityType?: string;
}

interface Story {
  readonly status: Status;
  readonly workflowType: string;
  readonly input: Json;
  readonly result: Result | undefined;
  readonly steps: TraceNode | undefined;
}

const EVERY = 2_000;

export function RunPage({ workflowId, runId }: { workflowId: string; runId?: string | undefined }) {
  const [round, setRound] = useState(0);
  const path = runPath(workflowId, runId);
  const loaded = useLoaded(`run:${path}:${round}`, () => readStory(workflowId, path));
  const [shown, setShown] = useState<{ path: string; story: Story }>();
  const ready = loaded.state === "ready" ? loaded.value : undefined;
  useEffect(() => {
    if (ready !== undefined) setShown({ path, story: ready });
  }, [ready]);
  const story = ready ?? (shown?.path === path ? shown.story : undefined);
  const isOpen = story?.status.status === "running";
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => document.visibilityState === "visible" && setRound((each) => each + 1), EVERY);
    return () => clearInterval(timer);
  }, [isOpen]);
  if (story === undefined && loaded.state === "failed") return <FailedPage error={loaded.error} title={workflowId} />;
  if (story === undefined) return <Loading what={workflowId} />;
  const refresh = () => setRound((each) => each + 1);
  return (
    <section class="page run-page" aria-labelledby="page-title">
      <Head workflowId={workflowId} story={story} path={path} onChanged={refresh} />
      {loaded.state === "failed" && <Failed error={loaded.error} what="This may be out of date" />}
      <Outcome story={story} />
      <Steps root={story.steps} />
      <details class="part" open={!isOpen}>
        <summary>
          <h2>Input</h2>
        </summary>
        <Value value={story.input} />
      </details>
      {isOpen && (
        <section class="part">
          <h2>Messages</h2>
          <MessagePanel workflowId={workflowId} workflowType={story.workflowType} onSent={refresh} />
        </section>
      )}
    </section>
  );
}

async function readStory(workflowId: string, path: string): Promise<Story> {
  const status = await ask<Status>("GET", `${path}/status`);
  const pinned = runPath(workflowId, status.runId);
  const [{ input }, result, steps, type] = await Promise.all([
    ask<{ input: Json }>("GET", `${pinned}/input`),
    status.status === "running" ? undefined : ask<Result>("GET", `${pinned}/result`),
    ask<{ data: TraceNode }>("GET", `${pinned}/trace-log?values=none&partial=true`).then(
      ({ data }) => data,
      () => undefined, // tracing may be off
    ),
    readType(pinned),
  ]);
  return { status, input, result, steps, workflowType: type };
}

interface Started {
  readonly workflowExecutionStartedEventAttributes?: { readonly workflowType?: { readonly name?: string } };
}

async function readType(path: string): Promise<string> {
  const event = await ask<Started>("GET", `${path}/history/events/1`);
  return event.workflowExecutionStartedEventAttributes?.workflowType?.name ?? "";
}

function Head({ workflowId, story, path, onChanged }: { workflowId: string; story: Story; path: string; onChanged: () => void }) {
  const [error, setError] = useState<ApiError>();
  const { status, workflowType } = story;
  const act = (method: "PATCH" | "POST", word: string) => {
    ask(method, `${path}/${word}`, {}).then(onChanged, setError);
  };
  const again = `workflows/${encodeURIComponent(workflowType)}/start?${new URLSearchParams({ from: workflowId, run: status.runId })}`;
  return (
    <>
      <header class="page-head">
        <h1 id="page-title" class="mono">
          {workflowId}
        </h1>
        <StatusWord status={status.status} />
        <span class="muted">
          <a href={`workflows/${encodeURIComponent(workflowType)}`}>{workflowType}</a>, started{" "}
          <Ago moment={new Date(status.startedAt).toISOString()} />
          {status.completedAt != null && `, took ${took(status.completedAt - status.startedAt)}`}
        </span>
        <span class="page-actions">
          {status.status === "running" && (
            <>
              <button type="button" class="button small" onClick={() => act("PATCH", "stop")}>
                Stop
              </button>
              <button
                type="button"
                class="button small"
                onClick={() => confirm(`End ${workflowId} at once, without its clean-up?`) && act("POST", "terminate")}
              >
                Terminate
              </button>
            </>
          )}
          <a class="button small" href={again}>
            Run again…
          </a>
        </span>
      </header>
      {error !== undefined && <Failed error={error} what="That did not work" />}
    </>
  );
}

function took(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function Outcome({ story }: { story: Story }) {
  const { result, status } = story;
  if (status.problem != null) {
    return (
      <div class="banner is-bad" role="status">
        <strong>It does not get on.</strong> {status.problem.message}
      </div>
    );
  }
  if (result === undefined) return null;
  if (result.error != null) {
    const { name, message, activityType: step } = result.error as unknown as RunFault;
    return (
      <div class="banner is-bad">
        <strong>{name}</strong> {message}
        {step !== undefined && (
          <p class="muted">
            in <span class="mono">{step}</span>
          </p>
        )}
      </div>
    );
  }
  return (
    <section class="part">
      <h2>Output</h2>
      <Value value={result.output as Json} />
    </section>
  );
}

const MAX_SHOWN = 100_000;

function Value({ value }: { value: Json }) {
  const text = writeJson(value);
  return (
    <pre class="snippet mono" tabIndex={0} role="region" aria-label="Value as JSON">
      {text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}\n… ${text.length} characters` : text}
    </pre>
  );
}

function Steps({ root }: { root: TraceNode | undefined }) {
  const children = root?.children ?? [];
  if (children.length === 0) return null;
  return (
    <section class="part">
      <h2>
        Steps <span class="count">{children.length}</span>
      </h2>
      <ul class="runs-short">
        {children.slice(0, 200).map((node) => (
          <li key={node.id}>
            <StatusWord status={node.endedAt == null ? "running" : node.error == null ? "completed" : "failed"} />
            <span class="mono">
              {node.name.slice(node.name.indexOf("#") + 1)} <span class="muted">{node.label}</span>
            </span>
            <span class="muted">{node.endedAt == null ? "" : took(node.endedAt - node.startedAt)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
