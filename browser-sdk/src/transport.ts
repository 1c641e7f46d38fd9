/** One request to the collector. */

import { byteLength } from "./batch.ts";

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

  /** As `text/plain` and without credentials: a request that browsers send without asking first. */
  private async post(body: string, keepalive: boolean): Promise<Answer> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      credentials: "omit",
      keepalive,
      body,
      signal: AbortSignal.timeout?.(TIMEOUT_MS), // browsers of before 2022 use their own limit
    });
    return { status: response.status, retryAfter: response.headers.get("retry-after") };
  }
}
