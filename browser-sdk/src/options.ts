/** What a page can set, and how the script tag spells it. */

export type Capture = "page_views" | "link_clicks";

export interface Options {
  /** Where the collector answers, with any path prefix: `https://events.example.com`. */
  apiUrl: string;
  /** Names the source; needed where the collector asks for keys. */
  writeKey?: string | undefined;
  /** What is recorded without a call; both unless said otherwise. */
  capture?: readonly Capture[] | undefined;
  /** Keys of URLs whose values are masked, in place of `MASKED_KEYS`; empty: none. */
  maskedKeys?: readonly string[] | undefined;
  /** Say on the console what was dropped and why. */
  debug?: boolean | undefined;
}

export const CAPTURE_ALL: readonly Capture[] = ["page_views", "link_clicks"];

/**
 * Reads `data-api-url`, `data-write-key`, `data-capture`, `data-masked-keys` and `data-debug`;
 * null without the first. From attributes and not from `dataset`, which has a prototype to pollute.
 */
export function optionsFromTag(tag: Pick<Element, "getAttribute">): Options | null {
  const apiUrl = tag.getAttribute("data-api-url");
  if (!apiUrl) return null;
  const capture = listFrom(tag.getAttribute("data-capture"));
  return {
    apiUrl,
    writeKey: tag.getAttribute("data-write-key") ?? undefined,
    capture: capture && CAPTURE_ALL.filter((name) => capture.includes(name)),
    maskedKeys: listFrom(tag.getAttribute("data-masked-keys")),
    debug: tag.getAttribute("data-debug") !== null,
  };
}

function listFrom(attribute: string | null): string[] | undefined {
  return attribute?.split(",").map((name) => name.trim());
}
