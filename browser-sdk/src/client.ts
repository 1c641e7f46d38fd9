/** The client: each call becomes a message in the queue. */

import { bytesOf } from "./batch.ts";
import { campaignIn } from "./campaign.ts";
import { timestamp } from "./clock.ts";
import { type Choice, consentOf } from "./consent.ts";
import { contextOf } from "./context.ts";
import type { Message } from "./contract.ts";
import { attributeOf, isObject } from "./document-attribute.ts";
import type { PageLeave } from "./engagement.ts";
import type { Log } from "./guard.ts";
import { ANONYMOUS_ID, deviceIn, GROUP_ID, idOf, USER_ID } from "./identity.ts";
import { listOf, type Options } from "./options.ts";
import { beginView, firstView } from "./page-view.ts";
import { plain } from "./plain.ts";
import { queueOf, type Sending } from "./queue.ts";
import type { Redact } from "./redaction.ts";
import { SESSION, touchVisit } from "./session.ts";
import { storeOf } from "./storage.ts";
import { endpointOf } from "./transport.ts";
import { uuid } from "./uuid.ts";

/** The events of a tracking plan: their names, and the properties of each. */
export type Plan = Record<string, object>;

export interface Client<Events extends object = Plan> {
  /** Records that something happened. */
  track<Name extends keyof Events & string>(event: Name, properties?: Events[Name]): void;
  /** Says who the visitor is, from now on and over page loads; another person than before starts afresh. */
  identify(userId: string, traits?: object): void;
  /** Says which account the visitor acts for, from now on and over page loads. */
  group(groupId: string, traits?: object): void;
  /** Says that another id, by default the present one, is the same person. */
  alias(userId: string, previousId?: string): void;
  /** Records a page view; only needed where page views are not captured. */
  page(name?: string, properties?: object): void;
  /** Forgets person, account, device and visit: call it at sign-out. */
  reset(): void;
  /** Sends what waits now; resolves when it was answered, and never rejects. */
  flush(): Promise<void>;
  /** Says what the visitor has agreed to, for all pages and tabs. */
  consent(choice: Choice): void;
  /** Calls back once the SDK runs; in the snippet's queue, when it has loaded. */
  ready(callback: () => void): void;
  /** Says on the console what is dropped and why, or stops saying so. */
  debug(on?: boolean): void;
}

/**
 * Starts the captures.
 *
 * @param leave tells of the page view that ends or is hidden
 * @param begin starts the view of another page
 * @param announce announces the page view, unless it was
 */
export type Start = (
  client: Client,
  leave: () => void,
  begin: () => void,
  announce: () => void,
  ...sending: Sending
) => void;

/** A page that was looked at for less was not read, and that is not told of. */
const LEAST_MS = 1_000;

const IDS = [USER_ID, GROUP_ID, ANONYMOUS_ID, SESSION];

/**
 * Each method is bound, so that it can be handed on, and guarded, so that it cannot hurt the page.
 *
 * @param engagement how long the page was looked at, where that is measured
 */
