/** Builds a client for this page: `createClient({ apiUrl })`. */

import { type Client, type ClientParts, clientOf } from "./client.ts";
import { systemClock } from "./clock.ts";
import { attributeOf } from "./document-attribute.ts";
import { createLog, guarded, type Log } from "./guard.ts";
import { Identity } from "./identity.ts";
import { captureLinkClicks } from "./link-clicks.ts";
import { CAPTURE_ALL, type Options } from "./options.ts";
import { bare } from "./own.ts";
import { PageLoads } from "./page-loads.ts";
import { pageUrl } from "./page-url.ts";
import { PageView } from "./page-view.ts";
import { Queue } from "./queue.ts";
import { Redaction } from "./redaction.ts";
import { Session } from "./session.ts";
import { browserStore } from "./storage.ts";
import { endpointOf, FetchTransport } from "./transport.ts";

export type { Client } from "./client.ts";
export type { Capture, Options } from "./options.ts";

/** Starts capturing and returns the client; where that fails, one that does nothing. */
export function createClient(given: Options): Client {
  const options = bare(given);
  const log = createLog(options.debug ?? false);
  try {
    return start(options, log);
  } catch (error) {
    log("could not start", error);
    return inertClient;
  }
}

const inertClient: Client = {
  track() {},
  identify() {},
  page() {},
  reset() {},
  flush: () => Promise.resolve(),
};

function start(options: Options, log: Log): Client {
  const parts = partsOf(window, options, log);
  const client = clientOf(parts);
  const capture = options.capture ?? CAPTURE_ALL;
  if (capture.includes("page_views")) capturePageViews(parts, client);
  if (capture.includes("link_clicks")) {
    captureLinkClicks(parts, (click) => client.track("link_click", click));
  }
  drainOnLeaving(window, parts.queue, log);
  return client;
}

function partsOf(page: Window, options: Options, log: Log): ClientParts {
  const clock = systemClock;
  const store = browserStore(page);
  return {
    page,
    clock,
    log,
    redaction: new Redaction(options.maskedKeys),
    identity: new Identity(store),
    session: new Session(store, clock),
    view: new PageView(pageUrl(page.location.href), attributeOf(page.document, "referrer")),
    queue: new Queue({
      transport: new FetchTransport(endpointOf(options.apiUrl, page.origin)),
      clock,
      log,
      writeKey: options.writeKey,
      isHidden: () => isHidden(page),
    }),
  };
}

function capturePageViews({ page, view, clock, log }: ClientParts, client: Client): void {
  new PageLoads(page, view, clock, log, () => client.page()).capture();
}

/** Hidden may be the last that a page hears (a phone's app switcher); not every browser says both. */
function drainOnLeaving(page: Window, queue: Queue, log: Log): void {
  const drain = guarded(log, () => queue.drain());
  page.addEventListener("pagehide", drain);
  page.addEventListener("visibilitychange", () => isHidden(page) && drain(), true);
}

function isHidden(page: Window): boolean {
  return attributeOf(page.document, "visibilityState") === "hidden";
}
