/** The circumstances of a message, as the browser tells them. */

import { version } from "../package.json";
import type { Context } from "./contract.ts";
import { attributeOf } from "./document-attribute.ts";
import type { Redact } from "./redaction.ts";

let zone: string | undefined;

/**
 * Everything but ids: page, campaign, language, time zone, screen and this library.
 *
 * @param campaign the visit's, in JSON
 */
export function contextOf(
  redact: Redact,
  href: string,
  referrer: string,
  campaign: string,
): Context {
  // the first answer takes a browser 20 ms, and each other one 0.1
  zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  const url = redact.url(href);
  const { pathname, search, hash } = new URL(url);
  const { width, height } = screen;
  return {
    channel: "browser",
    library: { name: "headwater.js", version },
    locale: navigator.language,
    timezone: zone,
    screen: { width, height, density: devicePixelRatio },
    page: {
      path: pathname + hash,
      referrer: redact.url(referrer),
      search,
      title: redact.text(attributeOf("title")),
      url,
    },
    campaign: campaign ? JSON.parse(campaign) : undefined,
  };
}