export function clientOf(
  options: Options,
  log: Log,
  redact: Redact,
  engagement: (() => PageLeave) | false,
  start: Start,
): Client {
  const url = endpointOf(options.apiUrl, location.href);
  if (!url) log("refused", options.apiUrl);
  const denied = listOf(options.deniedProperties);
  const name = `headwater ${url} ${options.writeKey}`;
  const [now, choose, ..._] = consentOf(options);
  const consent = () => (url ? now() : "denied");
  const keeps = () => (consent() ?? "granted") === "granted";
  const store = storeOf(keeps);
  const mayLeave = () => {
    const choice = consent();
    if (choice === "denied") {
      clear();
      // a tab that had not heard of it yet may have kept an id once more
      follow();
    }
    return choice !== "denied" && choice !== "pending";
  };
  const [add, clear, flush, resume, sendLast, ..._rest] = queueOf(
    name,
    url,
    options.writeKey,
    keeps,
    mayLeave,
    log,
  );
  const view = firstView();
  let campaign = "";
  let lost = 0;
  let prerenders = attributeOf("prerendering") === true;

  const record = (fields: Fields, href = location.href) => {
    const choice = consent();
    if (choice === "denied") return;
    const visit = touchVisit(store, campaign);
    campaign = "";
    const messageId = uuid();
    const message = {
      messageId,
      timestamp: timestamp(),
      anonymousId: deviceIn(store),
      userId: store.get(USER_ID),
      ...fields,
      context: {
        ...contextOf(redact, href, view.referrer, visit[2]),
        consent: choice === "pending" ? undefined : choice,
        groupId: store.get(GROUP_ID),
        sessionId: visit[0],
        sessionNumber: visit[1],
        pageViewId: view.id,
      },
    } as Message;
    const kept = plain(options.middleware ? options.middleware(message) : message);
    if (!kept) return;
    const json = JSON.stringify(kept);
    const dropped = add(messageId, json, bytesOf(json));
    if (dropped) lose(dropped);
  };
  const track = (event: string, properties: unknown, href?: string) =>
    record({ type: "track", event, properties: fieldsOf(properties) }, href);
  const lose = (count: number, reason?: unknown) => {
    log("dropped", reason);
    lost += count;
  };
  /** Properties and traits are objects; a page may hand over anything. */
  const fieldsOf = (given: unknown) =>
    isObject(given) ? { ...(plain(given, denied) as Fields) } : {};
  const named = (given: unknown, use: (name: string) => void, may = true) => {
    const text = idOf(given);
    if (text && may) use(text);
    else log("refused", given);
  };
  /** Where nothing lasting is kept, nobody has a lasting name. */
  const person = (given: unknown, use: (id: string) => void) =>
    named(given, use, keeps() || consent() === "pending");
  const reset = () => {
    IDS.forEach(store.remove);
    view.id = uuid();
  };
  /** What this page holds moves onto the device, or what is there goes. */
  const follow = () => {
    for (const id of IDS) {
      const held = keeps() && store.get(id);
      store.remove(id);
      if (held) store.set(id, held);
    }
  };
  const leave = () => {
    const count = lost;
    lost = 0;
    if (count) track("messages_dropped", { count });
    if (!engagement || !view.announced) return;
    const properties = engagement();
    if (properties.engaged_ms > LEAST_MS) track("page_leave", properties, view.href);
  };
  const begin = () => {
    leave();
    campaign = campaignIn(new URL(redact.url(location.href)).search) || campaign;
    beginView(view);
  };
  const guard =
    <A extends unknown[]>(body: (...args: A) => void) =>
    (...args: A) => {
      const run = () => {
        try {
          body(...args);
        } catch (error) {
          lose(1, error);
        }
      };
      // a page that is prerendered does nothing until it is shown
      if (prerenders) addEventListener("prerenderingchange", run, true);
      else run();
    };
  const page = guard((name?: unknown, properties?: unknown, href?: string) => {
    if (view.announced) begin();
    view.announced = true;
    record({ type: "page", name: idOf(name) || undefined, properties: fieldsOf(properties) }, href);
  });
  const client = {
    track: guard((event: string, properties: unknown) =>
      named(event, (name) => track(name, properties)),
    ),
    identify: guard((userId: string, traits: unknown) =>
      person(userId, (id) => {
        // one device id that stands for two people would make them one person
        if ((store.get(USER_ID) || id) !== id) reset();
        store.set(USER_ID, id);
        record({ type: "identify", traits: fieldsOf(traits) });
      }),
    ),
    group: guard((groupId: string, traits: unknown) =>
      named(groupId, (id) => {
        store.set(GROUP_ID, id);
        record({ type: "group", groupId: id, traits: fieldsOf(traits) });
      }),
    ),
    alias: guard((userId: string, previous: unknown) =>
      person(userId, (id) => {
        const previousId = idOf(previous) || store.get(USER_ID) || deviceIn(store);
        record({ type: "alias", userId: id, previousId });
      }),
    ),
    page,
    reset: guard(reset),
    flush: flush,
    consent: guard((choice: Choice) => {
      choose(choice);
      follow();
      resume();
    }),
    ready: guard((callback: () => void) => callback()),
    debug(on = true) {
      options.debug = on;
    },
  } as unknown as Client;
  const show = () => {
    prerenders = false;
  };
  // it does not bubble
  addEventListener("prerenderingchange", show, true);
  begin();
  follow();
  /** By the URL of its beginning: the page may be another one by now. */
  const announce = () => view.announced || page(undefined, undefined, view.href);
  start(client, leave, begin, announce, flush, resume, sendLast);
  return client;
}

type Fields = Record<string, unknown>;
