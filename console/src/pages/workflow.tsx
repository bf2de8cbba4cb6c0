// One workflow: what it takes and gives, what it can be told, what it does, how it went lately.

import type { ComponentChildren } from "preact";
import { SchemaTable } from "../forms/table.tsx";
import { type ActivityEntry, type HandlerEntry, readLastRuns, readWorkflow, runHref, useLoaded, type WorkflowEntry } from "./catalog.ts";
import { Ago, Failed, FailedPage, Loading, StatusWord } from "./states.tsx";
import { takes } from "./workflows.tsx";

export function WorkflowPage({ name }: { name: string }) {
  const loaded = useLoaded(`workflow:${name}`, () => readWorkflow(name));
  if (loaded.state === "loading") return <Loading what={name} />;
  if (loaded.state === "failed") return <FailedPage error={loaded.error} title={name} />;
  const entry = loaded.value;
  return (
    <section class="page workflow-page" aria-labelledby="page-title">
      <header class="page-head">
        <h1 id="page-title" class="mono">
          {entry.name}
        </h1>
        <span class="muted mono">{entry.path}</span>
        <a class="button primary" href={`workflows/${encodeURIComponent(entry.name)}/start`}>
          Start…
        </a>
      </header>
      {entry.aliases.length > 0 && <p class="muted">Also known as {entry.aliases.join(", ")}.</p>}
      <Description text={entry.description} />
      <LastRuns name={entry.name} />
      <Part title="Input">
        <SchemaTable schema={entry.inputSchema} empty="It takes no input." label="Fields of the input" />
      </Part>
      <Part title="Output">
        <SchemaTable schema={entry.outputSchema} empty="It gives nothing back." label="Fields of the output" />
      </Part>
      <Handlers entry={entry} />
      <Steps entry={entry} />
    </section>
  );
}

function Part({ title, count, children }: { title: string; count?: number; children: ComponentChildren }) {
  return (
    <section class="part">
      <h2>
        {title} {count !== undefined && <span class="count">{count}</span>}
      </h2>
      {children}
    </section>
  );
}

/** Text as it was written: paragraphs apart, lines within one together. */
function Description({ text }: { text: string | null }) {
  if (text === null || text.trim() === "") return null;
  return (
    <div class="description">
      {text.split(/\n\s*\n/).map((paragraph) => (
        <p key={paragraph}>{paragraph.trim()}</p>
      ))}
    </div>
  );
}

const SHOWN_RUNS = 5;

function LastRuns({ name }: { name: string }) {
  const loaded = useLoaded(`runs:${name}`, () => readLastRuns(name, SHOWN_RUNS));
  return (
    <Part title="Last runs">
      {loaded.state === "loading" && <Loading what="runs" />}
      {loaded.state === "failed" && <Failed error={loaded.error} what="The runs could not be read" />}
      {loaded.state === "ready" && loaded.value.length === 0 && <p class="muted">It has not run yet.</p>}
      {loaded.state === "ready" && loaded.value.length > 0 && (
        <>
          <ul class="runs-short">
            {loaded.value.map((run) => (
              <li key={run.runId}>
                <StatusWord status={run.status} />
                <a class="mono" href={runHref(run.workflowId, run.runId)}>
                  {run.workflowId}
                </a>
                <span class="muted">
                  <Ago moment={run.startedAt} />
                </span>
              </li>
            ))}
          </ul>
          <p>
            <a href={`runs?workflowType=${encodeURIComponent(name)}`}>All runs of {name}</a>
          </p>
        </>
      )}
    </Part>
  );
}

function Handlers({ entry }: { entry: WorkflowEntry }) {
  if (entry.handlers.length === 0) return null;
  return (
    <Part title="Messages" count={entry.handlers.length}>
      <ul class="entries">
        {entry.handlers.map((handler) => (
          <Entry key={`${handler.kind}:${handler.name}`} entry={handler} tag={handler.kind} answers={handler.kind !== "signal"} />
        ))}
      </ul>
    </Part>
  );
}

function Steps({ entry }: { entry: WorkflowEntry }) {
  if (entry.activities.length === 0) return null;
  return (
    <Part title="Steps" count={entry.activities.length}>
      <ul class="entries">
        {entry.activities.map((step) => (
          <Entry key={step.name} entry={step} answers />
        ))}
      </ul>
    </Part>
  );
}

function Entry({ entry, tag, answers }: { entry: ActivityEntry | HandlerEntry; tag?: string; answers: boolean }) {
  return (
    <li>
      <details>
        <summary>
          {tag !== undefined && <span class="tag">{tag}</span>} <span class="mono">{entry.name}</span>{" "}
          <span class="muted mono">({takes(entry.inputSchema)})</span> <span class="muted">{entry.description?.split("\n")[0]}</span>
        </summary>
        <h3>Takes</h3>
        <SchemaTable schema={entry.inputSchema} empty="Nothing." label={`What ${entry.name} takes`} />
        {answers && (
          <>
            <h3>Gives</h3>
            <SchemaTable schema={entry.outputSchema} empty="Nothing." label={`What ${entry.name} gives`} />
          </>
        )}
      </details>
    </li>
  );
}
