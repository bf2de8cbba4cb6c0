// The page's address: everything that is looked at is a URL below the console's base, under whatever prefix.

import { useEffect, useState } from "preact/hooks";

export interface Address {
  /** The parts of the path below the console, decoded: `a%2Fb` is one part. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

/** Where the console begins, such as `/console/`. */
export function basePath(): string {
  return new URL(document.baseURI).pathname;
}

export function currentAddress(): Address {
  const below = location.pathname.startsWith(basePath()) ? location.pathname.slice(basePath().length) : "";
  const parts = below.split("/").filter((part) => part !== "");
  return { parts: parts.map(decode), query: new URLSearchParams(location.search) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Go to a page, given as a path below the console. */
export function navigate(path: string, { replace = false } = {}): void {
  const url = new URL(path, document.baseURI);
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  dispatchEvent(new Event("output:navigate"));
  if (!replace) scrollTo(0, 0);
}

export function useAddress(): Address {
  const [address, setAddress] = useState(currentAddress);
  useEffect(() => {
    const update = () => setAddress(currentAddress());
    addEventListener("popstate", update);
    addEventListener("output:navigate", update);
    return () => {
      removeEventListener("popstate", update);
      removeEventListener("output:navigate", update);
    };
  }, []);
  return address;
}

/** Let links of the console be followed without loading it anew; those that are opened elsewhere are left alone. */
export function followLinks(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || link.target !== "" || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || !url.pathname.startsWith(basePath())) return;
    event.preventDefault();
    navigate(link.href);
  });
}
