/** What waits to be sent, and when it is. */

import { firstBatch, MAX_BATCH_MESSAGES, requestBody } from "./batch.ts";
import { now, remaining } from "./clock.ts";
import type { Log } from "./guard.ts";
import { exclusively } from "./lock.ts";
import {
  BLOCKED_MS,
  isWorthRetrying,
  MAX_PAUSE_MS,
  MAX_UNANSWERED,
  retryAfter,
  retryDelay,
} from "./retry.ts";
import { keepText, localText } from "./storage.ts";
import { type Answer, send } from "./transport.ts";
import { waitingIn } from "./waiting.ts";

/** How long a message waits for company. */
export const LINGER_MS = 1_000;

export type Queue = [
  /** Sends a message soon, or now if it fills a request; answers how many were dropped for it. */
  add: (id: string, json: string, bytes: number) => number,
  /** Drops what waits. */
  clear: () => void,
  ...sending: Sending,
];

export type Sending = [
  /** Sends what waits, batch after batch; resolves when all is answered or the API needs a pause. */
  flush: () => Promise<void>,
  /** Sends what waits, unless the API asked for a pause: the network or the page is there again. */
  resume: () => void,
  /** Sends this page's messages at once: there may be no later. */
  sendLast: () => void,
];

/**
 * @param name tells this queue from those of other collectors and keys, in all tabs
 * @param keeps whether anything may be kept on the device
 * @param mayLeave whether messages may leave now
 */
export function queueOf(
  name: string,
  url: string,
  writeKey: string | undefined,
  keeps: () => boolean,
  mayLeave: () => boolean,
  log: Log,
): Queue {
  const pauseKey = `${name}~`;
  // To the end: a list that is read in part asks the iterator for a `return` that the page may have
  // polluted.
  const [keep, read, remove, all, own, ..._] = waitingIn(`${name}:`, keeps);
  /** The keys of messages that are on their way. */
  let flying: string[] = [];
  let limit = MAX_BATCH_MESSAGES;
  let failures = 0;
  let restsUntil = 0;
  let blocked = false;
  let left = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> | undefined;

  /** Milliseconds until the next try may be made. */
  const pause = () =>
    remaining(Math.max(restsUntil, Number(localText(pauseKey) ?? 0)), MAX_PAUSE_MS);
  const schedule = () => {
    // what is blocked is not knocked at: it waits for another event
    if (!blocked || !pause()) timer ??= setTimeout(flush, Math.max(pause(), LINGER_MS));
  };
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const rest = (answer: Answer) => {
    // batches that were on their way together are one failure
    if (restsUntil <= now()) failures += 1;
    blocked = !answer[0] && failures >= MAX_UNANSWERED;
    const asked = retryAfter(answer[1]);
    restsUntil = now() + (asked || (blocked ? BLOCKED_MS : retryDelay(failures)));
    // for all tabs, and for the next page
    if (asked && keeps()) keepText(pauseKey, restsUntil);
    stop();
    schedule();
  };
  /** Hands back an answer that asks to wait. */
  const settle = (batch: string[], answer: Answer): Answer | undefined => {
    const status = answer[0];
    const half = batch.length >> 1;
    if (status === 413 && half) {
      limit = half;
    } else if (isWorthRetrying(status)) {
      rest(answer);
      return answer;
    } else {
      if (status >= 400) log("refused", answer);
      failures = 0;
      batch.forEach(remove);
    }
    return;
  };
  const deliver = async (batch: string[], last: boolean) => {
    flying = flying.concat(batch);
    const messages = batch.map(read).filter(Boolean) as string[];
    // the bytes that may outlive a page are shared with it, and beyond them nothing answers
    const answer = await send(url, requestBody(messages, writeKey), last, last || !failures);
    // those of which nothing will be known fly until the page is there again
    if (!answer) return;
    flying = flying.filter((key) => !batch.includes(key));
    return settle(batch, answer);
  };
  const notFlying = (key: string) => !flying.includes(key);
  const sendAll = async () => {
    while (!pause() && mayLeave()) {
      const batch = firstBatch(all().filter(notFlying), limit);
      if (!batch[0] || (await deliver(batch, false))) return;
    }
  };
  const flush = () => {
    stop();
    sending ??= (keeps() ? exclusively(name, sendAll) : sendAll()).finally(() => {
      sending = undefined;
      // what came as the last answer did, or is another page's turn
      if (own()[0] && mayLeave()) schedule();
    });
    return sending;
  };
  /** Halves what is refused without an answer, until the rest of the browser's quota takes it. */
  const deliverLast = async (batch: string[]) => {
    const failure = await deliver(batch, true);
    const half = batch.length >> 1;
    if (half && failure && !failure[0]) {
      void deliverLast(batch.slice(0, half));
      void deliverLast(batch.slice(half));
    }
  };
  const leave = () => {
    left = true;
    // what is kept on the device can wait for the next page
    if (!mayLeave() || (pause() && keeps())) return;
    const batch = firstBatch(own().filter(notFlying), limit);
    if (!batch[0]) return;
    void deliverLast(batch);
    leave();
  };
  // of the pages before
  if (all()[0]) schedule();
  const add = (id: string, json: string, bytes: number) => {
    const dropped = keep(id, json, bytes);
    if (left) leave();
    else if (own().length >= limit && !pause()) void flush();
    else schedule();
    return dropped;
  };
  const resume = () => {
    left = false;
    flying = [];
    restsUntil = 0;
    void flush();
  };
  return [add, () => all().forEach(remove), flush, resume, leave];
}
