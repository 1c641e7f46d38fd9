/** Builds a client for this page: `createClient({ apiUrl })`. */

import { type Client, clientOf, type Plan, type Start } from "./client.ts";
import { isHidden } from "./document-attribute.ts";
import { measureEngagement } from "./engagement.ts";
import { captureFormSubmits } from "./form-submits.ts";
import { logOf } from "./guard.ts";
import { captureLinkClicks } from "./link-clicks.ts";
import { listener } from "./listen.ts";
import { CAPTURE_ALL, type Capture, type Options } from "./options.ts";
import { bare } from "./own.ts";
import { captureLoads } from "./page-loads.ts";
import { redaction } from "./redaction.ts";

export type { Client, Plan } from "./client.ts";
export type { Choice } from "./consent.ts";
export type { Capture, Middleware, Options } from "./options.ts";

/** Where the clients are that run; no element and no polluted prototype gives a symbol a value. */
const RUNNING = Symbol.for("headwater");

declare global {
  interface Window {
    [RUNNING]?: Record<string, Client>;
  }
}

/** Starts capturing and returns the client; where it cannot send, one that does nothing. */
export function createClient<Events extends object = Plan>(given: Options): Client<Events> {
  const options = bare(given);
  const log = logOf(options);
  const listen = listener();
  const redact = redaction(options.maskedKeys, options.maskedPattern);
  const captures = (name: Capture) => (options.capture ?? CAPTURE_ALL).includes(name);
  const engagement = captures("page_leaves") && measureEngagement(listen);
  const start: Start = (client, leave, begin, announce, flush, resume, sendLast) => {
    const finish = captures("page_views") && captureLoads(listen, begin, announce);
    if (captures("link_clicks")) captureLinkClicks(listen, redact, client.track);
    if (captures("form_submits")) captureFormSubmits(listen, redact, client.track);
    const ends = () => {
      if (finish) finish();
      leave();
    };
    client.flush = () => {
      if (finish) finish();
      return flush();
    };
    listen("pagehide", () => {
      ends();
      sendLast();
    });
    // it may be the last that a page hears (a phone's app switcher)
    listen("visibilitychange", () => {
      if (isHidden()) ends();
      void flush();
    });
    listen("online", resume);
    listen("pageshow", (event: PageTransitionEvent) => event.persisted && resume());
  };
  // twice the same, as from a tag that is there twice, must not count everything twice
  const name = options.apiUrl + options.writeKey;
  const running = window[RUNNING] ?? bare<Record<string, Client>>();
  window[RUNNING] = running;
  running[name] ??= clientOf(options, log, redact, engagement, start);
  return running[name] as unknown as Client<Events>;
}
