// One node of a run's story, with its values, which are read when they are looked at.

import { ask } from "../api/client.ts";
import { type Json, writeJson } from "../json/digits.ts";
import { useLoaded } from "../pages/catalog.ts";
import { Failed, Loading } from "../pages/states.tsx";
import { type Node, shortName, stateOf } from "../story/rows.ts";
import { took } from "./time.ts";

export function Inspector({ path, outline, onClose }: { path: string; outline: Node; onClose: () => void }) {
  // An open node is read again whenever its outline has changed.
  const loaded = useLoaded(`node:${path}:${outline.id}:${outline.endedAt ?? ""}`, async () => {
    const query = new URLSearchParams({ node: outline.id, partial: "true" });
    return (await ask<{ data: Node }>("GET", `${path}/trace-log?${query}`)).data;
  });
  return (
    <section class="inspector" aria-label={`Details of ${shortName(outline.name)}`}>
      <header>
        <h2 class="mono">{shortName(outline.name)}</h2>
        <span class={`state state-${stateOf(outline)}`}>{stateOf(outline)}</span>
        <button type="button" class="button small" aria-label="Close the details" onClick={onClose}>
          ×
        </button>
      </header>
      <dl>
        <dt>Kind</dt>
        <dd>{outline.kind}</dd>
        <dt>Started</dt>
        <dd>
          <time dateTime={new Date(outline.startedAt).toISOString()}>{new Date(outline.startedAt).toLocaleString()}</time>
        </dd>
        <dt>Took</dt>
        <dd>{outline.endedAt == null ? "still running" : took(outline.endedAt - outline.startedAt)}</dd>
      </dl>
      {loaded.state === "loading" && <Loading what="its values" />}
      {loaded.state === "failed" && <Failed error={loaded.error} what="Its values could not be read" />}
      {loaded.state === "ready" && <Values node={loaded.value} />}
    </section>
  );
}

function Values({ node }: { node: Node }) {
  const attributes = Object.entries(node.attributes ?? {});
  return (
    <>
      {node.error != null && (
        <div class="banner is-bad">
          <strong>{node.error.name}</strong> {node.error.message}
          {node.error.stack != null && (
            <pre class="snippet mono" tabIndex={0} role="region" aria-label="Stack">
              {node.error.stack}
            </pre>
          )}
        </div>
      )}
      <Value title="Input" label={`Input of ${shortName(node.name)}`} value={node.input as Json} />
      {node.endedAt != null && node.error == null && (
        <Value title="Output" label={`Output of ${shortName(node.name)}`} value={node.output as Json} />
      )}
      {attributes.length > 0 && (
        <>
          <h3>Attributes</h3>
          <dl class="attributes">
            {attributes.map(([name, value]) => (
              <div key={name}>
                <dt class="mono">{name}</dt>
                <dd class="mono">{typeof value === "string" ? value : writeJson(value as Json, "compact")}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </>
  );
}

const MAX_SHOWN = 100_000;

interface ValueProps {
  readonly title: string;
  readonly value: Json | undefined;
  /** What it is called among all values of the page; without one its title does. */
  readonly label?: string;
}

/** A value as JSON text, with what to take along. */
export function Value({ title, value, label }: ValueProps) {
  const text = value === undefined ? "" : writeJson(value);
  const Heading = label === undefined ? "h2" : "h3";
  return (
    <section class="value">
      <Heading>
        {title}
        <button
          type="button"
          class="button small"
          aria-label={`Copy ${(label ?? title).toLowerCase()}`}
          onClick={() => void navigator.clipboard.writeText(text)}
        >
          Copy
        </button>
      </Heading>
      <pre class="snippet mono" tabIndex={0} role="region" aria-label={label ?? `${title} as JSON`}>
        {text.length > MAX_SHOWN
          ? `${text.slice(0, MAX_SHOWN)}\n… ${text.length.toLocaleString("en")} characters; copy it to see all`
          : text}
      </pre>
    </section>
  );
}
