/** Small texts that outlive the page, and the memory of a page that may keep none. */

import { attributeOf, setCookie } from "./document-attribute.ts";
import { attempt } from "./guard.ts";

export interface Store {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
}

const MAX_AGE_SECONDS = 400 * 86_400; // the most that browsers keep one (RFC 6265bis, section 5.5)

/** Nothing where it is forbidden: then the look-up itself throws. */
export function localText(key: string): string | null | undefined {
  return attempt(() => localStorage.getItem(key));
}

/** Keeps a text, or a number as one; answers whether it is kept: the storage may be forbidden, or full. */
export function keepText(key: string, text: string | number): boolean {
  return !!attempt(() => [localStorage.setItem(key, text as string)]);
}

export function forgetText(key: string): void {
  attempt(() => localStorage.removeItem(key));
}

/**
 * Keeps each value in a cookie and in localStorage, in memory where it can be kept in neither or
 * nothing may be kept, and reads the first that has it: the cookie, which all hosts of a domain
 * share, wins over its copy.
 *
 * @param keeps whether anything may be kept on the device
 */
export function storeOf(keeps: () => boolean): Store {
  const memory = new Map<string, string>();
  const kept = (key: string) => (keeps() && (cookieText(key) || localText(key))) || undefined;
  return {
    get: (key) => kept(key) ?? memory.get(key),
    set(key, value) {
      if (keeps()) {
        writeCookie(key, value, MAX_AGE_SECONDS);
        // what a full storage still has of before would be read again
        if (!keepText(key, value)) forgetText(key);
      }
      if (kept(key) === value) memory.delete(key);
      else memory.set(key, value);
    },
    remove(key) {
      memory.delete(key);
      forgetText(key);
      if (cookieText(key)) writeCookie(key, "", 0);
    },
  };
}

/** What the page's cookies were when this task first looked: each look may wait for another process. */
let cookies = "";

function cookieText(key: string): string | undefined {
  return attempt(() => {
    if (!cookies) {
      queueMicrotask(() => {
        cookies = "";
      });
      cookies = attributeOf("cookie");
    }
    const found = cookies.split("; ").find((pair) => pair.startsWith(`${key}=`)) as string;
    return decodeURIComponent(found.slice(key.length + 1));
  });
}

let domain: string | undefined;

/** Of the widest domain that the browser lets this page have one of. */
function writeCookie(key: string, value: string, seconds: number, at = ownDomain()): void {
  // an empty domain is that of the host (RFC 6265, section 5.2.3)
  const pair = `${key}=${encodeURIComponent(value)}`;
  attempt(() => setCookie(`${pair};max-age=${seconds};path=/;domain=${at}`));
  cookies = "";
}

function ownDomain(): string {
  domain ??= widest();
  return domain;
}

/** Found by trying, shortest first: browsers refuse public suffixes, so no list has to be kept up to date. */
function widest(): string {
  const key = "headwater_";
  let name = "";
  const accepted = location.hostname
    .split(".")
    .reverse()
    .some((label) => {
      name = label + (name && `.${name}`);
      writeCookie(key, "1", 9, name);
      const accepts = cookieText(key);
      writeCookie(key, "", 0, name);
      return accepts;
    });
  return accepted ? name : "";
}
