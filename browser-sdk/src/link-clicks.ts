/** Link clicks: one listener for all links, those there now and those to come. */

import { guarded, type Log } from "./guard.ts";
import type { Redaction } from "./redaction.ts";

const LINK = "a[href],area[href]";
const MAX_TEXT = 255;
const MIDDLE_BUTTON = 1;

export interface LinkClick extends Record<string, unknown> {
  href: string;
  text: string;
  id: string;
  classes: string[];
  /** Whether the link leads to another host. */
  outbound: boolean;
}

export interface LinkClickParts {
  page: Window;
  redaction: Redaction;
  log: Log;
}

/** Calls `send` for each click that follows a link, in this tab or in a new one. */
export function captureLinkClicks(parts: LinkClickParts, send: (click: LinkClick) => void): void {
  const onClick = guarded(parts.log, (event: MouseEvent) => {
    const link = linkOf(event);
    if (link) send(describe(link, parts));
  });
  // In the capture phase: a page that stops an event's propagation must not hide the click.
  parts.page.addEventListener("click", onClick, true);
  const onOtherButton = (event: MouseEvent) => event.button === MIDDLE_BUTTON && onClick(event);
  parts.page.addEventListener("auxclick", onOtherButton, true); // opens a new tab
}

/** The link around what was hit; the composed path leads out of open shadow roots. */
function linkOf(event: MouseEvent): Element | undefined {
  return event.composedPath().find((target): target is Element => isLink(target));
}

/** By the prototype's method: a form has an input of the name `matches` in the place of its own. */
function isLink(target: EventTarget): boolean {
  try {
    return Element.prototype.matches.call(target, LINK);
  } catch {
    return false; // a document, a shadow root or the window
  }
}

function describe(link: Element, { page: { location }, redaction }: LinkClickParts): LinkClick {
  const url = new URL(link.getAttribute("href") ?? "", link.baseURI);
  return {
    href: redaction.url(url.href),
    text: redaction.text(textOf(link)).slice(0, MAX_TEXT),
    id: link.id,
    classes: [...link.classList],
    outbound: url.protocol.startsWith("http") && url.host !== location.host,
  };
}

function textOf(link: Element): string {
  const text = link.textContent?.trim() || link.getAttribute("aria-label") || "";
  return text.replace(/\s+/g, " ");
}
