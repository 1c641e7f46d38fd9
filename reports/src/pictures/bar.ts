/** A bar of HTML. */

import { h } from "../dom.ts";

/** Return a bar as long as a part is of a whole. */
export function bar(part: number, whole: number): HTMLElement {
  const made = h("span", { class: "bar", "aria-hidden": "true" });
  made.style.setProperty("--share", `${whole ? part / whole : 0}`);
  return made;
}
