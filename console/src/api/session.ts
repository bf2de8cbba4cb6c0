// Who is logged in. The token goes to the server once; what comes back is a cookie that no script can read.

import { ask } from "./client.ts";

export interface Session {
  /** Null where nobody needs to log in. */
  readonly name: string | null;
  readonly scopes: readonly string[];
  readonly readOnly: boolean;
}

export function needsLogin(): boolean {
  return document.documentElement.dataset.mode === "production";
}

export function readSession(): Promise<Session> {
  return ask<Session>("GET", "console/session");
}

export async function login(token: string): Promise<void> {
  await ask("POST", "console/session", { token });
}

export async function logout(): Promise<void> {
  await ask("DELETE", "console/session");
}
