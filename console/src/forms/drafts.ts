// What was typed and not sent yet, kept for this tab alone and without its secrets.

import { type Json, parseJson, writeJson } from "../json/digits.ts";
import { withoutSecrets } from "./secrets.ts";
import type { Place } from "./shapes.ts";

const PREFIX = "output.draft:";

export function readDraft(name: string): Json | undefined {
  try {
    const text = sessionStorage.getItem(PREFIX + name);
    return text === null ? undefined : parseJson(text);
  } catch {
    return undefined;
  }
}

export function keepDraft(name: string, place: Place, value: Json | undefined): void {
  const kept = withoutSecrets(place, value);
  try {
    if (kept === undefined) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, writeJson(kept, "compact"));
  } catch {
    // Storage may be full or switched off; a draft is a convenience.
  }
}

export function dropDraft(name: string): void {
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch {
    // As above.
  }
}
