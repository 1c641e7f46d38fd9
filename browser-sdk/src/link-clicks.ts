/** Link clicks: one listener for all links, those there now and those to come. */

import { FIELD, fieldsIn, textOf } from "./element.ts";
import { attempt } from "./guard.ts";
import type { Listen } from "./listen.ts";
import type { Redact } from "./redaction.ts";

const LINK = "a[href],area[href]";
/** What a click acts on by itself, so that no link around it is followed. */
const OTHERS = "[type=checkbox],[type=radio],label,summary";
const MIDDLE_BUTTON = 1;

export interface LinkClick extends Record<string, unknown> {
  href: string;
  text: string;
  id: string;
  classes: string[];
  /** Whether the link leads to another host. */
  outbound: boolean;
  /** Whether it leads to a file to keep, by its attribute of that name. */
  download: boolean;
}

/** Tells of each click that follows a link, in this tab or in a new one. */
export function captureLinkClicks(
  listen: Listen,
  redact: Redact,
  track: (event: string, click: LinkClick) => void,
): void {
  listen("click auxclick", (event: MouseEvent) => {
    // another button than the middle one, which opens a new tab, follows nothing
    if (event.button > MIDDLE_BUTTON) return;
    const link = event.composedPath().find((target) => is(target, `${LINK},${OTHERS}`));
    if (is(link, LINK) && !link.isContentEditable) track("link_click", describe(link, redact));
  });
}

function describe(link: HTMLElement, redact: Redact): LinkClick {
  const url = new URL(link.getAttribute("href") as string, link.baseURI);
  return {
    ...fieldsIn(link, FIELD, redact.text),
    href: redact.url(url),
    text: redact.text(textOf(link)),
    id: link.id,
    classes: [...link.classList],
    // a page of no address of its own (`srcdoc`) has its parent's for a base
    outbound: /^http/.test(url.protocol) && url.host !== new URL(link.baseURI).host,
    download: link.hasAttribute("download"),
  };
}

/** Neither is a window or a document, nor a form that has an input called `matches`. */
function is(target: EventTarget | undefined, selector: string): target is HTMLElement {
  return !!attempt(() => (target as Element).matches(selector));
}
