/** What a page has around the SDK, for tests without a browser: time that stands still, and storage. */

import { mock } from "node:test";

export const NOW = Date.UTC(2026, 0, 31, 12);

class FakeStorage {
  getItem(key: string): string | null {
    return (this as unknown as Record<string, string>)[key] ?? null;
  }
  setItem(key: string, value: string): void {
    Object.assign(this, { [key]: value });
  }
  removeItem(key: string): void {
    Reflect.deleteProperty(this, key);
  }
}

/** A new page on `href`, at noon, in a browser that has kept nothing. */
export function openPage(href = "https://www.shop.test/"): void {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: NOW });
  const jar = new Map<string, string>();
  const document = {
    title: "A page",
    referrer: "",
    visibilityState: "visible",
    readyState: "complete",
    prerendering: false,
    hasFocus: () => true,
    get cookie() {
      return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    },
    set cookie(text: string) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      // as browsers do for a public suffix
      if (/;domain=[^.;]+(;|$)/.test(text)) return;
      if (text.includes("max-age=0")) jar.delete(name);
      else jar.set(name, value);
    },
  };
  const url = new URL(href);
  const globals = {
    window: globalThis,
    document,
    location: { href, hostname: url.hostname, protocol: url.protocol, search: url.search },
    localStorage: new FakeStorage(),
    navigator: { language: "de-CH", onLine: true },
    screen: { width: 1280, height: 720 },
    devicePixelRatio: 2,
    addEventListener() {},
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

/** As where storage and cookies are forbidden. */
export function forbidStorage(): void {
  const forbidden = {
    get(): never {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
    configurable: true,
  };
  Object.defineProperty(globalThis, "localStorage", forbidden);
  Object.defineProperty(document, "cookie", forbidden);
}

/** Resolves when every promise that could go on has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Moves time on, runs what is due, and lets the promises that it settled go on. */
export async function advance(ms: number): Promise<void> {
  mock.timers.tick(ms);
  await settled();
}

interface Sent {
  url: string;
  keepalive: boolean;
  batch: Record<string, unknown>[];
  sentAt: string;
  writeKey?: string;
}

/** Answers the SDK's requests as `answers` say in turn, then 200; a status of 0 stands for no answer. */
export function answering(...answers: [status: number, retryAfter?: string][]): Sent[] {
  const sent: Sent[] = [];
  const fetch = async (url: string, { body, keepalive }: { body: string; keepalive: boolean }) => {
    sent.push({ url, keepalive, ...JSON.parse(body) });
    const [status, after] = answers.shift() ?? [200];
    if (!status) throw new TypeError("Failed to fetch");
    return new Response(null, {
      status,
      headers: after === undefined ? {} : { "retry-after": after },
    });
  };
  Object.defineProperty(globalThis, "fetch", { value: fetch, configurable: true });
  return sent;
}
