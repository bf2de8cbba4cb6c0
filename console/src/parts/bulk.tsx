// The same for many runs: four at a time, with progress, an end, and what failed.

import { useRef, useState } from "preact/hooks";
import { ApiError, ask } from "../api/client.ts";
import { type RunRow, runHref, runPath } from "../pages/catalog.ts";

const AT_ONCE = 4;
const ASKED_FROM = 10; // runs from which the word has to be typed

interface Action {
  readonly word: string;
  readonly done: string;
  readonly isHarsh: boolean;
  readonly run: (run: RunRow) => Promise<unknown>;
}
const ACTIONS: readonly Action[] = [
  { word: "Stop", done: "stopped", isHarsh: false, run: (run) => ask("PATCH", `${runPath(run.workflowId, run.runId)}/stop`) },
  {
    word: "Terminate",
    done: "terminated",
    isHarsh: true,
    run: (run) => ask("POST", `${runPath(run.workflowId, run.runId)}/terminate`, {}),
  },
];

interface Progress {
  readonly action: Action;
  readonly total: number;
  readonly done: number;
  readonly failed: readonly { readonly run: RunRow; readonly message: string }[];
  readonly isOver: boolean;
}

export function BulkBar({ chosen, onDone, onClear }: { chosen: readonly RunRow[]; onDone: () => void; onClear: () => void }) {
  const [progress, setProgress] = useState<Progress>();
  const isStopped = useRef(false);
  const open = chosen.filter((run) => run.status === "running");
  const act = async (action: Action, runs: readonly RunRow[]) => {
    isStopped.current = false;
    let state: Progress = { action, total: runs.length, done: 0, failed: [], isOver: false };
    setProgress(state);
    const waiting = [...runs];
    const work = async () => {
      for (let run = waiting.shift(); run !== undefined && !isStopped.current; run = waiting.shift()) {
        try {
          await action.run(run);
          state = { ...state, done: state.done + 1 };
        } catch (error) {
          const message = ApiError.of(error).message;
          state = { ...state, failed: [...state.failed, { run, message }] };
        }
        setProgress(state);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    setProgress({ ...state, isOver: true });
    onDone();
  };
  const begin = (action: Action) => {
    if (agrees(action, open.length)) void act(action, open);
  };
  if (chosen.length === 0 && progress === undefined) return null;
  return (
    <div class="bulk" role="region" aria-label="Chosen runs">
      {(progress === undefined || progress.isOver) && chosen.length > 0 && (
        <div class="bulk-line">
          <strong>{chosen.length.toLocaleString("en")} chosen</strong>
          {open.length < chosen.length && <span class="muted">{open.length === 0 ? "none is running" : `${open.length} running`}</span>}
          {ACTIONS.map((action) => (
            <button key={action.word} type="button" class="button small" disabled={open.length === 0} onClick={() => begin(action)}>
              {action.word} {open.length}
            </button>
          ))}
          <button type="button" class="button small" onClick={onClear}>
            Choose none
          </button>
        </div>
      )}
      {progress !== undefined && (
        <div class="bulk-line" role="status">
          <progress max={progress.total} value={progress.done + progress.failed.length} aria-label={progress.action.word} />
          <span>
            {progress.done} of {progress.total} {progress.action.done}
            {progress.failed.length > 0 && `, ${progress.failed.length} failed`}
          </span>
          {!progress.isOver && (
            <button type="button" class="button small" onClick={() => (isStopped.current = true)}>
              Do no more
            </button>
          )}
          {progress.isOver && progress.failed.length > 0 && (
            <button
              type="button"
              class="button small"
              onClick={() =>
                void act(
                  progress.action,
                  progress.failed.map((each) => each.run),
                )
              }
            >
              Try those again
            </button>
          )}
          {progress.isOver && (
            <button type="button" class="button small" onClick={() => setProgress(undefined)}>
              Close
            </button>
          )}
        </div>
      )}
      {progress !== undefined && progress.failed.length > 0 && (
        <ul class="bulk-failed">
          {progress.failed.slice(0, 20).map(({ run, message }) => (
            <li key={run.runId}>
              <a class="mono" href={runHref(run.workflowId, run.runId)}>
                {run.workflowId}
              </a>{" "}
              {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function agrees(action: Action, count: number): boolean {
  const what = `${action.word} ${count === 1 ? "1 run" : `${count} runs`}`;
  if (!action.isHarsh) return confirm(`${what}? Each ends with its clean-up.`);
  if (count < ASKED_FROM) return confirm(`${what}? Each ends at once, without its clean-up.`);
  return prompt(`${what} at once, without clean-up? Write “terminate” to do it.`)?.trim().toLowerCase() === "terminate";
}
