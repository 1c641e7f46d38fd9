/** One request to the collector. */

import { byteLength } from "./batch.ts";
import { bare, own } from "./own.ts";
import { parseUrl } from "./parse-url.ts";

export interface Answer {
  /** The HTTP status, or 0 where there was no answer. */
  status: number;
  retryAfter: string | null;
}

export interface Transport {
  /** Sends a body of JSON text; never rejects. */
  send(body: string): Promise<Answer>;
}

/** Bodies that may outlive their page, all together (Fetch standard, "HTTP-network-or-cache fetch"). */
const KEEPALIVE_QUOTA_BYTES = 65_536;
const TIMEOUT_MS = 30_000;

/**
 * Where batches go. A path is one of the page's own host, whatever `<base>` says: users' content may
 * hold one.
 *
 * @param origin the page's; the text "null" if it has none
 * @throws {TypeError} if `fetch` could not send to `apiUrl`
 */
export function endpointOf(apiUrl: string, origin: string): string {
  const url = apiUrl ? parseUrl(apiUrl, origin === "null" ? undefined : origin) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new TypeError("apiUrl must be an http or https URL without a password, or a path");
  }
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/b`;
  return url.href;
}

/** Sends with keepalive, so that a page that goes away does not take its requests along. */
export class FetchTransport implements Transport {
  private keptAlive = 0;

  constructor(private readonly url: string) {}

  async send(body: string): Promise<Answer> {
    const size = byteLength(body);
    const keepalive = this.keptAlive + size <= KEEPALIVE_QUOTA_BYTES;
    if (keepalive) this.keptAlive += size;
    try {
      return await this.post(body, keepalive);
    } catch {
      return { status: 0, retryAfter: null };
    } finally {
      if (keepalive) this.keptAlive -= size;
    }
  }

  /**
   * As `text/plain` and without credentials: a request that browsers send without asking first.
   * Its `Referer` is the origin alone: the page may have a policy that adds the query.
   */
  private async post(body: string, keepalive: boolean): Promise<Answer> {
    const request: RequestInit = {
      method: "POST",
      headers: { "content-type": "text/plain" },
      credentials: "omit",
      referrerPolicy: "origin",
      keepalive,
      body,
      // browsers of before 2022 use their own limit
      signal: own(AbortSignal, "timeout")?.call(AbortSignal, TIMEOUT_MS) ?? null,
    };
    const response = await fetch(this.url, bare(request));
    return { status: response.status, retryAfter: response.headers.get("retry-after") };
  }
}
