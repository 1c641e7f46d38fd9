import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { type Client, clientOf } from "../src/client.ts";
import type { Options } from "../src/options.ts";
import { redaction } from "../src/redaction.ts";
import { advance, answering, openPage } from "./browser.ts";

// biome-ignore lint/suspicious/noExplicitAny: any JSON
type Sent = Record<string, any>;

let said: unknown[][];
/** Has the client that was made last leave its page. */
let leaving: () => void;
let sent: ReturnType<typeof answering>;

beforeEach(() => {
  openPage("https://www.shop.test/a?utm_source=x&token=secret#secret");
  said = [];
  sent = answering();
});

function clientWith(options: Partial<Options> = {}): Client {
  const all = { apiUrl: "https://events.test", ...options };
  const log = (...words: unknown[]) => said.push(words);
  return clientOf(all, log, redaction(), false, (_, leave) => {
    leaving = leave;
  });
}

async function messagesOf(client: Client): Promise<Sent[]> {
  await client.flush();
  return sent.flatMap(({ batch }) => batch);
}

test("a message carries the circumstances of the browser", async () => {
  const client = clientWith();
  document.title = "A https://ann:secret@shop.test/";
  client.track("Signed up", { plan: "pro" });
  const [message] = await messagesOf(client);
  const { sessionId, pageViewId, timezone, library, ...context } = message?.context ?? {};
  assert.ok(sessionId && pageViewId && timezone);
  assert.equal(library.name, "headwater.js");
  assert.equal(message?.timestamp, "2026-01-31T12:00:00.000Z");
  assert.deepEqual(message?.properties, { plan: "pro" });
  assert.deepEqual(context, {
    channel: "browser",
    locale: "de-CH",
    sessionNumber: 1,
    screen: { width: 1280, height: 720, density: 2 },
    campaign: { source: "x" },
    page: {
      path: "/a",
      referrer: "",
      search: "?utm_source=x&token=***",
      title: "A https://shop.test/",
      url: "https://www.shop.test/a?utm_source=x&token=***",
    },
  });
});

test("the time zone is asked for once: each answer takes a browser a tenth of a millisecond", async () => {
  const asked = mock.method(Intl, "DateTimeFormat");
  const client = clientWith();
  for (const event of ["a", "b", "c"]) client.track(event);
  const messages = await messagesOf(client);
  assert.ok(asked.mock.callCount() <= 1);
  assert.equal(messages.filter(({ context }) => context.timezone).length, 3);
  asked.mock.restore();
});

test("who was identified is named from then on, with the account", async () => {
  const client = clientWith();
  client.track("before");
  client.identify("u1", { plan: "pro" });
  client.group("acme", { size: 7 });
  client.track("after");
  const [before, identify, group, after] = await messagesOf(client);
  assert.deepEqual([before?.userId, identify?.userId, after?.userId], [undefined, "u1", "u1"]);
  assert.deepEqual([group?.groupId, group?.traits], ["acme", { size: 7 }]);
  assert.equal(after?.context.groupId, "acme");
  assert.equal(identify?.anonymousId, before?.anonymousId);
});

test("another person on the same device is another device", async () => {
  const client = clientWith();
  for (const id of ["u1", "u1", "u2"]) client.identify(id);
  const [first, again, other] = await messagesOf(client);
  assert.equal(again?.anonymousId, first?.anonymousId);
  assert.notEqual(other?.anonymousId, first?.anonymousId);
  assert.notEqual(other?.context.pageViewId, first?.context.pageViewId);
});

test("an alias names the id before, or the one that is given", async () => {
  const client = clientWith();
  client.alias("u1");
  client.alias("u1", "old");
  const [device, given] = await messagesOf(client);
  assert.deepEqual([device?.userId, device?.previousId], ["u1", device?.anonymousId]);
  assert.equal(given?.previousId, "old");
});

test("reset forgets person, account, device, visit and view", async () => {
  const client = clientWith();
  client.identify("u1");
  client.group("acme");
  client.reset();
  client.track("a");
  const [before, , after] = await messagesOf(client);
  assert.deepEqual([after?.userId, after?.context.groupId], [undefined, undefined]);
  for (const of of [
    (m?: Sent) => m?.anonymousId,
    (m?: Sent) => m?.context.sessionId,
    (m?: Sent) => m?.context.pageViewId,
  ]) {
    assert.notEqual(of(after), of(before));
  }
});

test("events belong to the page view before them", async () => {
  const client = clientWith();
  for (const call of [() => client.page("Home"), () => client.track("a"), () => client.page()])
    call();
  const [home, a, next] = (await messagesOf(client)).map(({ context }) => context.pageViewId);
  assert.equal(a, home);
  assert.notEqual(next, home);
});

