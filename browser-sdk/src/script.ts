/** The script tag: starts from its data attributes and becomes `window.headwater`. */

import type { Client } from "./client.ts";
import { guarded, type Log } from "./guard.ts";
import { createClient } from "./index.ts";
import { optionsFromDataset } from "./options.ts";

/** A call as the page queues it before the script is there: `["track", "Signed up"]`. */
type Call = [method: keyof Client, ...args: unknown[]];

interface ScriptClient extends Client {
  push(...calls: Call[]): void;
}

declare global {
  interface Window {
    headwater?: Call[] | ScriptClient;
  }
}

const silent: Log = () => {};

guarded(silent, () => {
  const options = optionsFromDataset(document.currentScript?.dataset ?? {});
  const early = window.headwater ?? [];
  // the same tag twice on a page must not count everything twice
  if (options === null || !Array.isArray(early)) return;
  window.headwater = withPush(createClient(options));
  window.headwater.push(...early);
})();

/** Keeps the queue's own method, so that a page need not know whether the script is there yet. */
function withPush(client: Client): ScriptClient {
  const perform = guarded(silent, ([method, ...args]: Call) => {
    (client[method] as (...args: unknown[]) => void)(...args);
  });
  return { ...client, push: (...calls) => calls.forEach(perform) };
}
