/** What a page can set, and how the script tag spells it. */

export type Capture = "page_views" | "link_clicks";

export interface Options {
  /** Where the collector answers, with any path prefix: `https://events.example.com`. */
  apiUrl: string;
  /** Names the source; needed where the collector asks for keys. */
  writeKey?: string | undefined;
  /** What is recorded without a call; both unless said otherwise. */
  capture?: readonly Capture[] | undefined;
  /** Say on the console what was dropped and why. */
  debug?: boolean | undefined;
}

export const CAPTURE_ALL: readonly Capture[] = ["page_views", "link_clicks"];

/** Reads `data-api-url`, `data-write-key`, `data-capture` and `data-debug`; null without the first. */
export function optionsFromDataset(dataset: DOMStringMap): Options | null {
  const { apiUrl, writeKey, capture, debug } = dataset;
  if (!apiUrl) return null;
  return { apiUrl, writeKey, capture: captureFrom(capture), debug: debug !== undefined };
}

function captureFrom(list: string | undefined): readonly Capture[] {
  if (list === undefined) return CAPTURE_ALL;
  const wanted = list.split(",").map((name) => name.trim());
  return CAPTURE_ALL.filter((name) => wanted.includes(name));
}
