// What the workflow pages read.

import { useEffect, useState } from "preact/hooks";
import { ApiError, ask } from "../api/client.ts";
import type { components } from "../api/types.d.ts";
import type { Schema } from "../forms/shapes.ts";
import type { Json } from "../json/digits.ts";

type Schemas = components["schemas"];
/** A shape of the description with some members told more exactly; a member that it has no more is a fault here. */
type Refined<Shape, Members extends { [Name in keyof Members]: Name extends keyof Shape ? unknown : never }> = Omit<Shape, keyof Members> &
  Members;
interface Described {
  readonly description: string | null;
  readonly inputSchema: Schema | null;
  readonly outputSchema: Schema | null;
}
export type ActivityEntry = Refined<Schemas["ActivityEntry"], Described>;
export type HandlerEntry = Refined<Schemas["HandlerEntry"], Described>;
export type RunRow = Schemas["RunSummary"];
export type Example = Refined<Schemas["WorkflowExample"], { readonly input: Json }>;
export type WorkflowEntry = Refined<
  Schemas["WorkflowEntry"],
  Described & {
    readonly aliases: readonly string[];
    readonly activities: readonly ActivityEntry[];
    readonly handlers: readonly HandlerEntry[];
    readonly examples: readonly Example[];
  }
>;

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly error: ApiError }
  | { readonly state: "ready"; readonly value: T };

/** What a question answers; asked anew when its key changes. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [found, setFound] = useState<{ key: string; loaded: Loaded<T> }>({ key, loaded: { state: "loading" } });
  useEffect(() => {
    let isCurrent = true;
    const tell = (loaded: Loaded<T>) => isCurrent && setFound({ key, loaded });
    tell({ state: "loading" });
    load().then(
      (value) => tell({ state: "ready", value }),
      (error: unknown) => tell({ state: "failed", error: ApiError.of(error) }),
    );
    return () => {
      isCurrent = false;
    };
    // The key says all that the question depends on.
  }, [key]);
  return found.key === key ? found.loaded : { state: "loading" };
}

export async function readCatalog(): Promise<readonly WorkflowEntry[]> {
  const { workflows } = await ask<{ workflows: WorkflowEntry[] }>("GET", "workflow/catalog");
  return workflows;
}

/** The entry of a name or an alias. */
export async function readWorkflow(name: string): Promise<WorkflowEntry> {
  const found = (await readCatalog()).find((entry) => entry.name === name || entry.aliases.includes(name));
  if (found === undefined) throw new ApiError(404, { message: `The catalog has no workflow “${name}”.` }, "");
  return found;
}

export async function readLastRuns(workflow: string, limit: number): Promise<readonly RunRow[]> {
  const query = new URLSearchParams({ workflowType: workflow, limit: String(limit) });
  return (await ask<{ runs: RunRow[] }>("GET", `workflow/runs?${query}`)).runs;
}

export function runPath(workflowId: string, runId?: string): string {
  return runId === undefined ? `workflow/${encodeURIComponent(workflowId)}` : `workflow/${encodeURIComponent(workflowId)}/runs/${runId}`;
}

/** Where in the console a run is. */
export function runHref(workflowId: string, runId?: string): string {
  return runId === undefined ? `runs/${encodeURIComponent(workflowId)}` : `runs/${encodeURIComponent(workflowId)}/${runId}`;
}

/** The first paragraph of a description. */
export function summaryOf(description: string | null | undefined): string {
  return (description ?? "").split(/\n\s*\n/)[0]?.trim() ?? "";
}
