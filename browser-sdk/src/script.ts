/** The script tag: starts from its data attributes and becomes `window.headwater`. */

import type { Client } from "./client.ts";
import { attributeOf } from "./document-attribute.ts";
import { fieldsIn } from "./element.ts";
import { attempt } from "./guard.ts";
import { createClient } from "./index.ts";
import type { Options } from "./options.ts";

/** A call as the page queues it before the script is there: `["track", "Signed up"]`. */
type Call = [method: keyof Client, ...args: unknown[]];

type Callable = Record<keyof Client, (...args: unknown[]) => void>;

interface ScriptClient extends Client {
  /** Keeps the queue's own method, so that a page need not know whether the script is there yet. */
  push(...calls: Call[]): void;
}

declare global {
  interface Window {
    headwater?: Call[] | ScriptClient;
  }
}

const started = attempt(() => {
  const given = window.headwater;
  // anything else is an element of that id, which a snippet took for the queue, or is inherited
  const isOwn = Array.isArray(given) && given !== ({} as Window).headwater;
  const early = isOwn ? given : [];
  // `data-api-url` as `apiUrl`, and so on; there is no tag in a module
  const options = fieldsIn(attributeOf("currentScript") as Element, "data-") as unknown as Options;
  if (!options.apiUrl) return false;
  const client = createClient(options);
  const calls = early.splice(0);
  const push = (...more: Call[]) => {
    for (const call of more)
      attempt(() => (client as unknown as Callable)[call[0]](...call.slice(1)));
  };
  // what has kept the queue may go on calling it
  window.headwater = Object.assign(early as unknown as ScriptClient, client, {
    createClient,
    push,
  });
  push(...calls);
  return true;
});

// the one word without debugging: nothing that the page does can make it work, and nothing else tells
if (!started) console.warn("headwater: no data-api-url");
