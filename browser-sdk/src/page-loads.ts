/** Page loads: the document's own, those of a single-page app, and a return from the browser's cache. */

import type { Clock } from "./clock.ts";
import { attributeOf } from "./document-attribute.ts";
import { guarded, type Log } from "./guard.ts";
import { pageUrl, withoutQuery } from "./page-url.ts";
import type { PageView } from "./page-view.ts";

export class PageLoads {
  private current: string;

  /** Calls `announce` once for each page load, when its title is known. */
  constructor(
    private readonly page: Window,
    private readonly view: PageView,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly announce: () => void,
  ) {
    this.current = pageUrl(page.location.href);
  }

  capture(): void {
    const onPush = guarded(this.log, () => this.navigated(pageUrl));
    // A replaced query is state of the same page (a filter, a map's position), often many a second.
    const onReplace = guarded(this.log, () => this.navigated(withoutQuery));
    const onShow = guarded(this.log, (event: PageTransitionEvent) => {
      if (event.persisted) this.begin();
    });

    afterCall(this.page.history, "pushState", onPush);
    afterCall(this.page.history, "replaceState", onReplace);
    this.page.addEventListener("popstate", onPush);
    this.page.addEventListener("pageshow", onShow);
    this.announceSoon();
  }

  private navigated(identifying: (href: string) => string): void {
    const previous = this.current;
    this.current = pageUrl(this.page.location.href);
    if (identifying(this.current) !== identifying(previous)) this.begin();
  }

  /** Starts the page view at once: what happens from here on belongs to the new page. */
  private begin(): void {
    this.view.begin(this.current);
    this.announceSoon();
  }

  /** Waits for the router to set the title; a redirect in the same task is one page load. */
  private announceSoon(): void {
    const announce = guarded(this.log, () => {
      if (!this.view.announced) this.announce();
    });
    whenShown(this.page, () => this.clock.after(0, announce));
  }
}

/** A page that was prerendered and never looked at is no page load. */
function whenShown(page: Window, start: () => void): void {
  // It does not bubble, and comes once.
  if (attributeOf(page.document, "prerendering")) {
    page.addEventListener("prerenderingchange", start, true);
  } else start();
}

function afterCall(history: History, method: "pushState" | "replaceState", then: () => void): void {
  const original = history[method];
  history[method] = function (...args) {
    original.apply(this, args);
    then();
  };
}
