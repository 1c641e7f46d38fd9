/** The page view that events belong to; in a single-page app one document has many. */

import { attributeOf } from "./document-attribute.ts";
import { pageUrl } from "./page-url.ts";
import { uuid } from "./uuid.ts";

export interface PageView {
  id: string;
  /** The page's URL as it is, fragment and all. */
  href: string;
  /** The page before: another site at first, then the page of this app that was left. */
  referrer: string;
  /** Whether its page message was made. */
  announced: boolean;
}

export function firstView(): PageView {
  return { id: uuid(), href: "", referrer: attributeOf("referrer"), announced: false };
}

/** Moves on to another page. One that was never announced was passed through: its referrer stays. */
export function beginView(view: PageView): void {
  const { href } = location;
  if (view.announced) {
    // the same URL again, back from the browser's cache, keeps its referrer
    if (pageUrl(href) !== pageUrl(view.href)) view.referrer = view.href;
    view.id = uuid();
    view.announced = false;
  }
  view.href = href;
}
