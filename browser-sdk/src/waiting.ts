/** Messages that wait to be sent: in the storage that all tabs share, else in this page's memory. */

import { attempt } from "./guard.ts";
import { forgetText, keepText, localText } from "./storage.ts";

/** How much waits at most. */
export const MAX_WAITING_BYTES = 1_000_000;
/** How many of the oldest are dropped when room runs out: together, since their count is a message too. */
export const DROPPED_TOGETHER = 100;

export type Waiting = [
  /** Keeps a message, and answers how many had to go for it. */
  add: (id: string, json: string, bytes: number) => number,
  read: (key: string) => string | null | undefined,
  remove: (key: string) => void,
  /** All keys, the oldest first. */
  all: () => string[],
  /** The keys of this page; those that another tab has sent are among them until `all` is asked. */
  own: () => string[],
];

/**
 * @param prefix what the keys of this queue begin with
 * @param keeps whether anything may be kept on the device
 */
export function waitingIn(prefix: string, keeps: () => boolean): Waiting {
  /** This page's messages: the text where the storage has none, else nothing. */
  const mine = new Map<string, string>();
  let bytes = 0;

  const remove = (key: string) => {
    if (!mine.get(key)) forgetText(key);
    mine.delete(key);
    bytes -= sizeOf(key);
  };
  const all = () => {
    const names = attempt(() => Object.keys(localStorage)) ?? [];
    const keys = new Set(names.filter((name) => name.startsWith(prefix)));
    mine.forEach((text, key) => {
      if (text) keys.add(key);
      // another tab has sent it
      else if (!keys.has(key)) mine.delete(key);
    });
    bytes = 0;
    for (const key of keys) bytes += sizeOf(key);
    return [...keys].sort();
  };
  const add = (id: string, json: string, size: number) => {
    const key = `${prefix + id} ${size}`;
    mine.set(key, keeps() && keepText(key, json) ? "" : json);
    bytes += size;
    // counts anew: other tabs may have sent some of it
    if (bytes > MAX_WAITING_BYTES) all();
    const dropped = bytes > MAX_WAITING_BYTES ? all().slice(0, DROPPED_TOGETHER) : [];
    dropped.forEach(remove);
    return dropped.length;
  };
  return [add, (key) => mine.get(key) || localText(key), remove, all, () => [...mine.keys()]];
}

/** The bytes of a key's message; they are in the key, so that they are known without reading it. */
export function sizeOf(key: string): number {
  return Number(key.split(" ").pop());
}
