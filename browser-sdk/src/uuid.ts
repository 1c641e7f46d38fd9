/** Ids that sort by the time of their making: UUIDs of version 7 (RFC 9562, section 5.7). */

import { now } from "./clock.ts";

/** Milliseconds times 4,096, and how many ids the millisecond had before; exact until 2039. */
let last = 0;

/** Each is greater than the one before, whatever the clock does (section 6.2, method 1). */
export function uuid(): string {
  last = Math.max(now() * 4_096, last + 1);
  const random = crypto.getRandomValues(new BigUint64Array(1))[0];
  const time = hex(last, 15);
  const rest = hex(random as bigint, 15);
  return [
    time.slice(0, 8),
    time.slice(8, 12),
    `7${time.slice(12)}`,
    `8${rest.slice(0, 3)}`,
    rest.slice(3, 15),
  ].join("-");
}

function hex(number: number | bigint, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}
