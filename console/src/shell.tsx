// The frame around every page: where one can go, and which page the address means.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { RunPage } from "./pages/run.tsx";
import { RunsPage } from "./pages/runs.tsx";
import { StartPage } from "./pages/start.tsx";
import { WorkflowPage } from "./pages/workflow.tsx";
import { WorkflowsPage } from "./pages/workflows.tsx";
import { type Address, useAddress } from "./router.ts";

interface Route {
  readonly title: string;
  readonly section: string;
  readonly page: ComponentChildren;
}

const SECTIONS = [
  { name: "Runs", href: "runs" },
  { name: "Workflows", href: "workflows" },
] as const;

function routeOf({ parts, query }: Address): Route {
  const [section = "workflows", name, action] = parts;
  if (section === "workflows" && name === undefined) return { title: "Workflows", section, page: <WorkflowsPage /> };
  if (section === "workflows" && name !== undefined && action === undefined)
    return { title: name, section, page: <WorkflowPage name={name} /> };
  if (section === "workflows" && name !== undefined && action === "start") {
    const [from, fromRun] = [query.get("from") ?? undefined, query.get("run") ?? undefined];
    return { title: `Start ${name}`, section, page: <StartPage name={name} from={from} fromRun={fromRun} /> };
  }
  if (section === "runs" && name === undefined) return { title: "Runs", section, page: <RunsPage query={query} /> };
  if (section === "runs" && name !== undefined && parts.length <= 3) {
    return { title: name, section, page: <RunPage key={parts.join("/")} workflowId={name} runId={action} /> };
  }
  return { title: "Not found", section, page: <NotFound /> };
}

export function Shell() {
  const route = routeOf(useAddress());
  useEffect(() => {
    document.title = `${route.title} · Output`;
  }, [route.title]);
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="frame">
        <a class="brand" href="./">
          Output
        </a>
        <nav aria-label="Pages">
          {SECTIONS.map(({ name, href }) => (
            <a key={href} href={href} aria-current={route.section === href ? "page" : undefined}>
              {name}
            </a>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {route.page}
      </main>
    </>
  );
}

function NotFound() {
  return (
    <section class="page" aria-labelledby="page-title">
      <h1 id="page-title">There is no such page</h1>
      <p>
        <a href="workflows">To the workflows</a>
      </p>
    </section>
  );
}
