/** Events of the page, heard before the page's own handlers and to the end. */

import { attempt } from "./guard.ts";
import { bare } from "./own.ts";

/** Calls `handler` for events of these types, which a space separates. */
// biome-ignore lint/suspicious/noExplicitAny: each type of event has a class of its own
export type Listen = (types: string, handler: (event: any) => void) => void;

/** `document.open()`, as old advertisements use it, wipes every listener: they are put back. */
export function listener(): Listen {
  const all: (() => void)[] = [];
  // the same handler twice is one
  const put = () => {
    for (const add of all) add();
  };
  new MutationObserver(put).observe(document, bare({ childList: true }));
  return (types, handler) => {
    const safe = (event: Event) => attempt(() => handler(event));
    for (const type of types.split(" ")) all.push(() => addEventListener(type, safe, true));
    put();
  };
}
