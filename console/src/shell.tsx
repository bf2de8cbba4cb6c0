// The frame around every page: where one can go, and which page the address means.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, SIGNED_OUT } from "./api/client.ts";
import { logout, needsLogin, readSession, type Session } from "./api/session.ts";
import { ComparePage } from "./pages/compare.tsx";
import { HomePage } from "./pages/home.tsx";
import { InboxPage } from "./pages/inbox.tsx";
import { LoginPage } from "./pages/login.tsx";
import { ResetPage } from "./pages/reset.tsx";
import { RunPage } from "./pages/run.tsx";
import { RunsPage } from "./pages/runs.tsx";
import { StartPage } from "./pages/start.tsx";
import { WorkflowPage } from "./pages/workflow.tsx";
import { WorkflowsPage } from "./pages/workflows.tsx";
import { Palette } from "./palette.tsx";
import { type Address, useAddress } from "./router.ts";

interface Route {
  readonly title: string;
  readonly section: string;
  readonly page: ComponentChildren;
}

const SECTIONS = [
  { name: "Runs", href: "runs" },
  { name: "Workflows", href: "workflows" },
  { name: "Inbox", href: "inbox" },
] as const;

function routeOf({ parts, query }: Address): Route {
  const [section = "home", name, action, last] = parts;
  if (section === "home" && parts.length === 0) return { title: "Home", section, page: <HomePage /> };
  if (section === "inbox" && name === undefined) return { title: "Inbox", section, page: <InboxPage /> };
  if (section === "compare" && name === undefined) return { title: "Compare", section, page: <ComparePage query={query} /> };
  if (section === "runs" && name !== undefined && action !== undefined && last === "reset" && parts.length === 4) {
    const step = query.get("step") ?? undefined;
    return { title: `Reset ${name}`, section, page: <ResetPage workflowId={name} runId={action} step={step} /> };
  }
  if (section === "workflows" && name === undefined) return { title: "Workflows", section, page: <WorkflowsPage /> };
  if (section === "workflows" && name !== undefined && action === undefined)
    return { title: name, section, page: <WorkflowPage name={name} /> };
  if (section === "workflows" && name !== undefined && action === "start") {
    const [from, fromRun] = [query.get("from") ?? undefined, query.get("run") ?? undefined];
    return { title: `Start ${name}`, section, page: <StartPage name={name} from={from} fromRun={fromRun} /> };
  }
  if (section === "runs" && name === undefined) return { title: "Runs", section, page: <RunsPage query={query} /> };
  if (section === "runs" && name !== undefined && parts.length <= 3) {
    return {
      title: name,
      section,
      page: <RunPage key={parts.join("/")} workflowId={name} runId={action} chosen={query.get("row") ?? undefined} />,
    };
  }
  return { title: "Not found", section, page: <NotFound /> };
}

/** Who is logged in; asked once, and again when the server no longer knows who asks. */
function useSession() {
  const [session, setSession] = useState<Session | "unknown" | "none">(needsLogin() ? "unknown" : OPEN);
  const read = () => {
    readSession().then(setSession, (error: unknown) => setSession(error instanceof ApiError && error.status !== 401 ? OPEN : "none"));
  };
  useEffect(() => {
    if (!needsLogin()) return;
    read();
    const end = () => setSession("none");
    addEventListener(SIGNED_OUT, end);
    return () => removeEventListener(SIGNED_OUT, end);
  }, []);
  return { session, read };
}

// Where nobody needs to log in, and where the server does not say: the pages then tell why.
const OPEN: Session = { name: null, scopes: [], readOnly: false };

export function Shell() {
  const route = routeOf(useAddress());
  const { session, read } = useSession();
  const isOut = session === "none";
  useEffect(() => {
    document.title = `${isOut ? "Log in" : route.title} · Output`;
  }, [route.title, isOut]);
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="frame">
        <a class="brand" href="./">
          Output
        </a>
        {!isOut && (
          <nav aria-label="Pages">
            {SECTIONS.map(({ name, href }) => (
              <a key={href} href={href} aria-current={route.section === href ? "page" : undefined}>
                {name}
              </a>
            ))}
          </nav>
        )}
        {typeof session === "object" && session.name !== null && (
          <span class="who">
            {session.readOnly && <span class="tag">read only</span>}
            <span class="muted">{session.name}</span>
            <button type="button" class="button small" onClick={() => logout().then(read, read)}>
              Log out
            </button>
          </span>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {!isOut && <Palette />}
        {session === "none" && <LoginPage onDone={read} />}
        {typeof session === "object" && route.page}
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
