/** What a tracking plan's types let through; `tsc` checks it, and this proves that the file is read. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "../src/index.ts";

interface Events {
  "Signed up": { plan: string };
}

export function typed(client: Client<Events>): void {
  client.track("Signed up", { plan: "pro" });
  // @ts-expect-error: the plan has no such event
  client.track("Signed upp");
  // @ts-expect-error: a plan's name is a text
  client.track("Signed up", { plan: 7 });
}

test("a client of a plan takes the plan's events", () => {
  const calls: unknown[] = [];
  typed({ track: (event: string) => calls.push(event) } as unknown as Client<Events>);
  assert.deepEqual(calls, ["Signed up", "Signed upp", "Signed up"]);
});
