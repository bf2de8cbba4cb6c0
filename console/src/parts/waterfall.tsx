// What a run did, as bars over time: only the rows in view are in the page.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Node, type Row, rowsOf, shortName, spanOf, usageOf } from "../story/rows.ts";
import { took } from "./time.ts";

const ROW = 26; // px
const AHEAD = 10; // rows above and below what is seen

interface Props {
  readonly root: Node;
  readonly now: number;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

export function Waterfall({ root, now, chosen, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);
  const rows = useMemo(() => rowsOf(root, toggled), [root, toggled]);
  const span = spanOf(root, now);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top / ROW) - AHEAD);
  const seen = rows.slice(first, Math.ceil((top + height) / ROW) + AHEAD);
  const toggle = (id: string) => {
    const next = new Set(toggled);
    if (!next.delete(id)) next.add(id);
    setToggled(next);
  };
  const at = Math.max(
    0,
    rows.findIndex((row) => row.id === chosen),
  );
  const go = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (row === undefined) return;
    onChoose(row.id);
    const y = rows.indexOf(row) * ROW;
    const element = box.current;
    if (element !== null && (y < element.scrollTop || y + ROW > element.scrollTop + element.clientHeight))
      element.scrollTop = y - element.clientHeight / 2;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    const page = Math.max(1, Math.floor(height / ROW) - 1);
    const moves: { readonly [key: string]: number } = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: at + page,
      PageUp: at - page,
    };
    const move = moves[event.key];
    if (move !== undefined) go(move);
    else if (row !== undefined && isFoldable(row) && ((event.key === "ArrowRight" && !row.open) || (event.key === "ArrowLeft" && row.open)))
      toggle(row.id);
    else if (event.key === "ArrowLeft" && row !== undefined) go(parentAt(rows, at));
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="waterfall"
      ref={box}
      role="treegrid"
      aria-label="What the run did"
      aria-rowcount={rows.length}
      tabIndex={0}
      aria-activedescendant={rows[at] === undefined ? undefined : rowId(rows[at].id)}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div class="waterfall-all" role="presentation" ref={(element) => element?.style.setProperty("height", `${rows.length * ROW}px`)}>
        {seen.map((row, index) => (
          <RowView
            key={row.id}
            row={row}
            index={first + index}
            span={span}
            now={now}
            isChosen={row.id === chosen}
            onChoose={() => onChoose(row.id)}
            onToggle={() => toggle(row.id)}
          />
        ))}
      </div>
    </div>
  );
}

function isFoldable(row: Row): boolean {
  return row.kind === "group" || row.holds;
}

function parentAt(rows: readonly Row[], at: number): number {
  const depth = rows[at]?.depth ?? 0;
  for (let index = at - 1; index >= 0; index -= 1) if ((rows[index]?.depth ?? 0) < depth) return index;
  return at;
}

function rowId(id: string): string {
  return `row:${id.replace(/\s/g, encodeURIComponent)}`;
}

interface RowProps {
  readonly row: Row;
  readonly index: number;
  readonly span: { readonly start: number; readonly end: number };
  readonly now: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
}

const SIGNS = { running: "◐", completed: "✓", failed: "✕" } as const;

function RowView({ row, index, span, now, isChosen, onChoose, onToggle }: RowProps) {
  const facts = row.kind === "node" ? nodeFacts(row.node) : groupFacts(row);
  const state = row.kind === "node" ? row.state : row.counts.failed > 0 ? "failed" : row.counts.running > 0 ? "running" : "completed";
  const end = facts.endedAt ?? now;
  const whole = span.end - span.start;
  const left = Math.min(100, Math.max(0, ((facts.startedAt - span.start) / whole) * 100));
  const width = Math.min(100 - left, ((end - facts.startedAt) / whole) * 100);
  const place = (element: HTMLElement | null) => {
    element?.style.setProperty("left", `${left}%`);
    element?.style.setProperty("width", `max(2px, ${width}%)`);
  };
  const foldable = isFoldable(row);
  return (
    <div
      class={`bar-row is-${state}${isChosen ? " is-chosen" : ""}`}
      id={rowId(row.id)}
      role="row"
      aria-rowindex={index + 1}
      aria-level={row.depth + 1}
      aria-selected={isChosen}
      aria-expanded={foldable ? row.open : undefined}
      ref={(element) => element?.style.setProperty("top", `${index * ROW}px`)}
      onClick={onChoose}
    >
      <div class="bar-name" role="gridcell" ref={(element) => element?.style.setProperty("padding-left", `${row.depth * 14 + 4}px`)}>
        <button
          type="button"
          class="fold"
          tabIndex={-1}
          aria-hidden="true"
          disabled={!foldable}
          onClick={(event) => {
            event.stopPropagation();
            onToggle();
          }}
        >
          {foldable ? (row.open ? "▾" : "▸") : ""}
        </button>
        <span class="sign" role="img" aria-label={state}>
          {SIGNS[state]}
        </span>
        <span class="mono">{facts.name}</span>
        <span class="muted">{facts.note}</span>
      </div>
      <div class="bar-track" role="gridcell">
        <span class="bar" ref={place} />
      </div>
      <div class="bar-took muted" role="gridcell">
        {took(end - facts.startedAt)}
        {facts.endedAt === undefined && "…"}
      </div>
    </div>
  );
}

interface RowFacts {
  readonly name: string;
  readonly note: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
}

function nodeFacts(node: Node): RowFacts {
  const { input, output } = usageOf(node);
  const attempts = (node.children ?? []).filter((child) => child.kind === "attempt").length;
  const notes = [
    node.label ?? "",
    KINDS.has(node.kind) ? "" : node.kind,
    attempts > 0 ? `${attempts + (node.error == null ? 1 : 0)} attempts` : "",
    node.kind === "llm" && input + output > 0 ? `${input} → ${output} tokens` : "",
  ];
  return {
    name: shortName(node.name),
    note: notes.filter((note) => note !== "").join(" · "),
    startedAt: node.startedAt,
    endedAt: node.endedAt ?? undefined,
  };
}

const KINDS = new Set(["step", "attempt"]);

function groupFacts(row: Extract<Row, { kind: "group" }>): RowFacts {
  const { failed, running } = row.counts;
  const notes = [`× ${row.nodes.length.toLocaleString("en")}`];
  if (failed > 0) notes.push(`${failed} failed`);
  if (running > 0) notes.push(`${running} running`);
  if (row.median !== undefined) notes.push(`median ${took(row.median)}`);
  return { name: row.name, note: notes.join(" · "), startedAt: row.startedAt, endedAt: row.endedAt };
}
