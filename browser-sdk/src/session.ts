/** A visit: it ends after half an hour without a message, or a day after it began. */

import { now } from "./clock.ts";
import type { Store } from "./storage.ts";
import { uuid } from "./uuid.ts";

export const SESSION = "headwater_session";
export const MAX_IDLE_MS = 30 * 60_000;
export const MAX_LENGTH_MS = 24 * 3_600_000;
/** A visit that was seen so lately is not written again: a burst of calls writes once. */
const FRESH_MS = 1_000;

/** Its id, which of the device's visits it is, from 1, and the campaign that led here, in JSON. */
export type Visit = [id: string, number: number, campaign: string];

/**
 * The visit that a message of this moment belongs to; begins the next one where the last is over.
 * Reads the store each time: all tabs share the visit, so any of them keeps it alive.
 *
 * @param arrived the campaign that a page was reached by, which is the visit's until another one is
 */
export function touchVisit(store: Store, arrived: string): Visit {
  const moment = now();
  let [id = "", count, began, seen, ...last] = (store.get(SESSION) ?? "").split(" ");
  let number = Number(count) || 0;
  // a clock set back by hours must not keep a visit alive for as long again
  const idle = Math.abs(moment - Number(seen));
  const goesOn = idle <= MAX_IDLE_MS && moment - Number(began) <= MAX_LENGTH_MS;
  if (!goesOn) {
    id = uuid();
    number += 1;
    began = String(moment);
    last = [];
  }
  const campaign = arrived || last.join(" ");
  if (!goesOn || idle > FRESH_MS || arrived) {
    store.set(SESSION, [id, number, began, moment, campaign].join(" "));
  }
  return [id, number, campaign];
}
