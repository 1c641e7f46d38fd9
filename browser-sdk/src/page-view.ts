/** The page view that events belong to; in a single-page app one document has many. */

import { uuid } from "./uuid.ts";

export class PageView {
  id = uuid();
  /** Whether its page message was made. */
  announced = false;

  constructor(
    private url: string,
    /** The page before: another site at first, then the page of this app that was left. */
    public referrer: string,
  ) {}

  /** Starts the next page view. The same URL again (back from the browser's cache) keeps its referrer. */
  begin(url: string): void {
    if (url !== this.url) this.referrer = this.url;
    this.url = url;
    this.id = uuid();
    this.announced = false;
  }

  /** Marks this page view as said, or starts another where it already was. */
  announce(url: string): void {
    if (this.announced) this.begin(url);
    this.announced = true;
  }
}
