/** The client: each call becomes a message in the queue. */

import { browserContext } from "./browser-context.ts";
import type { Clock } from "./clock.ts";
import { buildMessage, fieldsOf, type Happening, type Moment, textOf } from "./event.ts";
import { guarded, type Log } from "./guard.ts";
import type { Identity } from "./identity.ts";
import { pageUrl } from "./page-url.ts";
import type { PageView } from "./page-view.ts";
import type { Queue } from "./queue.ts";
import type { Redaction } from "./redaction.ts";
import type { Session } from "./session.ts";

export interface Client {
  /** Records that something happened. */
  track(event: string, properties?: Record<string, unknown>): void;
  /** Says who the visitor is, from now on and over page loads; another person than before starts afresh. */
  identify(userId: string, traits?: Record<string, unknown>): void;
  /** Records a page view; only needed where page views are not captured. */
  page(name?: string, properties?: Record<string, unknown>): void;
  /** Forgets person, device and visit: call it at sign-out. */
  reset(): void;
  /** Sends what waits now; resolves when it was answered, and never rejects. */
  flush(): Promise<void>;
}

export interface ClientParts {
  page: Window;
  clock: Clock;
  identity: Identity;
  session: Session;
  view: PageView;
  queue: Queue;
  redaction: Redaction;
  log: Log;
}

/** Each method is bound, so that it can be handed on, and guarded, so that it cannot hurt the page. */
export function clientOf(parts: ClientParts): Client {
  const { page, identity, session, view, queue, log } = parts;
  const record = (happening: Happening) => queue.add(buildMessage(happening, momentOf(parts)));
  const reset = () => {
    identity.reset();
    session.reset();
  };
  return {
    track: guarded(log, (event, properties) => {
      const name = textOf(event);
      if (!name) return log("track needs the event's name", event);
      record({ type: "track", event: name, properties: fieldsOf(properties) });
    }),
    identify: guarded(log, (userId, traits) => {
      const id = textOf(userId);
      if (!id) return log("identify needs the user's id", userId);
      // one device id that stands for two people would make them one person
      if ((identity.userId ?? id) !== id) reset();
      identity.userId = id;
      record({ type: "identify", traits: fieldsOf(traits) });
    }),
    page: guarded(log, (name, properties) => {
      view.announce(pageUrl(page.location.href));
      const named = textOf(name);
      record({ type: "page", ...(named && { name: named }), properties: fieldsOf(properties) });
    }),
    reset: guarded(log, reset),
    flush: () => queue.flush(),
  };
}

function momentOf({ page, clock, identity, session, view, redaction }: ClientParts): Moment {
  return {
    at: clock.now(),
    anonymousId: identity.anonymousId,
    userId: identity.userId,
    visit: session.touch(),
    pageViewId: view.id,
    browser: browserContext(page, view.referrer, redaction),
  };
}
