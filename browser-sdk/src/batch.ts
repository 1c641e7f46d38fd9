/** What goes into one request. */

import { MAX_MESSAGE_BYTES, type Message } from "./contract.ts";

export const MAX_BATCH_MESSAGES = 20;
/** Under the 64 KiB that browsers let outlive a page, with room for the rest of the body. */
export const MAX_BATCH_BYTES = 59_000;

/** A message, serialized at once: the page may change its objects, and a retry sends the same. */
export interface Entry {
  json: string;
  bytes: number;
}

/** Serializes a message; throws a RangeError where it is over the contract's limit. */
export function entryOf(message: Message): Entry {
  const json = JSON.stringify(message);
  const bytes = byteLength(json);
  if (bytes > MAX_MESSAGE_BYTES) {
    throw new RangeError(
      `a message of ${bytes} bytes was dropped: send at most ${MAX_MESSAGE_BYTES}`,
    );
  }
  return { json, bytes };
}

/** Removes the next batch from the front: never empty unless `waiting` is. */
export function takeBatch(waiting: Entry[]): Entry[] {
  let count = 0;
  let bytes = 0;
  for (const entry of waiting.slice(0, MAX_BATCH_MESSAGES)) {
    bytes += entry.bytes + 1; // and a comma
    if (count > 0 && bytes > MAX_BATCH_BYTES) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

/** The request body; `sentAt` lets the collector correct a wrong clock. */
export function requestBody(batch: Entry[], sentAt: number, writeKey: string | undefined): string {
  const messages = batch.map(({ json }) => json).join(",");
  const rest = JSON.stringify({ sentAt: new Date(sentAt).toISOString(), writeKey });
  return `{"batch":[${messages}],${rest.slice(1)}`;
}

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
