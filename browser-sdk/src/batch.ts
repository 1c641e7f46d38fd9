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
  const json = jsonOf(message);
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
  let bytes = 0;
  // Not a loop with a break, which asks the iterator for a `return` that the page may have polluted.
  const batch = waiting.slice(0, MAX_BATCH_MESSAGES).filter((entry, index) => {
    bytes += entry.bytes + 1; // and a comma
    return index === 0 || bytes <= MAX_BATCH_BYTES;
  });
  return waiting.splice(0, batch.length);
}

/** The request body; `sentAt` lets the collector correct a wrong clock. */
export function requestBody(batch: Entry[], sentAt: number, writeKey: string | undefined): string {
  const messages = batch.map(({ json }) => json).join(",");
  const rest = jsonOf({ sentAt: new Date(sentAt).toISOString(), writeKey });
  return `{"batch":[${messages}],${rest.slice(1)}`;
}

/** Without a `toJSON` that the page gave all objects or arrays: old libraries do, and break them. */
function jsonOf(value: object): string {
  const { toJSON: ofObjects } = Object.prototype as Convertible;
  const { toJSON: ofArrays } = Array.prototype as Convertible;
  return JSON.stringify(value, function (this: Record<string, unknown>, key, converted) {
    const original = this[key] as Convertible | null | undefined;
    const method = original?.toJSON;
    return method === ofObjects || method === ofArrays ? original : converted;
  });
}

interface Convertible {
  toJSON?: unknown;
}

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
