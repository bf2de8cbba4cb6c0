// Which rows of a long table are in view, so that only those are in the page.

import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

const AHEAD = 15; // rows above and below what is seen
const FEW = 60; // rows that need no window

export interface Window {
  readonly first: number;
  readonly last: number;
  /** Heights of what is left out above and below, in px. */
  readonly above: number;
  readonly below: number;
}

/** The rows of a table that is scrolled with its page; all its rows have the height of the first one. */
export function useWindow(table: RefObject<HTMLTableSectionElement | null>, count: number): Window {
  const [range, setRange] = useState({ first: 0, last: FEW, height: 0 });
  useLayoutEffect(() => {
    const look = () => {
      const body = table.current;
      const height = body?.querySelector<HTMLTableRowElement>("tr[data-row]")?.offsetHeight ?? 0;
      if (body === null || height === 0) return;
      const top = -body.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor(top / height) - AHEAD);
      const last = Math.ceil((top + innerHeight) / height) + AHEAD;
      setRange((now) => (now.first === first && now.last === last && now.height === height ? now : { first, last, height }));
    };
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [count]);
  if (count <= FEW) return { first: 0, last: count, above: 0, below: 0 };
  const first = Math.min(range.first, Math.max(0, count - FEW));
  const last = Math.min(count, Math.max(range.last, first + FEW));
  return { first, last, above: first * range.height, below: (count - last) * range.height };
}
