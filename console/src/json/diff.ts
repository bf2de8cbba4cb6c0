// What changed between two JSON values, place by place.

import { isObject, type Json, type JsonObject, sameJson } from "./digits.ts";
import { type Path, pointerOf } from "./pointer.ts";

export interface Change {
  readonly kind: "added" | "removed" | "changed";
  readonly pointer: string;
  readonly path: Path;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

const MAX_ALIGNED = 400;

/** All changes from one value to the other; items of lists are aligned, so that one that was put in is one change. */
export function diffJson(before: Json | undefined, after: Json | undefined, path: Path = []): Change[] {
  if (sameJson(before, after)) return [];
  if (before === undefined) return [change("added", path, before, after)];
  if (after === undefined) return [change("removed", path, before, after)];
  if (isObject(before) && isObject(after)) return diffMembers(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) return diffItems(before, after, path);
  return [change("changed", path, before, after)];
}

function change(kind: Change["kind"], path: Path, before: Json | undefined, after: Json | undefined): Change {
  return { kind, path, pointer: pointerOf(path), before, after };
}

function diffMembers(before: JsonObject, after: JsonObject, path: Path): Change[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => diffJson(own(before, key), own(after, key), [...path, key]));
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function diffItems(before: readonly Json[], after: readonly Json[], path: Path): Change[] {
  let head = 0;
  while (head < before.length && head < after.length && sameJson(before[head], after[head])) head += 1;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && sameJson(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1;
  const old = before.slice(head, before.length - tail);
  const now = after.slice(head, after.length - tail);
  const kept = old.length * now.length > MAX_ALIGNED * MAX_ALIGNED ? [] : commonItems(old, now);
  return gaps(old, now, kept).flatMap((gap) => diffGap(old, now, gap, head, path));
}

interface Gap {
  readonly old: readonly [number, number];
  readonly now: readonly [number, number];
}

/** The stretches between items that both have. */
function gaps(old: readonly Json[], now: readonly Json[], kept: readonly (readonly [number, number])[]): Gap[] {
  const found: Gap[] = [];
  let [a, b] = [0, 0];
  for (const [x, y] of [...kept, [old.length, now.length] as const]) {
    if (x > a || y > b) found.push({ old: [a, x], now: [b, y] });
    [a, b] = [x + 1, y + 1];
  }
  return found;
}

/** Items that stand at the same place of a gap have changed; the others were added or removed. */
function diffGap(old: readonly Json[], now: readonly Json[], gap: Gap, offset: number, path: Path): Change[] {
  const changes: Change[] = [];
  const removed = gap.old[1] - gap.old[0];
  const added = gap.now[1] - gap.now[0];
  for (let at = 0; at < Math.max(removed, added); at += 1) {
    const before = at < removed ? old[gap.old[0] + at] : undefined;
    const after = at < added ? now[gap.now[0] + at] : undefined;
    const index = offset + (after === undefined ? gap.old[0] : gap.now[0]) + at;
    changes.push(...diffJson(before, after, [...path, index]));
  }
  return changes;
}

/** The longest row of items that both lists have in the same order, as pairs of places. */
function commonItems(old: readonly Json[], now: readonly Json[]): [number, number][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  const length = (a: number, b: number): number => lengths[a]?.[b] ?? 0;
  for (let a = old.length - 1; a >= 0; a -= 1) {
    const row = lengths[a] as Uint16Array;
    for (let b = now.length - 1; b >= 0; b -= 1) {
      row[b] = sameJson(old[a], now[b]) ? length(a + 1, b + 1) + 1 : Math.max(length(a + 1, b), length(a, b + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let a = 0, b = 0; a < old.length && b < now.length; ) {
    if (sameJson(old[a], now[b])) pairs.push([a++, b++]);
    else if (length(a + 1, b) >= length(a, b + 1)) a += 1;
    else b += 1;
  }
  return pairs;
}
