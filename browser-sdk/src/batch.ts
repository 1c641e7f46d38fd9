/** What goes into one request. */

import { timestamp } from "./clock.ts";
import { MAX_MESSAGE_BYTES } from "./contract.ts";
import { bare } from "./own.ts";
import { sizeOf } from "./waiting.ts";

export const MAX_BATCH_MESSAGES = 20;
/** Under the 64 KiB that browsers let outlive a page, with room for the rest of the body. */
export const MAX_BATCH_BYTES = 59_000;

/** The size of a message; throws where it is over the contract's limit. */
export function bytesOf(json: string): number {
  const bytes = new TextEncoder().encode(json).length;
  if (bytes > MAX_MESSAGE_BYTES) throw RangeError("size");
  return bytes;
}

/**
 * The first keys that fit into one request; none only where there are none.
 */
export function firstBatch(keys: string[], most: number): string[] {
  let bytes = 0;
  // Not a loop with a break, which asks the iterator for a `return` that the page may have polluted.
  return keys.slice(0, most).filter((key) => {
    bytes += sizeOf(key) + 1; // and a comma
    return bytes <= MAX_BATCH_BYTES;
  });
}

/** The request body; `sentAt` lets the collector correct a wrong clock. */
export function requestBody(messages: string[], writeKey?: string): string {
  const rest = JSON.stringify(bare({ sentAt: timestamp(), writeKey }));
  return `{"batch":[${messages}],${rest.slice(1)}`;
}
