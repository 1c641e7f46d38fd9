/** How long a page was looked at, and how far down. */

import { attributeOf, isHidden } from "./document-attribute.ts";
import type { Listen } from "./listen.ts";

/** A longer time without a beat was no reading: the machine slept. */
const BEAT_MS = 5_000;

export interface PageLeave extends Record<string, unknown> {
  /** Milliseconds, since the message before of the same page view, that it was visible and focused. */
  engaged_ms: number;
  /** The lowest part of the page that was in the window, in percent of its height. */
  scroll_depth: number;
}

/** Answers what tells of the time until now, and begins to count again. */
export function measureEngagement(listen: Listen): () => PageLeave {
  let engaged = 0;
  let counts = false;
  let since = 0;
  let lowest = 0;

  // by a clock that nobody sets
  const count = () => {
    const moment = performance.now();
    if (counts) engaged += Math.min(moment - since, BEAT_MS);
    since = moment;
    counts = !isHidden() && attributeOf("hasFocus").call(document);
  };
  listen("visibilitychange focus blur pageshow", ({ persisted }) => {
    // what the browser's cache kept was not looked at meanwhile
    if (persisted) counts = false;
    count();
  });
  listen("scroll", () => {
    lowest = Math.max(lowest, scrollY);
  });
  setInterval(count, BEAT_MS);
  count();
  return () => {
    count();
    const depth = ((lowest + innerHeight) / attributeOf("documentElement").scrollHeight) * 100;
    const leave = {
      engaged_ms: Math.round(engaged),
      scroll_depth: Math.min(100, Math.round(depth)),
    };
    engaged = 0;
    lowest = scrollY;
    return leave;
  };
}
