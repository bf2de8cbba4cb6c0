// Steps of a run as a reset and a comparison see them.

import type { components } from "../api/types.d.ts";

export type Node = components["schemas"]["TraceNode"];

/** A step's name as its author wrote it: what follows `#`. */
export function stepName(node: Node): string {
  return node.name.slice(node.name.lastIndexOf("#") + 1);
}

/** What the run itself called, in the order in which it was begun. */
export function stepsOf(root: Node): Node[] {
  return (root.children ?? []).filter((node) => node.name.includes("#")).sort((a, b) => a.startedAt - b.startedAt);
}

export interface ResetPoint {
  readonly name: string;
  /** The occurrence that completed last: what follows it is redone. */
  readonly node: Node;
  readonly keeps: readonly Node[];
  readonly redoes: readonly Node[];
}

/** One point for each name of a step that has completed, earliest first. */
export function resetPoints(root: Node): ResetPoint[] {
  const steps = stepsOf(root);
  const last = new Map<string, Node>();
  for (const step of steps) {
    if (step.endedAt == null || step.error != null) continue;
    const known = last.get(stepName(step));
    if (known === undefined || (known.endedAt ?? 0) <= step.endedAt) last.set(stepName(step), step);
  }
  return [...last]
    .map(([name, node]) => {
      const isKept = (step: Node) => step === node || (step.endedAt ?? Number.POSITIVE_INFINITY) <= (node.endedAt ?? 0);
      return { name, node, keeps: steps.filter(isKept), redoes: steps.filter((step) => !isKept(step)) };
    })
    .sort((a, b) => (a.node.endedAt ?? 0) - (b.node.endedAt ?? 0));
}

/** `look_up × 3`, `send`: names in order, each with how often. */
export function counted(nodes: readonly Node[]): string[] {
  const times = new Map<string, number>();
  for (const node of nodes) times.set(stepName(node), (times.get(stepName(node)) ?? 0) + 1);
  return [...times].map(([name, count]) => (count === 1 ? name : `${name} × ${count.toLocaleString("en")}`));
}

export interface Pair {
  readonly name: string;
  readonly occurrence: number;
  readonly a: Node | undefined;
  readonly b: Node | undefined;
}

/** Steps of two runs side by side, by name and occurrence, in the order of the first run; what only the second has follows its neighbour. */
export function alignSteps(a: Node, b: Node): Pair[] {
  const left = numbered(stepsOf(a));
  const right = numbered(stepsOf(b));
  const others = new Map(right.map((each) => [each.key, each.node]));
  const pairs = left.map(({ key, name, occurrence, node }) => ({ key, name, occurrence, a: node as Node | undefined, b: others.get(key) }));
  const known = new Set(left.map((each) => each.key));
  let at = 0;
  for (const { key, name, occurrence, node } of right) {
    if (known.has(key)) at = pairs.findIndex((pair) => pair.key === key) + 1;
    else {
      pairs.splice(at, 0, { key, name, occurrence, a: undefined, b: node });
      at += 1;
    }
  }
  return pairs.map(({ name, occurrence, a: one, b: other }) => ({ name, occurrence, a: one, b: other }));
}

function numbered(steps: readonly Node[]): { key: string; name: string; occurrence: number; node: Node }[] {
  const times = new Map<string, number>();
  return steps.map((node) => {
    const name = stepName(node);
    const occurrence = (times.get(name) ?? 0) + 1;
    times.set(name, occurrence);
    return { key: `${name} ${occurrence}`, name, occurrence, node };
  });
}
