// Where a form may begin: empty, from a scenario of the project, from what the last runs were given.

import { useState } from "preact/hooks";
import { ask } from "../api/client.ts";
import { seedOf } from "../forms/seed.ts";
import type { Json } from "../json/digits.ts";
import { type RunRow, readLastRuns, runPath, type WorkflowEntry } from "./catalog.ts";
import { type Beginning, earlierInput, placeOfInput } from "./start.tsx";

const LAST = 5;

export function Presets({ entry, onPick }: { entry: WorkflowEntry; onPick: (beginning: Beginning) => void }) {
  const [runs, setRuns] = useState<readonly RunRow[]>();
  const place = placeOfInput(entry);
  const examples = entry.examples ?? [];
  const open = () => {
    if (runs === undefined) {
      setRuns([]);
      readLastRuns(entry.name, LAST).then(setRuns, () => setRuns([]));
    }
  };
  const pick = async (choice: string) => {
    const [kind, at] = choice.split(":");
    const example = examples[Number(at)];
    const run = runs?.[Number(at)];
    if (kind === "empty") onPick({ value: seedOf(place), note: undefined });
    else if (kind === "example" && example !== undefined) onPick({ value: example.input, note: `The scenario “${example.name}”.` });
    else if (kind === "run" && run !== undefined) {
      const { input } = await ask<{ input: Json }>("GET", `${runPath(run.workflowId, run.runId)}/input`);
      onPick(earlierInput(place, input, `The input of ${run.workflowId}.`));
    }
  };
  return (
    <label class="presets">
      <span>Begin with</span>
      <select
        class="input"
        value=""
        onFocus={open}
        onPointerEnter={open}
        onChange={(event) => {
          void pick(event.currentTarget.value);
          event.currentTarget.value = "";
        }}
      >
        <option value="" disabled>
          Choose…
        </option>
        <option value="empty">An empty form</option>
        {examples.length > 0 && (
          <optgroup label="Scenarios">
            {examples.map(({ name }, at) => (
              <option key={name} value={`example:${at}`}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
        {runs !== undefined && runs.length > 0 && (
          <optgroup label="Last runs">
            {runs.map((run, at) => (
              <option key={run.runId} value={`run:${at}`}>
                {new Date(run.startedAt).toLocaleString()} · {run.status} · {run.workflowId}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}
