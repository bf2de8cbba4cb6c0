// What can be started.

import { useState } from "preact/hooks";
import { kindWord, shapeOf } from "../forms/schema.ts";
import type { Schema } from "../forms/shapes.ts";
import { readCatalog, summaryOf, useLoaded, type WorkflowEntry } from "./catalog.ts";
import { FailedPage, Loading } from "./states.tsx";

export function WorkflowsPage() {
  const loaded = useLoaded("catalog", readCatalog);
  const [wanted, setWanted] = useState("");
  if (loaded.state === "loading") return <Loading what="workflows" />;
  if (loaded.state === "failed") return <FailedPage error={loaded.error} title="Workflows" />;
  const entries = [...loaded.value].sort((a, b) => a.name.localeCompare(b.name));
  const shown = entries.filter((entry) => matches(entry, wanted));
  return (
    <section class="page" aria-labelledby="page-title">
      <header class="page-head">
        <h1 id="page-title">Workflows</h1>
        <span class="count">{entries.length}</span>
        {entries.length > 7 && (
          <input
            class="input filter"
            type="search"
            data-filter
            aria-label="Filter workflows"
            placeholder="Filter"
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        )}
      </header>
      {entries.length === 0 ? (
        <Empty />
      ) : (
        <div class="table-scroll">
          <table class="table workflows">
            <thead>
              <tr>
                <th scope="col">Workflow</th>
                <th scope="col">Description</th>
                <th scope="col">Takes</th>
                <th scope="col">Messages</th>
                <th scope="col">
                  <span class="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((entry) => (
                <WorkflowRow key={entry.name} entry={entry} />
              ))}
            </tbody>
          </table>
          {shown.length === 0 && <p class="muted">No workflow has “{wanted}” in its name or description.</p>}
        </div>
      )}
    </section>
  );
}

function WorkflowRow({ entry }: { entry: WorkflowEntry }) {
  const href = `workflows/${encodeURIComponent(entry.name)}`;
  return (
    <tr>
      <th scope="row">
        <a href={href}>{entry.name}</a>
        {entry.aliases.length > 0 && <small class="muted"> also {entry.aliases.join(", ")}</small>}
      </th>
      <td class="muted">{summaryOf(entry.description)}</td>
      <td class="mono takes">{takes(entry.inputSchema)}</td>
      <td class="muted">{entry.handlers.map((handler) => handler.name).join(", ")}</td>
      <td class="actions">
        <a class="button small" href={`${href}/start`} aria-label={`Start ${entry.name}`}>
          Start
        </a>
      </td>
    </tr>
  );
}

const MAX_NAMES = 8;

/** The input in few words: the names of its fields, those that may be left out with a mark. */
export function takes(schema: Schema | null): string {
  if (schema === null) return "any JSON";
  const shape = shapeOf({ schema, root: schema });
  if (shape.kind !== "object") return shape.kind === "null" ? "" : kindWord(shape);
  const names = shape.members.map((member) => (member.required ? member.name : `${member.name}?`));
  const more = names.length - MAX_NAMES;
  return more > 1 ? `${names.slice(0, MAX_NAMES).join(", ")} and ${more} more` : names.join(", ");
}

function matches(entry: WorkflowEntry, wanted: string): boolean {
  const text = `${entry.name} ${entry.aliases.join(" ")} ${entry.description ?? ""}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Empty() {
  return (
    <div class="empty">
      <p>The catalog is empty.</p>
      <p class="muted">
        Write a workflow in <code>workflows/</code>, or begin with <code>output init</code>; a worker publishes it within a second.
      </p>
    </div>
  );
}
