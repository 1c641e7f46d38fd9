/** One request to the collector. */

import { attempt, parseUrl } from "./guard.ts";
import { bare } from "./own.ts";

/** The HTTP status, or 0 where there was no answer, and `Retry-After`. */
export type Answer = [status: number, retryAfter: string | null];

/**
 * Where batches go, or an empty text if `fetch` could not send there.
 *
 * @param page the URL of the page, for a path on its own host: not what `<base>` says, since users'
 *   content may hold one
 */
export function endpointOf(apiUrl: string, page: string): string {
  const url = parseUrl(apiUrl, page);
  // it takes neither another scheme nor a name and a password
  if (!apiUrl || !url || !/^https?:\/\/[^/@]+\//.test(url.href)) return "";
  return url.href.replace(/\/*$/, "/v1/b");
}

/**
 * Sends a body of JSON text; never rejects. As a text (of type `text/plain`) and without credentials:
 * a request that browsers send without asking first. Its `Referer` is the origin alone: the page may
 * have a policy that adds the query.
 *
 * @param last the page goes: no answer if it is left to the browser, so that nobody will know
 * @param keepalive may outlive the page
 */
export async function send(
  url: string,
  body: string,
  last: boolean,
  keepalive: boolean,
): Promise<Answer | undefined> {
  const request = bare<RequestInit>({
    method: "POST",
    credentials: "omit",
    referrerPolicy: "origin",
    keepalive,
    body,
  });
  // it has a quota of its own, and throws beyond
  if (last && attempt(() => (window as Later).fetchLater?.(url, request))) return;
  try {
    const answer = await fetch(url, request);
    return [answer.status, answer.headers.get("retry-after")];
  } catch {
    return [0, null];
  }
}

type Later = Window & { fetchLater?: (url: string, request: RequestInit) => object };
