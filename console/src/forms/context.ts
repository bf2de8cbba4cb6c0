// What every field of one form shares.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Json } from "../json/digits.ts";
import { type Path, pointerOf } from "../json/pointer.ts";
import { NO_ISSUES, type PlacedIssues } from "./issues.ts";
import type { Place } from "./shapes.ts";

/** What names a field: an element, by its id, or a text that is not to be seen. */
export type Name = { readonly "aria-labelledby": string } | { readonly "aria-label": string };

export interface FormFacts {
  readonly prefix: string;
  readonly issues: PlacedIssues;
}

export const FormContext = createContext<FormFacts>({ prefix: "form", issues: NO_ISSUES });

/** One field: where it stands, what it holds, and how it is changed; undefined means that nothing is sent. */
export interface ControlProps {
  readonly place: Place;
  readonly path: Path;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
  readonly named: Name;
}

export interface FieldState {
  readonly id: string;
  readonly faults: readonly string[];
}

export function useField(path: Path): FieldState {
  const { prefix, issues } = useContext(FormContext);
  const pointer = pointerOf(path);
  // Ids are given in lists, which spaces separate.
  const id = `${prefix}${pointer.replace(/\s/g, encodeURIComponent)}`;
  return { id, faults: issues.at.get(pointer) ?? [] };
}

/** Attributes that tie an input to its name, help and faults. */
export function described(id: string, named: Name, faults: readonly string[]) {
  return {
    id: `${id}:input`,
    ...named,
    "aria-describedby": faults.length > 0 ? `${id}:fault ${id}:help` : `${id}:help`,
    "aria-invalid": faults.length > 0,
  };
}
