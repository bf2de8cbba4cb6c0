// One run: where it stands, why it failed, what it did, and what it can be told.

import { useEffect, useState } from "preact/hooks";
import { type ApiError, ask } from "../api/client.ts";
import type { Json } from "../json/digits.ts";
import { Inspector, Value } from "../parts/inspector.tsx";
import { took } from "../parts/time.ts";
import { Waterfall } from "../parts/waterfall.tsx";
import { navigate } from "../router.ts";
import { type Story, useStory } from "../story/read.ts";
import { findNode, lastFailed, usageOf } from "../story/rows.ts";
import { runHref } from "./catalog.ts";
import { compareHref } from "./compare.tsx";
import { MessagePanel } from "./message.tsx";
import { Ago, Failed, FailedPage, Loading, StatusWord } from "./states.tsx";

interface Props {
  readonly workflowId: string;
  readonly runId?: string | undefined;
  /** The row that is looked at, as the address has it. */
  readonly chosen?: string | undefined;
}

export function RunPage({ workflowId, runId, chosen }: Props) {
  const { story, error, refresh } = useStory(workflowId, runId);
  const isOpen = story?.status.status === "running";
  const now = useNow(isOpen);
  if (story === undefined) return error === undefined ? <Loading what={workflowId} /> : <FailedPage error={error} title={workflowId} />;
  const choose = (id: string | undefined) => {
    const query = id === undefined ? "" : `?${new URLSearchParams({ row: id })}`;
    navigate(`${runHref(workflowId, story.status.runId)}${query}`, { replace: true });
  };
  const node = chosen === undefined || story.root === undefined ? undefined : findNode(story.root, chosen);
  return (
    <section class="page run-page" aria-labelledby="page-title">
      <Head workflowId={workflowId} story={story} now={now} onChanged={refresh} />
      {error !== undefined && <Failed error={error} what="This may be out of date" />}
      <Fault story={story} onChoose={choose} />
      {story.root === undefined ? (
        <p class="muted">What it did is not known: tracing was off when it started.</p>
      ) : (
        <div class={node === undefined ? "story" : "story is-inspected"}>
          <Waterfall root={story.root} now={now} chosen={chosen} onChoose={choose} />
          {node !== undefined && <Inspector path={story.path} outline={node} onClose={() => choose(undefined)} />}
        </div>
      )}
      <div class="values">
        <Value title="Input" value={story.input} />
        {story.result?.status === "completed" && <Value title="Output" value={story.result.output as Json} />}
      </div>
      {isOpen && (
        <section class="part">
          <h2>Messages</h2>
          <MessagePanel workflowId={workflowId} workflowType={story.workflowType} onSent={refresh} />
        </section>
      )}
    </section>
  );
}

/** The time by this page's clock, which goes on while something runs. */
function useNow(runs: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [runs]);
  return now;
}

function Head({ workflowId, story, now, onChanged }: { workflowId: string; story: Story; now: number; onChanged: () => void }) {
  const [error, setError] = useState<ApiError>();
  const { status, workflowType, path, root } = story;
  const act = (method: "PATCH" | "POST", word: string) => {
    ask(method, `${path}/${word}`, {}).then(onChanged, setError);
  };
  const again = `workflows/${encodeURIComponent(workflowType)}/start?${new URLSearchParams({ from: workflowId, run: status.runId })}`;
  const usage = root === undefined ? undefined : usageOf(root);
  return (
    <>
      <header class="page-head">
        <h1 id="page-title" class="mono">
          {workflowId}
        </h1>
        <StatusWord status={status.status} />
        <span class="muted">
          <a href={`workflows/${encodeURIComponent(workflowType)}`}>{workflowType}</a>, started{" "}
          <Ago moment={new Date(status.startedAt).toISOString()} />,{" "}
          {status.completedAt == null
            ? `running for ${took(Math.max(0, now - status.startedAt))}`
            : `took ${took(status.completedAt - status.startedAt)}`}
          {usage !== undefined && usage.input + usage.output > 0 && `, ${usage.input} → ${usage.output} tokens`}
          {usage !== undefined && usage.cost > 0 && `, cost ${usage.cost.toPrecision(3)}`}
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
          <a class="button small" href={`${runHref(workflowId, status.runId)}/reset`}>
            Reset…
          </a>
          <a class="button small" href={compareHref(workflowId, status.runId)}>
            Compare…
          </a>
          <a class="button small" href={again} data-key="r">
            Run again…
          </a>
        </span>
      </header>
      {error !== undefined && <Failed error={error} what="That did not work" />}
    </>
  );
}

/** The description leaves open what else an error carries. */
interface RunFault {
  readonly name: string;
  readonly message: string;
  readonly activityType?: string;
}

/** Why it failed, or does not get on, before all else. */
function Fault({ story, onChoose }: { story: Story; onChoose: (id: string) => void }) {
  const { result, status, root } = story;
  if (status.problem != null) {
    return (
      <div class="banner is-bad" role="status">
        <strong>It does not get on.</strong> {status.problem.message}
      </div>
    );
  }
  if (result?.error == null) return null;
  const { name, message, activityType: step } = result.error as unknown as RunFault;
  const row = root === undefined ? undefined : lastFailed(root);
  return (
    <div class="banner is-bad">
      <strong>{name}</strong> {message}
      {step !== undefined && (
        <p>
          in{" "}
          {row === undefined ? (
            <span class="mono">{step}</span>
          ) : (
            <button type="button" class="linklike mono" onClick={() => onChoose(row.id)}>
              {step}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
