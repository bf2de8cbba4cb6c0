// Pages that read again while somebody looks, without losing what they show.

import { useEffect, useState } from "preact/hooks";
import type { Loaded } from "./catalog.ts";

interface Round<T> {
  readonly count: number;
  readonly next: () => void;
  /** What was read last, also while the next is read. */
  readonly keep: <Read extends T>(loaded: Loaded<Read>) => Read | undefined;
}

export function useRound<T>(every: number): Round<T> {
  const [count, setCount] = useState(0);
  const [kept] = useState<{ value: unknown }>({ value: undefined });
  const next = () => setCount((each) => each + 1);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && next(), every);
    return () => clearInterval(timer);
  }, [every]);
  return {
    count,
    next,
    keep: <Read extends T>(loaded: Loaded<Read>) => {
      if (loaded.state === "ready") kept.value = loaded.value;
      return kept.value as Read | undefined;
    },
  };
}
