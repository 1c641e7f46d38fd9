import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type Client, clientOf } from "../src/client.ts";
import { Identity } from "../src/identity.ts";
import { PageView } from "../src/page-view.ts";
import { Queue } from "../src/queue.ts";
import { Redaction } from "../src/redaction.ts";
import { Session } from "../src/session.ts";
import { memoryStore } from "../src/storage.ts";
import { FakeClock, FakeTransport } from "./fakes.ts";

const HREF = "https://shop.test/a?utm_source=x&token=secret#secret";

const PAGE = {
  location: { href: HREF },
  document: { title: "A https://ann:secret@shop.test/" },
  navigator: { language: "de-CH" },
  screen: { width: 1280, height: 720 },
  devicePixelRatio: 2,
} as Window;

let transport: FakeTransport;
let said: string[];
let client: Client;

beforeEach(() => {
  PAGE.location.href = HREF;
  transport = new FakeTransport();
  said = [];
  const clock = new FakeClock();
  const store = memoryStore();
  const log = (text: string) => said.push(text);
  client = clientOf({
    page: PAGE,
    clock,
    log,
    redaction: new Redaction(),
    identity: new Identity(store),
    session: new Session(store, clock),
    view: new PageView("https://shop.test/a?utm_source=x", "https://search.test/?code=secret"),
    queue: new Queue({ transport, clock, log, writeKey: "key", isHidden: () => false }),
  });
});

const sent = async () => {
  await client.flush();
  return transport.batches.flat();
};

test("a message carries the circumstances of the browser", async () => {
  client.track("Signed up");
  const [message] = await sent();
  const { library, sessionId, pageViewId, timezone, ...rest } = message?.context ?? {};
  assert.equal(library?.name, "headwater.js");
  assert.ok(sessionId && pageViewId && timezone);
  assert.deepEqual(rest, {
    channel: "browser",
    locale: "de-CH",
    sessionNumber: 1,
    screen: { width: 1280, height: 720, density: 2 },
    campaign: { source: "x" },
    page: {
      path: "/a",
      referrer: "https://search.test/?code=***",
      search: "?utm_source=x&token=***",
      title: "A https://shop.test/",
      url: "https://shop.test/a?utm_source=x&token=***",
    },
  });
});

test("a page of another scheme is named by that alone", async () => {
  PAGE.location.href = "data:text/html,secret";
  client.track("a");
  const [message] = await sent();
  const { path, search, url } = message?.context?.page ?? {};
  assert.deepEqual({ path, search, url }, { path: "", search: "", url: "data:" });
});

test("events belong to the page view before them", async () => {
  client.page("Home");
  client.track("a");
  client.page();
  client.track("b");
  const [home, a, next, b] = (await sent()).map(({ context }) => context?.pageViewId);
  assert.equal(a, home);
  assert.equal(b, next);
  assert.notEqual(home, next);
});

test("who was identified is named from then on", async () => {
  client.track("before");
  client.identify("u1", { plan: "pro" });
  client.track("after");
  const [before, identify, after] = await sent();
  assert.deepEqual([before?.userId, identify?.userId, after?.userId], [undefined, "u1", "u1"]);
  assert.equal(identify?.anonymousId, before?.anonymousId);
  assert.deepEqual(identify?.traits, { plan: "pro" });
});

test("another person on the same device is another device", async () => {
  client.identify("u1");
  client.identify("u1");
  client.identify("u2");
  const [first, again, other] = (await sent()).map(({ anonymousId }) => anonymousId);
  assert.equal(again, first);
  assert.notEqual(other, first);
});

test("reset forgets person, device and visit", async () => {
  client.identify("u1");
  client.reset();
  client.track("a");
  const [before, after] = await sent();
  assert.equal(after?.userId, undefined);
  assert.notEqual(after?.anonymousId, before?.anonymousId);
  assert.notEqual(after?.context?.sessionId, before?.context?.sessionId);
});

test("calls without a name or an id are dropped and said", async () => {
  client.track("");
  client.track(undefined as unknown as string);
  client.identify(null as unknown as string);
  assert.deepEqual(await sent(), []);
  assert.equal(said.length, 3);
});

test("a message that cannot be sent does not throw", async () => {
  client.track("big", { text: "x".repeat(40_000) });
  client.track("odd", { value: BigInt(1) });
  assert.deepEqual(await sent(), []);
  assert.equal(said.length, 2);
});
