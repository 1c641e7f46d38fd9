/** What a page can set, and how the script tag spells it. */

import type { Consent } from "./consent.ts";
import type { Message } from "./contract.ts";

export type Capture = "page_views" | "link_clicks" | "form_submits" | "page_leaves";

export const CAPTURE_ALL = "page_views,link_clicks,form_submits,page_leaves";

/** May change a message or, by returning nothing, drop it. One that throws drops it, too. */
export type Middleware = (message: Message) => Message | null | undefined;

/** A flag, or the attribute of one: present without a value. */
export type Flag = boolean | "";

/** Several names, in the script tag with commas between. */
export type Names<Name extends string = string> = readonly Name[] | string;

export interface Options {
  /** Where the collector answers, with any path prefix: `https://events.example.com`. */
  apiUrl: string;
  /** Names the source; needed where the collector asks for keys. */
  writeKey?: string | undefined;
  /** What is recorded without a call; all unless said otherwise. */
  capture?: Names<Capture> | undefined;
  /** Keys of URLs whose values are masked, in place of `MASKED_KEYS`; empty: none. */
  maskedKeys?: Names | undefined;
  /** What is masked wherever a URL or a title has it, such as the id in `/reset/1f2e`. */
  maskedPattern?: RegExp | undefined;
  /** Properties and traits that are never sent, however deep. */
  deniedProperties?: Names | undefined;
  /** Until the visitor has chosen; `pending` keeps events in memory until then. */
  consent?: Exclude<Consent, "gpc"> | undefined;
  /** Record as if the browser had no Global Privacy Control. */
  ignoreGpc?: Flag | undefined;
  /** Treat Do Not Track as `cookieless`. */
  honorDnt?: Flag | undefined;
  middleware?: Middleware | undefined;
  /** Say on the console what was dropped and why. */
  debug?: Flag | undefined;
}

export function isOn(flag: Flag | undefined): boolean | undefined {
  return flag || flag === "";
}

export function listOf(names: Names | undefined): string[] {
  return String(names ?? "")
    .split(/\s*,\s*/)
    .filter(Boolean);
}
