/** Small texts that outlive the page: localStorage, else cookies, else this page's memory. */

import { attributeOf, setCookie } from "./document-attribute.ts";

export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

const COOKIE_DAYS = 400; // the most that browsers keep one (RFC 6265bis, section 5.5)

/** The storage of a page: a store that refuses (private mode, full, forbidden) passes on to the next. */
export function browserStore(page: Window): Store {
  return withFallback(localStore(page), withFallback(cookieStore(page), memoryStore()));
}

export function memoryStore(): Store {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  };
}

/** Every call looks localStorage up: where it is forbidden, the look-up itself throws. */
function localStore(page: Window): Store {
  return {
    get: (key) => page.localStorage.getItem(key),
    set: (key, value) => page.localStorage.setItem(key, value),
    remove: (key) => page.localStorage.removeItem(key),
  };
}

function cookieStore(page: Window): Store {
  const write = (key: string, value: string, days: number) => {
    const secure = page.location.protocol === "https:" ? ";secure" : "";
    const age = days * 86_400;
    const cookie = `${key}=${encodeURIComponent(value)};path=/;max-age=${age};samesite=lax${secure}`;
    setCookie(page.document, cookie);
  };
  const get = (key: string) => {
    const cookies = attributeOf(page.document, "cookie").split("; ");
    const found = cookies.find((pair) => pair.startsWith(`${key}=`));
    return found === undefined ? null : decodeURIComponent(found.slice(key.length + 1));
  };
  return {
    get,
    set(key, value) {
      write(key, value, COOKIE_DAYS);
      // a browser that refuses cookies says nothing
      if (get(key) !== value) throw new Error("cookies are refused");
    },
    remove: (key) => write(key, "", 0),
  };
}

/** Uses `first`, and `second` for what `first` refuses; a value is only ever in one of them. */
export function withFallback(first: Store, second: Store): Store {
  return {
    get: (key) => attempt(() => first.get(key)) ?? second.get(key),
    set(key, value) {
      try {
        first.set(key, value);
        // asked first: where localStorage works, no cookie is touched
        if (second.get(key) !== null) second.remove(key);
      } catch {
        attempt(() => first.remove(key));
        second.set(key, value);
      }
    },
    remove(key) {
      attempt(() => first.remove(key));
      second.remove(key);
    },
  };
}

/** A store that refuses has nothing. */
function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
