// Where the server's faults belong in a form.

import type { Json } from "../json/digits.ts";
import { parsePointer, pointerOf, valueAt } from "../json/pointer.ts";
import { placeOf } from "./parts.ts";
import { shapeOf } from "./schema.ts";
import type { Place } from "./shapes.ts";

export interface Issue {
  readonly path: string;
  readonly message: string;
  readonly code: string;
  readonly pointer?: string | null | undefined;
}
/** Messages by the pointer of the field that shows them, and those that no field does. */
export interface PlacedIssues {
  readonly at: ReadonlyMap<string, readonly string[]>;
  readonly elsewhere: readonly Issue[];
}

export const NO_ISSUES: PlacedIssues = { at: new Map(), elsewhere: [] };

/** Faults of a request whose `field` (`input`, `payload`) is the value of the form. */
export function placeIssues(issues: readonly Issue[], field: string, place: Place, value: Json | undefined): PlacedIssues {
  const at = new Map<string, string[]>();
  const elsewhere: Issue[] = [];
  for (const issue of issues) {
    const [head, ...keys] = parsePointer(issue.pointer ?? "");
    if (head !== field) {
      elsewhere.push(issue);
      continue;
    }
    const shown = shownPath(place, value, keys);
    const below = keys.slice(shown.length).join(".");
    const pointer = pointerOf(shown);
    at.set(pointer, [...(at.get(pointer) ?? []), below === "" ? issue.message : `${below}: ${issue.message}`]);
  }
  return { at, elsewhere };
}

/** How far down a path there are fields: hidden tags, and what the form shows as JSON, are told above. */
function shownPath(root: Place, value: Json | undefined, keys: readonly string[]): string[] {
  const shown: string[] = [];
  let place = root;
  for (const key of keys) {
    const here = valueAt(value, shown);
    const shape = shapeOf(place);
    const next = placeOf(shape, here, key);
    if (next === undefined || shapeOf(next).kind === "constant" || (shape.kind === "union" && shape.tag === key)) return shown;
    shown.push(key);
    place = next;
  }
  return shown;
}
