// What every field of one form shares.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Json } from "../json/digits.ts";
import { type Path, pointerOf } from "../json/pointer.ts";
import { NO_ISSUES, type PlacedIssues } from "./issues.ts";
import type { Place } from "./shapes.ts";

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
  /** The id of the element that names the field. */
  readonly labelledBy: string;
}

export interface FieldState {
  readonly id: string;
  readonly faults: readonly string[];
}

export function useField(path: Path): FieldState {
  const { prefix, issues } = useContext(FormContext);
  const pointer = pointerOf(path);
  return { id: `${prefix}${pointer}`, faults: issues.at.get(pointer) ?? [] };
}

/** Attributes that tie an input to its name, help and faults. */
export function described(id: string, labelledBy: string, faults: readonly string[]) {
  return {
    id: `${id}:input`,
    "aria-labelledby": labelledBy,
    "aria-describedby": faults.length > 0 ? `${id}:fault ${id}:help` : `${id}:help`,
    "aria-invalid": faults.length > 0,
  };
}
