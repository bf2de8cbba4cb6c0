// A run's outline as rows: nested as it ran, many of one name as one.

import type { components } from "../api/types.d.ts";

export type Node = components["schemas"]["TraceNode"];
export type State = "running" | "completed" | "failed";

export interface NodeRow {
  readonly kind: "node";
  readonly id: string;
  readonly depth: number;
  readonly node: Node;
  readonly state: State;
  readonly holds: boolean;
  readonly open: boolean;
}
/** Siblings of one name, told as one row: their number, how many of each state, how long they took. */
export interface GroupRow {
  readonly kind: "group";
  readonly id: string;
  readonly depth: number;
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly counts: Readonly<Record<State, number>>;
  readonly median: number | undefined;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly open: boolean;
}
export type Row = NodeRow | GroupRow;

export const GROUPED_FROM = 12;

export function stateOf(node: Node): State {
  if (node.error != null) return "failed";
  return node.endedAt == null ? "running" : "completed";
}

/** What follows `#` in a step's name, else the name. */
export function shortName(name: string): string {
  return name.slice(name.indexOf("#") + 1);
}

/**
 * The rows below a node that can be seen: `toggled` holds the ids of those that are not as they begin, which is folded for
 * groups and open for all else.
 */
export function rowsOf(root: Node, toggled: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  addChildren(rows, root, 0, toggled);
  return rows;
}

function addChildren(rows: Row[], parent: Node, depth: number, toggled: ReadonlySet<string>): void {
  const children = parent.children ?? [];
  const families = new Map<string, Node[]>();
  for (const child of children) {
    const key = `${child.kind}:${child.name}`;
    const family = families.get(key);
    if (family === undefined) families.set(key, [child]);
    else family.push(child);
  }
  for (const child of children) {
    const family = families.get(`${child.kind}:${child.name}`) ?? [];
    if (family.length < GROUPED_FROM) addNode(rows, child, depth, toggled);
    else if (family[0] === child) addGroup(rows, `${parent.id}/${child.kind}:${child.name}`, family, depth, toggled);
  }
}

function addNode(rows: Row[], node: Node, depth: number, toggled: ReadonlySet<string>): void {
  const holds = (node.children ?? []).length > 0;
  const open = holds && !toggled.has(node.id);
  rows.push({ kind: "node", id: node.id, depth, node, state: stateOf(node), holds, open });
  if (open) addChildren(rows, node, depth + 1, toggled);
}

const URGENCY: Readonly<Record<State, number>> = { failed: 0, running: 1, completed: 2 };

function addGroup(rows: Row[], id: string, nodes: readonly Node[], depth: number, toggled: ReadonlySet<string>): void {
  const counts = { running: 0, completed: 0, failed: 0 };
  for (const node of nodes) counts[stateOf(node)] += 1;
  const open = toggled.has(id);
  const took = nodes.flatMap((node) => (node.endedAt == null ? [] : [node.endedAt - node.startedAt])).sort((a, b) => a - b);
  rows.push({
    kind: "group",
    id,
    depth,
    name: shortName(nodes[0]?.name ?? ""),
    nodes,
    counts,
    median: took[Math.floor(took.length / 2)],
    startedAt: Math.min(...nodes.map((node) => node.startedAt)),
    endedAt: counts.running > 0 ? undefined : Math.max(...nodes.map((node) => node.endedAt ?? 0)),
    open,
  });
  if (!open) return;
  // What needs somebody's eyes comes first; the order of arrival is kept within.
  const sorted = [...nodes].sort((a, b) => URGENCY[stateOf(a)] - URGENCY[stateOf(b)]);
  for (const node of sorted) addNode(rows, node, depth + 1, toggled);
}

/** From the first start to the last end that is known; `now` is the end of what still runs. */
export function spanOf(root: Node, now: number): { readonly start: number; readonly end: number } {
  let end = root.endedAt ?? now;
  const look = (node: Node) => {
    end = Math.max(end, node.endedAt ?? node.startedAt);
    node.children?.forEach(look);
  };
  look(root);
  return { start: root.startedAt, end: Math.max(end, root.startedAt + 1) };
}

export function findNode(root: Node, id: string): Node | undefined {
  if (root.id === id) return root;
  for (const child of root.children ?? []) {
    const found = findNode(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The failed step that a failed run ended with: the last one that failed. */
export function lastFailed(root: Node): Node | undefined {
  return (root.children ?? []).filter((node) => stateOf(node) === "failed").at(-1);
}

export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cost: number;
}

/** Tokens and cost of a node and of all below it. */
export function usageOf(root: Node): Usage {
  const attributes = (root.attributes ?? {}) as Readonly<Record<string, unknown>>;
  const usage = (attributes["llm:usage"] ?? {}) as Readonly<Record<string, unknown>>;
  const own = { input: numberOf(usage.input_tokens), output: numberOf(usage.output_tokens), cost: numberOf(attributes["llm:cost"]) };
  return (root.children ?? [])
    .map(usageOf)
    .reduce((sum, each) => ({ input: sum.input + each.input, output: sum.output + each.output, cost: sum.cost + each.cost }), own);
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
