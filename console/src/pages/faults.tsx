// What the server refused, above the form and at its fields.

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { ApiError } from "../api/client.ts";
import { NO_ISSUES, type PlacedIssues } from "../forms/issues.ts";
import { runHref } from "./catalog.ts";

interface Props {
  readonly issues: PlacedIssues;
  readonly error: ApiError | undefined;
  readonly form: RefObject<HTMLElement | null>;
  /** What has not happened. */
  readonly nothing: string;
}

export function FaultSummary({ issues, error, form, nothing }: Props) {
  const places = [...issues.at.keys()];
  const count = [...issues.at.values()].reduce((sum, messages) => sum + messages.length, issues.elsewhere.length);
  if (count === 0 && error === undefined) return null;
  return (
    <div class="banner is-bad" role="alert">
      {count > 0 ? (
        <>
          <strong>{count === 1 ? "One thing does not fit." : `${count} things do not fit.`}</strong> {nothing}
          <ul>
            {places.map((pointer) => (
              <li key={pointer}>
                <button type="button" class="linklike mono" onClick={() => focusField(form.current, pointer)}>
                  {pointer === "" ? "the value" : pointer.slice(1)}
                </button>{" "}
                {issues.at.get(pointer)?.join("; ")}
              </li>
            ))}
            {issues.elsewhere.map((issue) => (
              <li key={issue.path + issue.message}>
                <span class="mono">{issue.path}</span> {issue.message}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <strong>{error?.type === "" ? "It did not work." : error?.type}</strong> {error?.message}
        </>
      )}
      {error?.status === 409 && error.workflowId !== undefined && (
        <p>
          <a href={runHref(error.workflowId, error.runId)}>Open the run that has this ID</a>
        </p>
      )}
    </div>
  );
}

const INPUTS = "input, textarea, select, button.add";

/** The field that shows a fault, or the one that it lies in. */
function fieldAt(root: HTMLElement | null, pointer: string): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(pointer)}"]`) ?? null;
}

function focusField(root: HTMLElement | null, pointer: string): void {
  const field = fieldAt(root, pointer) ?? root;
  const input = field?.querySelector<HTMLElement>(INPUTS);
  input?.focus({ preventScroll: true });
  (input ?? field)?.scrollIntoView({ block: "center" });
}

/** Lead who filled in a form to the first field that does not fit, whenever there are new faults. */
export function useFaultFocus(root: RefObject<HTMLElement | null>, issues: PlacedIssues): void {
  useEffect(() => {
    if (issues !== NO_ISSUES) focusFirstFault(root.current);
  }, [root, issues]);
}

function focusFirstFault(root: HTMLElement | null): void {
  const field = root?.querySelector<HTMLElement>(".field.has-faults, .pair-value:has(> .faults > .fault)");
  const input = field?.querySelector<HTMLElement>(INPUTS);
  input?.focus({ preventScroll: true });
  input?.scrollIntoView({ block: "center" });
}
