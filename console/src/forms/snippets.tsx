// The call that the form makes, to take along.

import { useState } from "preact/hooks";
import type { Calls } from "./calls.ts";

const NAMES = { curl: "curl", cli: "Command line", python: "Python" } as const;

export function CallSnippets({ calls, leavesOutSecrets }: { calls: Calls; leavesOutSecrets: boolean }) {
  const [shown, setShown] = useState<keyof Calls>("curl");
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(calls[shown]);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <details class="calls">
      <summary>The same call as curl, command line, Python</summary>
      <div class="calls-bar">
        <span role="group" aria-label="Language">
          {(Object.keys(NAMES) as (keyof Calls)[]).map((name) => (
            <button key={name} type="button" class="tab" aria-pressed={shown === name} onClick={() => setShown(name)}>
              {NAMES[name]}
            </button>
          ))}
        </span>
        <button type="button" class="button small" onClick={copy}>
          {copied ? "Copied" : "Copy"}
        </button>
      </div>
      <pre class="snippet mono" tabIndex={0} role="region" aria-label={NAMES[shown]}>
        {calls[shown]}
      </pre>
      {leavesOutSecrets && <p class="hint">Secrets are left out.</p>}
    </details>
  );
}
