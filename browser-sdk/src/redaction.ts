/** Takes out of URLs and texts what must not leave the page: credentials, tokens and addresses. */

import { parseUrl } from "./parse-url.ts";

/** Keys whose values are masked unless the page says otherwise; see `isSecret`. */
export const MASKED_KEYS: readonly string[] = [
  "token",
  "code",
  "password",
  "passwd",
  "pass",
  "pwd",
  "key",
  "secret",
  "mail",
  "auth",
  "jwt",
  "otp",
  "signature",
  "sig",
  "credential",
  "sessionid",
  "sid",
];

const MASK = "***";
/** How deep URLs are looked for in values of URLs; what may hide more is masked. */
const MAX_DEPTH = 4;
/** Of a title, or of the path or query of a URL, the rest is cut off: it would take a click's time. */
const MAX_LENGTH = 8_192;

// Each pattern takes time that grows with the text alone: what may repeat is bounded or anchored.
/** In a text, what a scheme without slashes begins may hold spaces, so it reaches to the end. */
const ADDRESSES =
  /\b(?:javascript|vbscript|data|blob|mailto|tel|sms):\S.*|\b[a-z][a-z\d+.-]{0,20}:\/\/\S+/gis;
const CREDENTIALS = /[\\/]{2}[^\s\\/?#]*@/g;
const PAIRS = /(^|[\s/?&#;])([^\s/?&#;=]+)=([^\s&#]*)/g;
const MAIL_ADDRESSES = /[^\s/?&#;=:@]{1,64}@[\w.-]+\.[a-z]{2,}/gi;
/** A fragment that is a route, up to its query or a second fragment, escaped or not. */
const ROUTE = /^#[/!](?:[^?&#;=%]|%(?!(?:25)*(?:3[fbd]|2[36])))*/i;

export class Redaction {
  private readonly names: string[];

  constructor(maskedKeys: readonly string[] = MASKED_KEYS) {
    // as a text has them, and as a URL does
    const names = maskedKeys.flatMap((name) => [name, decode(encodeURIComponent(name))]);
    this.names = names.filter(Boolean).map((name) => name.toLowerCase());
  }

  /**
   * The URL without user name, password, fragment (a route stays, its query does not) and the
   * values of masked keys; of a scheme other than http and https the scheme alone; empty if it
   * is not a URL.
   *
   * @param depth in how many others this one was found
   */
  url(href: string, depth = 0): string {
    const url = parseUrl(href);
    if (!url) return "";
    if (!/^https?:$/.test(url.protocol)) return url.protocol;
    const clean = (part: string) => part.slice(0, 1) + this.text(part.slice(1), depth);
    return url.origin + clean(url.pathname) + clean(url.search) + clean(routePath(url.hash));
  }

  /**
   * The text with the URLs in it redacted, and with the values of masked keys and mail addresses
   * masked.
   *
   * @param depth in how many others this one was found
   */
  text(text: string, depth = 0): string {
    if (depth > MAX_DEPTH) return /[%=:@]/.test(text) ? MASK : text;
    const clean = text
      .slice(0, MAX_LENGTH)
      .replace(ADDRESSES, (found) => this.unlessClean(found, depth + 1))
      .replace(CREDENTIALS, "//")
      .replace(PAIRS, (_, before, key, value) => `${before}${key}=${this.value(key, value, depth)}`)
      .replace(MAIL_ADDRESSES, MASK);
    const decoded = decode(clean);
    const hides = decoded !== clean && this.text(decoded, depth + 1) !== decoded;
    return hides ? MASK : clean;
  }

  /** Leaves a URL that hides nothing as it was written. */
  private unlessClean(found: string, depth: number): string {
    const clean = this.url(found, depth);
    return clean === parseUrl(found)?.href ? found : clean;
  }

  private value(key: string, value: string, depth: number): string {
    return this.isSecret(decode(key)) ? MASK : this.text(value, depth + 1);
  }

  /** Whether the key, or a word in it, ends like a masked one: `key` masks `apiKey`, not `keyword`. */
  private isSecret(key: string): boolean {
    const words = key.replace(/([a-z])([A-Z])/g, "$1 $2").split(/[^a-zA-Z]+/);
    const said = [key, ...words].map((word) => word.toLowerCase());
    return this.names.some((name) => said.some((word) => word.endsWith(name)));
  }
}

function routePath(fragment: string): string {
  return ROUTE.exec(fragment)?.[0] ?? "";
}

/** Undoes the escapes of ASCII; unlike `decodeURIComponent` it leaves others be and never throws. */
function decode(text: string): string {
  return text.replace(/%([0-7][\da-f])/gi, (_, hex) => String.fromCharCode(Number(`0x${hex}`)));
}
