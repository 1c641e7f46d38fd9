/** The circumstances of a message, as the browser tells them. */

import { version } from "../package.json";
import { campaignOf } from "./campaign.ts";
import type { Context } from "./contract.ts";
import { attributeOf } from "./document-attribute.ts";
import { pageUrl, routeOf } from "./page-url.ts";

const LIBRARY = { name: "headwater.js", version };

/** Everything but the visit: page, campaign, language, time zone, screen and this library. */
export function browserContext(page: Window, referrer: string): Context {
  const campaign = campaignOf(page.location.search);
  return {
    channel: "browser",
    library: LIBRARY,
    locale: page.navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen: {
      width: page.screen.width,
      height: page.screen.height,
      density: page.devicePixelRatio,
    },
    page: {
      path: page.location.pathname + routeOf(page.location.hash),
      referrer,
      search: page.location.search,
      title: attributeOf(page.document, "title"),
      url: pageUrl(page.location.href),
    },
    ...(campaign && { campaign }),
  };
}
