// A run's stream as news that something has happened: one connection for each visible tab, and few for all of them.

import { apiRoot } from "./client.ts";

// A browser opens six connections to a server over HTTP/1.1; what streams hold is missing for everything else.
const STREAMS = 4;
const HIDDEN_FOR = 20_000;
const POLLED_EVERY = 5_000;

export interface Live {
  readonly close: () => void;
}

/**
 * Tell of each batch of events of a run, and of its end; a stream that was cut goes on where it stopped. Where other windows
 * hold all streams, or the stream is refused, `onNews` is called every 5 s instead.
 */
export function follow(path: string, onNews: () => void, onEnd: () => void): Live {
  let source: EventSource | undefined;
  let release: (() => void) | undefined;
  let poll: ReturnType<typeof setInterval> | undefined;
  let hide: ReturnType<typeof setTimeout> | undefined;
  let lastId = "";
  let closed = false;

  const stop = () => {
    source?.close();
    source = undefined;
    release?.();
    release = undefined;
    clearInterval(poll);
    poll = undefined;
  };
  const startPolling = () => {
    poll ??= setInterval(() => document.visibilityState === "visible" && onNews(), POLLED_EVERY);
  };
  const open = async () => {
    const slot = await takeSlot();
    if (closed || source !== undefined || poll !== undefined) return slot?.();
    if (slot === undefined) return startPolling();
    release = slot;
    const url = new URL(`${path}/history/stream`, apiRoot());
    if (lastId !== "") url.searchParams.set("lastEventId", lastId);
    source = new EventSource(url);
    source.addEventListener("history", (event) => {
      lastId = event.lastEventId;
      onNews();
    });
    source.addEventListener("done", () => {
      stop();
      closed = true;
      onEnd();
    });
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      stop();
      if (!closed) startPolling();
      onNews();
    });
  };
  const onVisibility = () => {
    clearTimeout(hide);
    if (document.visibilityState === "hidden") hide = setTimeout(stop, HIDDEN_FOR);
    else if (!closed && source === undefined && poll === undefined) {
      void open();
      onNews();
    }
  };
  document.addEventListener("visibilitychange", onVisibility);
  void open();
  return {
    close: () => {
      closed = true;
      clearTimeout(hide);
      document.removeEventListener("visibilitychange", onVisibility);
      stop();
    },
  };
}

/** One of the places that all windows of this origin share; a function gives it back. */
async function takeSlot(): Promise<(() => void) | undefined> {
  if (navigator.locks === undefined) return () => undefined; // only over https and on this machine
  for (let slot = 0; slot < STREAMS; slot += 1) {
    const taken = await new Promise<(() => void) | undefined>((tell) => {
      void navigator.locks.request(`output-stream-${slot}`, { ifAvailable: true }, (lock) => {
        if (lock === null) return tell(undefined);
        return new Promise<void>((free) => tell(() => free()));
      });
    });
    if (taken !== undefined) return taken;
  }
  return undefined;
}
