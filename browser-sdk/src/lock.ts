/** One page at a time: by the Web Locks API, else by a lease in the storage that they share. */

import { now, remaining } from "./clock.ts";
import { forgetText, keepText, localText } from "./storage.ts";

/** More than one request takes; a page that dies with the lease keeps the others waiting as long. */
export const LEASE_MS = 40_000;

type Task = () => Promise<void>;

/** Runs tasks of this name one at a time; by a lease, `task` may not run: another page is at it. */
export async function exclusively(name: string, task: Task): Promise<void> {
  // a storage that is forbidden holds nothing that another page could send
  if (localText(name) === undefined) return task();
  return navigator.locks?.request(name, task) ?? withLease(name, task);
}

/** Two pages that ask at once may both get it: then a message is sent twice, and known by its id. */
async function withLease(name: string, task: Task): Promise<void> {
  if (remaining(Number(localText(name)), LEASE_MS)) return;
  keepText(name, now() + LEASE_MS);
  await task();
  forgetText(name);
}
