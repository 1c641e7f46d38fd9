/** Takes out of URLs and texts what must not leave the page: credentials, tokens and addresses. */

import { parseUrl } from "./guard.ts";
import { listOf, type Names } from "./options.ts";

/** Keys whose values are masked unless the page says otherwise; see `isSecret`. */
export const MASKED_KEYS =
  "token,code,password,passwd,pass,pwd,key,secret,mail,auth,jwt,otp,signature,sig,credential,sessionid,sid";

const MASK = "***";
/** How deep URLs are looked for in values of URLs; what is deeper is masked. */
const MAX_DEPTH = 4;
/** Of a title, or of the path or query of a URL, the rest is cut off: it would take a click's time. */
const MAX_LENGTH = 4_096;

// Each pattern takes time that grows with the text alone: what may repeat is bounded or anchored.
/** In a text, what a scheme without slashes begins may hold spaces, so it reaches to the end. */
const ADDRESSES = /\b(?:javascript|data|mailto|tel):\S.*|\b[a-z][\w+.-]{0,20}:\/\/\S+/gis;
const CREDENTIALS = /[\\/]{2}[^\s\\/?#]*@/g;
const PAIRS = /(^|[\s/?&#;])([^\s/?&#;=]+)=([^\s&#]*)/g;
const MAIL_ADDRESSES = /[^\s/?&#;=:@]{1,64}@[\w.-]+\.[a-z]{2,}/gi;
/** A fragment that is a route, up to its query or a second fragment. */
const ROUTE = /^#[/!][^?&#;=]*/;

export interface Redact {
  /**
   * The URL without user name, password, fragment (a route stays, its query does not) and the
   * values of masked keys; of a scheme other than http and https the scheme alone; empty if it
   * is not a URL.
   */
  url(url: URL | string | undefined): string;
  /** The text with the URLs in it redacted, and with values of masked keys and mail addresses masked. */
  text(text: string): string;
}

/**
 * @param maskedKeys a list, or names with commas between
 * @param pattern what is masked beside
 */
export function redaction(maskedKeys: Names = MASKED_KEYS, pattern = /$./): Redact {
  // as a text has them, and as a URL does
  const names = listOf(
    `${maskedKeys},${decode(encodeURIComponent(String(maskedKeys)))}`.toLowerCase(),
  );

  /** @param depth in how many others this one was found */
  const redactUrl = (given: URL | string | undefined, depth = 0): string => {
    const url = parseUrl(given as string);
    if (!url) return "";
    if (!/^http/.test(url.protocol)) return url.protocol;
    const route = ROUTE.exec(url.hash)?.[0] ?? "";
    const parts = [url.pathname, url.search, route];
    const clean = parts.map((part) => part.slice(0, 1) + redactText(part.slice(1), depth));
    return url.origin + clean.join("");
  };
  const redactText = (text: string, depth = 0): string => {
    if (depth > MAX_DEPTH) return /[%=]/.test(text) ? MASK : text;
    const clean = text
      .slice(0, MAX_LENGTH)
      .replace(pattern, MASK)
      .replace(ADDRESSES, (found) => {
        const clean = redactUrl(found, depth + 1);
        // a URL that hides nothing stays as it was written
        return clean === parseUrl(found)?.href ? found : clean;
      })
      .replace(CREDENTIALS, "//")
      .replace(PAIRS, (_, before, key, value) => {
        const said = isSecret(decode(key), names) ? MASK : redactText(value, depth + 1);
        return `${before}${key}=${said}`;
      })
      .replace(MAIL_ADDRESSES, MASK);
    const decoded = decode(clean);
    const hides = decoded !== clean && redactText(decoded, depth + 1) !== decoded;
    return hides ? MASK : clean;
  };
  return { url: redactUrl, text: redactText };
}

/** Whether the key, or a word in it, ends like a masked one: `key` masks `apiKey`, not `keyword`. */
function isSecret(key: string, names: readonly string[]): boolean {
  const words = key.match(/[A-Z]*[a-z]*/g) as string[];
  return [key, ...words].some((word) => names.some((name) => word.toLowerCase().endsWith(name)));
}

/** Undoes the escapes of ASCII; unlike `decodeURIComponent` it leaves others be and never throws. */
function decode(text: string): string {
  return text.replace(/%[0-7][\da-f]/gi, (escaped) => decodeURIComponent(escaped));
}
