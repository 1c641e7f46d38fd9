/** Who: the device always, the person and the account once the page has said so. */

import type { Store } from "./storage.ts";
import { uuid } from "./uuid.ts";

export const ANONYMOUS_ID = "headwater_anonymous_id";
export const USER_ID = "headwater_user_id";
export const GROUP_ID = "headwater_group_id";

/** The device's id, made where there is none. Read each time: another tab may have signed out. */
export function deviceIn(store: Store): string {
  let id = store.get(ANONYMOUS_ID);
  if (!id) {
    id = uuid();
    store.set(ANONYMOUS_ID, id);
  }
  return id;
}

/** What templates make of an id that they do not have: as an id, it would make many people one. */
const NO_ID = /^\s*(nan|null|undefined|\[obj.*)?\s*$/i;

/** Names and ids are texts; a number is read as one. Empty for all that names nothing. */
export function idOf(value: unknown): string {
  const text = /^[sn]/.test(typeof value) ? String(value) : "";
  return NO_ID.test(text) ? "" : text;
}
