/** Nothing of ours may throw into the page, and nothing is logged unless debug is on. */

import { isOn, type Options } from "./options.ts";

export type Log = (text: string, detail?: unknown) => void;

/** Looks each time whether debug is on: the page may switch it. */
export function logOf(options: Pick<Options, "debug">): Log {
  return (...said) => isOn(options.debug) && console.warn("headwater", ...said);
}

/** What `action` returns, or undefined where it throws: a storage that is forbidden, say. */
export function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return;
  }
}

/** The URL that a text is, or undefined; `URL.parse` does the same in browsers of 2024 and later. */
export function parseUrl(text: string, base?: string): URL | undefined {
  return attempt(() => new URL(text, base));
}
