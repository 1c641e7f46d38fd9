/** The script tag: starts from its data attributes and becomes `window.headwater`. */

import type { Client } from "./client.ts";
import { currentScript } from "./document-attribute.ts";
import { guarded, type Log } from "./guard.ts";
import { createClient } from "./index.ts";
import { optionsFromTag } from "./options.ts";
import { own } from "./own.ts";

/** A call as the page queues it before the script is there: `["track", "Signed up"]`. */
type Call = [method: keyof Client, ...args: unknown[]];

/** Where the client is that runs; no element and no polluted prototype gives a symbol a value. */
const RUNNING = Symbol.for("headwater");

interface ScriptClient extends Client {
  push(...calls: Call[]): void;
}

declare global {
  interface Window {
    headwater?: Call[] | ScriptClient;
    [RUNNING]?: ScriptClient;
  }
}

const silent: Log = () => {};

guarded(silent, () => {
  const early = own(window, "headwater");
  // the same tag twice on a page must not count everything twice
  const client = own(window, RUNNING) ?? clientOfTag(currentScript());
  if (!client) return;
  window[RUNNING] = window.headwater = client;
  // anything else is an element of that id, which a snippet took for the queue
  if (Array.isArray(early)) client.push(...early);
})();

function clientOfTag(tag: Element | null): ScriptClient | null {
  const options = tag && optionsFromTag(tag);
  return options && withPush(createClient(options));
}

/** Keeps the queue's own method, so that a page need not know whether the script is there yet. */
function withPush(client: Client): ScriptClient {
  const perform = guarded(silent, ([method, ...args]: Call) => {
    (own(client, method) as (...args: unknown[]) => void)(...args);
  });
  return { ...client, push: (...calls) => calls.forEach(perform) };
}
