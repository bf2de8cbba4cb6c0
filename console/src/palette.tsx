// Where to go by typing, and single letters that do the same.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { readCatalog, runHref } from "./pages/catalog.ts";
import { navigate } from "./router.ts";
import "./styles/runs.css";

interface Place {
  readonly name: string;
  readonly kind: string;
  readonly href: string;
}
const PAGES: readonly Place[] = [
  { name: "Home", kind: "page", href: "./" },
  { name: "Runs", kind: "page", href: "runs" },
  { name: "Runs that failed", kind: "page", href: "runs?status=failed" },
  { name: "Runs that are running", kind: "page", href: "runs?status=running" },
  { name: "Workflows", kind: "page", href: "workflows" },
  { name: "Inbox", kind: "page", href: "inbox" },
  { name: "Compare two runs", kind: "page", href: "compare" },
];
const GO: { readonly [key: string]: string } = { h: "./", r: "runs", w: "workflows", i: "inbox", c: "compare" };
const KEYS: readonly (readonly [string, string])[] = [
  ["Ctrl K", "go somewhere by typing"],
  ["g h  g r  g w  g i  g c", "home, runs, workflows, inbox, compare"],
  ["/", "to the filter of a page"],
  ["r", "run again, on a run’s page"],
  ["arrows, Home, End", "rows of a run; ← → fold"],
  ["Ctrl Enter", "send a form"],
  ["?", "these keys"],
  ["Esc", "close"],
];
const LETTERS = "output:letters"; // in local storage: `off` where single letters do nothing
const MOST = 12;

type Shown = "palette" | "keys" | undefined;

export function Palette() {
  const [shown, setShown] = useState<Shown>();
  const dialog = useRef<HTMLDialogElement>(null);
  useKeys(setShown);
  // Before anything else is typed: the letters of a fast hand belong to the field.
  useLayoutEffect(() => {
    if (shown === undefined) dialog.current?.close();
    else dialog.current?.showModal();
  }, [shown]);
  const close = () => setShown(undefined);
  return (
    <dialog
      ref={dialog}
      class="palette"
      aria-label={shown === "keys" ? "Keys" : "Go to"}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      {shown === "palette" && <Search onDone={close} />}
      {shown === "keys" && <Keys onDone={close} />}
    </dialog>
  );
}

function useKeys(show: (shown: Shown) => void): void {
  useEffect(() => {
    let isGoing = false;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        show("palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || localStorage.getItem(LETTERS) === "off") return;
      const target = isGoing ? GO[event.key] : undefined;
      isGoing = !isGoing && event.key === "g";
      if (target !== undefined) navigate(target);
      else if (event.key === "?") show("keys");
      else if (event.key === "/") focusOn(event, "[data-filter]");
      else if (event.key === "r") document.querySelector<HTMLAnchorElement>("a[data-key=r]")?.click();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest("input, textarea, select, dialog") !== null;
}

function focusOn(event: KeyboardEvent, selector: string): void {
  const element = document.querySelector<HTMLElement>(selector);
  if (element === null) return;
  event.preventDefault();
  element.focus();
}

function Search({ onDone }: { onDone: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [workflows, setWorkflows] = useState<readonly Place[]>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    readCatalog().then(
      (found) =>
        setWorkflows(
          found.flatMap(({ name }) => {
            const href = `workflows/${encodeURIComponent(name)}`;
            return [
              { name, kind: "workflow", href },
              { name: `Start ${name}`, kind: "start", href: `${href}/start` },
            ];
          }),
        ),
      () => setWorkflows([]), // no catalog: pages and runs are found all the same
    );
  }, []);
  const wanted = text.trim().toLowerCase();
  // Not before the workflows are known: Enter would look for a run with a workflow’s name.
  const run: Place[] =
    text.trim() === "" || workflows === undefined ? [] : [{ name: text.trim(), kind: "run with this ID", href: runHref(text.trim()) }];
  const places = [...[...PAGES, ...(workflows ?? [])].filter((place) => place.name.toLowerCase().includes(wanted)).slice(0, MOST), ...run];
  const chosen = Math.min(at, places.length - 1);
  const go = (place: Place | undefined) => {
    if (place === undefined) return;
    onDone();
    navigate(place.href);
  };
  return (
    <>
      <input
        ref={input}
        class="input"
        role="combobox"
        aria-label="Page, workflow or run"
        aria-expanded="true"
        aria-controls="palette-places"
        aria-activedescendant={`palette-${chosen}`}
        placeholder="Page, workflow, or a run’s workflow ID"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") go(places[chosen]);
          else if (event.key === "ArrowDown") setAt(Math.min(places.length - 1, chosen + 1));
          else if (event.key === "ArrowUp") setAt(Math.max(0, chosen - 1));
          else return;
          event.preventDefault();
        }}
      />
      <div id="palette-places" class="places" role="listbox" aria-label="Places">
        {places.map((place, index) => (
          <div
            key={`${place.kind}:${place.href}`}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => go(place)}
            onMouseMove={() => setAt(index)}
          >
            <span>{place.name}</span>
            <span class="muted">{place.kind}</span>
          </div>
        ))}
      </div>
    </>
  );
}

function Keys({ onDone }: { onDone: () => void }) {
  const [isOn, setIsOn] = useState(localStorage.getItem(LETTERS) !== "off");
  const change = (on: boolean) => {
    setIsOn(on);
    localStorage.setItem(LETTERS, on ? "on" : "off");
  };
  return (
    <>
      <header>
        <h2>Keys</h2>
        <button type="button" class="button small" onClick={onDone}>
          Close
        </button>
      </header>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key} class="key">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="key-switch">
        <input type="checkbox" checked={isOn} onChange={(event) => change(event.currentTarget.checked)} /> single letters do something
      </label>
    </>
  );
}
