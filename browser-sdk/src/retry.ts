/** Which answers are worth another try, and when. */

import type { Answer } from "./transport.ts";

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
const MAX_RETRY_AFTER_MS = 10 * 60_000;

/** No answer, a timeout, a full service or a broken one; any other 4xx would be refused again. */
export function isWorthRetrying({ status }: Answer): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

/** Milliseconds to wait: what the API asked for, else exponential with jitter.
 *
 * @param failures how many tries failed in a row, from 1
 * @param random in [0, 1): spreads the clients that failed together
 */
export function retryDelay(answer: Answer, failures: number, now: number, random: number): number {
  const asked = retryAfter(answer.retryAfter, now);
  if (asked !== null) return Math.min(asked, MAX_RETRY_AFTER_MS);
  const ceiling = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), MAX_DELAY_MS);
  return ceiling * (0.5 + random / 2);
}

/** `Retry-After` is seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter(header: string | null, now: number): number | null {
  if (!header) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.max(ms, 0);
}
