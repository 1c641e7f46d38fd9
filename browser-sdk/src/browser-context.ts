/** The circumstances of a message, as the browser tells them. */

import { version } from "../package.json";
import { campaignOf } from "./campaign.ts";
import type { Context } from "./contract.ts";
import { attributeOf } from "./document-attribute.ts";
import type { Redaction } from "./redaction.ts";

const LIBRARY = { name: "headwater.js", version };

/** Everything but the visit: page, campaign, language, time zone, screen and this library. */
export function browserContext(page: Window, referrer: string, redaction: Redaction): Context {
  const url = redaction.url(page.location.href);
  const { pathname, search, hash } = new URL(url);
  const campaign = campaignOf(search);
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
      path: pathname + hash,
      referrer: redaction.url(referrer),
      search,
      title: redaction.text(attributeOf(page.document, "title")),
      url,
    },
    ...(campaign && { campaign }),
  };
}
