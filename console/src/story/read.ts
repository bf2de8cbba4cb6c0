// A run's story: read as a whole, and again when something has happened.

import { useEffect, useState } from "preact/hooks";
import { ApiError, ask } from "../api/client.ts";
import { follow, type Live } from "../api/live.ts";
import type { components } from "../api/types.d.ts";
import type { Json } from "../json/digits.ts";
import { runPath } from "../pages/catalog.ts";
import type { Node } from "./rows.ts";

export type Status = components["schemas"]["RunStatus"];
export type Result = components["schemas"]["RunResult"];

export interface Story {
  /** The API's path of this very run. */
  readonly path: string;
  readonly status: Status;
  readonly workflowType: string;
  readonly input: Json;
  readonly result: Result | undefined;
  /** Undefined where the run is not traced. */
  readonly root: Node | undefined;
}
export interface Reading {
  readonly story: Story | undefined;
  readonly error: ApiError | undefined;
  readonly refresh: () => void;
}

// An outline is made from the run's whole history: a long one is asked for less often than a short one.
const SOONEST = 300;
const LATEST = 2_000;
const SHARE = 5;

export function useStory(workflowId: string, runId: string | undefined): Reading {
  const [story, setStory] = useState<Story>();
  const [error, setError] = useState<ApiError>();
  const [refresh, setRefresh] = useState<() => void>(() => () => undefined);
  useEffect(() => {
    const reader = new StoryReader(workflowId, runId, setStory, setError);
    setRefresh(() => reader.wish);
    reader.wish();
    return reader.close;
  }, [workflowId, runId]);
  return { story, error, refresh };
}

class StoryReader {
  private story: Story | undefined;
  private live: Live | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private wished = false;
  private closed = false;
  private pause = 0;
  private readonly workflowId: string;
  private readonly runId: string | undefined;
  private readonly tell: (story: Story) => void;
  private readonly tellError: (error: ApiError | undefined) => void;

  constructor(
    workflowId: string,
    runId: string | undefined,
    tell: (story: Story) => void,
    tellError: (error: ApiError | undefined) => void,
  ) {
    this.workflowId = workflowId;
    this.runId = runId;
    this.tell = tell;
    this.tellError = tellError;
  }

  /** Read soon, once for all who wish it meanwhile. */
  readonly wish = (): void => {
    if (this.closed) return;
    this.wished = true;
    if (this.busy || this.timer !== undefined) return;
    this.timer = setTimeout(() => void this.read(), this.pause);
  };

  readonly close = (): void => {
    this.closed = true;
    clearTimeout(this.timer);
    this.live?.close();
  };

  private async read(): Promise<void> {
    this.timer = undefined;
    this.busy = true;
    this.wished = false;
    const began = performance.now();
    try {
      const story = await readStory(this.workflowId, this.runId, this.story);
      if (this.closed) return;
      this.story = story;
      this.tell(story);
      this.tellError(undefined);
      if (story.status.status === "running") this.live ??= follow(story.path, this.wish, this.wish);
      else this.live?.close();
    } catch (failure) {
      if (!this.closed) this.tellError(ApiError.of(failure));
    } finally {
      this.busy = false;
      this.pause = Math.min(LATEST, Math.max(SOONEST, (performance.now() - began) * SHARE));
      if (this.wished) this.wish();
    }
  }
}

async function readStory(workflowId: string, runId: string | undefined, before: Story | undefined): Promise<Story> {
  // Once it is known which run is the latest, the page stays with it.
  const status = await ask<Status>("GET", `${before?.path ?? runPath(workflowId, runId)}/status`);
  const path = runPath(workflowId, status.runId);
  const [input, workflowType] =
    before === undefined ? await Promise.all([readInput(path), readType(path)]) : [before.input, before.workflowType];
  const [result, root] = await Promise.all([
    status.status === "running" ? undefined : ask<Result>("GET", `${path}/result`),
    ask<{ data: Node }>("GET", `${path}/trace-log?values=none&partial=true`).then(
      ({ data }) => data,
      (error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return undefined;
        throw error;
      },
    ),
  ]);
  return { path, status, workflowType, input, result, root };
}

async function readInput(path: string): Promise<Json> {
  return (await ask<{ input: Json }>("GET", `${path}/input`)).input;
}

interface Started {
  readonly workflowExecutionStartedEventAttributes?: { readonly workflowType?: { readonly name?: string } };
}

async function readType(path: string): Promise<string> {
  const event = await ask<Started>("GET", `${path}/history/events/1`);
  return event.workflowExecutionStartedEventAttributes?.workflowType?.name ?? "";
}
