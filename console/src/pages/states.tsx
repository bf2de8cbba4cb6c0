// What a page shows while it has nothing yet, and when it gets nothing.

import type { ApiError } from "../api/client.ts";

export function Loading({ what }: { what: string }) {
  return (
    <p class="loading muted" role="status">
      Reading {what}…
    </p>
  );
}

export function Failed({ error, what }: { error: ApiError; what: string }) {
  return (
    <div class="banner is-bad" role="alert">
      <strong>{what}.</strong> <span>{error.message}</span>
      {error.status === 503 && <span class="muted"> Start a worker, or wait until it has published its catalog.</span>}
    </div>
  );
}

/** A page whose subject could not be read. */
export function FailedPage({ error, title }: { error: ApiError; title: string }) {
  return (
    <section class="page" aria-labelledby="page-title">
      <h1 id="page-title">{title}</h1>
      <Failed error={error} what="This could not be read" />
    </section>
  );
}

const WORDS: { readonly [status: string]: string } = {
  timed_out: "timed out",
  continued_as_new: "continued",
};

export function StatusWord({ status }: { status: string }) {
  return <span class={`state state-${status}`}>{WORDS[status] ?? status}</span>;
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** How long ago, with the exact moment behind it. */
export function Ago({ moment }: { moment: string }) {
  const seconds = (Date.parse(moment) - Date.now()) / 1_000;
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  const text = new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
  return (
    <time dateTime={moment} title={`${new Date(moment).toLocaleString()} · ${moment}`}>
      {text}
    </time>
  );
}
