/** Which answers are worth another try, and when. */

import { now } from "./clock.ts";

export const FIRST_DELAY_MS = 1_000;
export const MAX_DELAY_MS = 60_000;
/** The longest pause that is obeyed: a mistaken header must not silence a page for good. */
export const MAX_PAUSE_MS = 3_600_000;
/** After so many failures without an answer, the network is down or something blocks the API. */
export const MAX_UNANSWERED = 3;
/** How long a blocked page rests before it is asked again, if somebody uses it. */
export const BLOCKED_MS = 5 * 60_000;

/** No answer, a timeout, a full service or a broken one; any other 4xx would be refused again. */
export function isWorthRetrying(status: number): boolean {
  return !status || status === 408 || status === 429 || status >= 500;
}

/**
 * Milliseconds to wait without being asked to: exponential, with jitter.
 *
 * @param failures how many tries failed in a row, from 1
 */
export function retryDelay(failures: number): number {
  const ceiling = Math.min((FIRST_DELAY_MS / 2) * 2 ** failures, MAX_DELAY_MS);
  return (ceiling * (1 + Math.random())) / 2;
}

/** Milliseconds that the API asks for; `Retry-After` is seconds or a date (RFC 9110, section 10.2.3). */
export function retryAfter(header: string | null): number {
  const ms = Number(header) * 1_000 || Date.parse(header as string) - now() || 0;
  return Math.max(0, Math.min(ms, MAX_PAUSE_MS));
}
