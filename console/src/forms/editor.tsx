// Form and JSON: two views of one value.

import { useMemo, useState } from "preact/hooks";
import { type Json, keepsDigits } from "../json/digits.ts";
import { Form } from "./form.tsx";
import { useJsonText } from "./inputs/json.tsx";
import type { PlacedIssues } from "./issues.ts";
import { hasSecrets, maskSecrets, unmaskSecrets } from "./secrets.ts";
import type { Place } from "./shapes.ts";

const MASK = "••••••";

interface Props {
  readonly place: Place;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
  readonly issues: PlacedIssues;
  /** `input` or `payload`. */
  readonly name: string;
}

export function ValueEditor(props: Props) {
  const [view, setView] = useState<"form" | "json">("form");
  return (
    <div class={`value-editor shows-${view}`}>
      <div class="view-switch" role="group" aria-label="View">
        {(["form", "json"] as const).map((each) => (
          <button key={each} type="button" class="tab" aria-pressed={view === each} onClick={() => setView(each)}>
            {each === "form" ? "Form" : "JSON"}
          </button>
        ))}
      </div>
      <div class="form-view">
        <Form {...props} />
      </div>
      <div class="json-view">
        <JsonView {...props} />
      </div>
    </div>
  );
}

function JsonView({ place, value, onChange, name }: Props) {
  const masked = useMemo(() => maskSecrets(place, value, MASK), [place, value]);
  const { text, fault, write } = useJsonText(masked, (typed) => onChange(unmaskSecrets(place, typed, value, MASK)));
  return (
    <>
      <label class="json-label" for={`${name}:json`}>
        JSON
      </label>
      <textarea
        id={`${name}:json`}
        class="input mono"
        spellcheck={false}
        autocomplete="off"
        aria-invalid={fault !== undefined}
        aria-describedby={`${name}:json-note`}
        placeholder="nothing is sent"
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
      />
      <div id={`${name}:json-note`} aria-live="polite">
        {fault !== undefined && <p class="fault">This is no JSON yet, and the form keeps what it had: {fault}</p>}
        {hasSecrets(place, value) && <p class="hint">Secrets are shown as dots.</p>}
        {!keepsDigits && <p class="fault">This browser rounds numbers of more than 15 digits; give those as text, or use a newer one.</p>}
      </div>
    </>
  );
}
