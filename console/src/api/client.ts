// The API as the console asks it: same origin, JSON that keeps its digits, errors as the server words them.

import { isObject, type Json, parseJson, writeJson } from "../json/digits.ts";

export interface ApiIssue {
  readonly path: string;
  readonly message: string;
  readonly code: string;
  readonly pointer?: string | null;
}

/** An answer that is none of success: what the server said, or that it said nothing. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly issues: readonly ApiIssue[];
  readonly workflowId: string | undefined;
  readonly runId: string | undefined;

  constructor(status: number, body: Json | undefined, fallback: string) {
    const facts = isObject(body) ? body : {};
    super(typeof facts.message === "string" ? facts.message : fallback);
    this.status = status;
    this.type = typeof facts.error === "string" ? facts.error : "";
    this.issues = (Array.isArray(facts.issues) ? facts.issues : []) as unknown as ApiIssue[];
    this.workflowId = typeof facts.workflowId === "string" ? facts.workflowId : undefined;
    this.runId = typeof facts.runId === "string" ? facts.runId : undefined;
  }

  /** Whatever was thrown, as an error that pages can show. */
  static of(failure: unknown): ApiError {
    return failure instanceof ApiError ? failure : new ApiError(0, undefined, String(failure));
  }
}

/** Told to the window when the server wants to know who asks. */
export const SIGNED_OUT = "output:signed-out";

/** Where the API begins: one level above the console. */
export function apiRoot(): URL {
  return new URL("../", document.baseURI);
}

export async function ask<T = Json>(method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: Json): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET") headers["x-output-console"] = "1";
  if (body !== undefined) headers["content-type"] = "application/json";
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== undefined) init.body = writeJson(body, "compact");
  let response: Response;
  try {
    response = await fetch(new URL(path.replace(/^\//, ""), apiRoot()), init);
  } catch {
    throw new ApiError(0, undefined, "The server does not answer.");
  }
  const text = await response.text();
  const read = text === "" ? undefined : readJson(text);
  if (response.status === 401) dispatchEvent(new Event(SIGNED_OUT));
  if (!response.ok) throw new ApiError(response.status, read, `The server answered ${response.status}.`);
  return read as T;
}

function readJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