for (const id of [Number.NaN, "NaN", "null", "undefined", "", " ", null, undefined, {}, [], true]) {
  test(`${JSON.stringify(id) ?? id} is nobody's id`, async () => {
    const client = clientWith();
    client.identify(id as string);
    client.track("after");
    const messages = await messagesOf(client);
    assert.deepEqual(
      messages.map(({ event, userId }) => [event, userId]),
      [["after", undefined]],
    );
    assert.equal(said.length, 1);
  });
}

test("a message that is too large is dropped and counted", async () => {
  const client = clientWith();
  client.track("big", { text: "x".repeat(1_000_000) });
  client.track("small");
  leaving();
  leaving();
  const messages = (await messagesOf(client)).map(({ event, properties }) => [event, properties]);
  assert.deepEqual(messages, [
    ["small", {}],
    ["messages_dropped", { count: 1 }],
  ]);
});

test("middleware may change a message, drop it, or throw and drop it", async () => {
  const client = clientWith({
    middleware: (message) => {
      if (message.event === "drop") return null;
      if (message.event === "throw") throw new Error("no");
      return { ...message, properties: { changed: true } };
    },
  });
  for (const event of ["keep", "drop", "throw"]) client.track(event);
  leaving();
  const messages = await messagesOf(client);
  assert.deepEqual(
    messages.map(({ event }) => event),
    ["keep", "messages_dropped"],
  );
  assert.deepEqual(messages[0]?.properties, { changed: true });
});

test("denied properties and traits are not sent", async () => {
  const client = clientWith({ deniedProperties: ["email", "name"] });
  client.track("a", { email: "x", name: "y", plan: "pro" });
  const [message] = await messagesOf(client);
  assert.deepEqual(message?.properties, { plan: "pro" });
  assert.equal(message?.context.library.name, "headwater.js");
});

test("before consent nothing is sent or stored; what was granted is", async () => {
  const client = clientWith({ consent: "pending" });
  client.track("early");
  assert.deepEqual(await messagesOf(client), []);
  assert.deepEqual([document.cookie, Object.keys(localStorage)], ["", []]);
  client.consent("granted");
  client.track("late");
  const [early, late] = await messagesOf(client);
  assert.equal(late?.context.consent, "granted");
  assert.equal(early?.anonymousId, late?.anonymousId);
  assert.match(document.cookie, /headwater_anonymous_id/);
});

test("what waits for consent goes if it is denied, and nothing is recorded from then on", async () => {
  const client = clientWith({ consent: "pending" });
  client.track("early");
  client.consent("denied");
  client.track("late");
  client.consent("granted");
  assert.deepEqual(await messagesOf(client), []);
});

test("a consent that another tab withdrew holds here, for what waits too", async () => {
  const [one, two] = [clientWith(), clientWith()];
  two.track("queued");
  one.consent("denied");
  two.track("late");
  assert.deepEqual(await messagesOf(two), []);
  assert.doesNotMatch(document.cookie, /anonymous/);
});

test("cookieless stores no id and names no person", async () => {
  const client = clientWith({ consent: "cookieless" });
  client.identify("u1");
  client.track("a");
  const [message] = await messagesOf(client);
  assert.deepEqual([message?.userId, message?.context.consent], [undefined, "cookieless"]);
  assert.deepEqual([document.cookie, Object.keys(localStorage)], ["", []]);
});

test("Global Privacy Control makes a page cookieless, unless it is told to ignore it", async () => {
  Object.assign(navigator, { globalPrivacyControl: true });
  const [obeys, ignores] = [clientWith(), clientWith({ ignoreGpc: true, writeKey: "other" })];
  obeys.track("a");
  obeys.consent("granted");
  obeys.track("b");
  await obeys.flush();
  assert.deepEqual([document.cookie, Object.keys(localStorage)], ["", []]);
  ignores.track("c");
  await advance(1_000);
  const consents = (await messagesOf(ignores)).map(({ context }) => context.consent);
  assert.deepEqual(consents, ["gpc", "gpc", undefined]);
});

test("Do Not Track counts if the page wants it to", async () => {
  Object.assign(navigator, { doNotTrack: "1" });
  const [ignores, honors] = [clientWith(), clientWith({ honorDnt: "", writeKey: "other" })];
  ignores.track("a");
  honors.track("b");
  await ignores.flush();
  const consents = (await messagesOf(honors)).map(({ context }) => context.consent);
  assert.deepEqual(consents, [undefined, "cookieless"]);
});

test("a wrong address records nothing and says so", async () => {
  const client = clientWith({ apiUrl: "ftp://events.test" });
  client.track("a");
  assert.deepEqual(await messagesOf(client), []);
  assert.equal(said.length, 1);
});

test("ready calls back, and debug speaks", () => {
  const options: Options = { apiUrl: "https://events.test" };
  const client = clientOf(
    options,
    () => {},
    redaction(),
    false,
    () => {},
  );
  let called = 0;
  client.ready(() => {
    called += 1;
  });
  client.debug();
  assert.deepEqual([called, options.debug], [1, true]);
});
