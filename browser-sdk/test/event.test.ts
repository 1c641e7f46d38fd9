import assert from "node:assert/strict";
import { test } from "node:test";
import { buildMessage, fieldsOf, type Moment, textOf } from "../src/event.ts";

const MOMENT: Moment = {
  at: Date.UTC(2026, 0, 31, 12),
  anonymousId: "device",
  userId: null,
  visit: { id: "visit", number: 3, startedAt: 0, lastSeenAt: 0 },
  pageViewId: "view",
  browser: { channel: "browser" },
};

test("a message says what, who, when and where", () => {
  const message = buildMessage({ type: "track", event: "Signed up", properties: { a: 1 } }, MOMENT);
  const { messageId, ...rest } = message;
  assert.match(String(messageId), /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, {
    type: "track",
    event: "Signed up",
    properties: { a: 1 },
    timestamp: "2026-01-31T12:00:00.000Z",
    anonymousId: "device",
    context: { channel: "browser", sessionId: "visit", sessionNumber: 3, pageViewId: "view" },
  });
});

test("a known person is named", () => {
  const message = buildMessage({ type: "identify", traits: {} }, { ...MOMENT, userId: "u1" });
  assert.equal(message.userId, "u1");
});

test("each message has an id of its own", () => {
  const build = () => buildMessage({ type: "page", properties: {} }, MOMENT).messageId;
  assert.notEqual(build(), build());
});

test("properties that are no object are left out", () => {
  assert.deepEqual([null, undefined, "x", 7, [1]].map(fieldsOf), [{}, {}, {}, {}, {}]);
});

test("a number is read as text, and nothing else is", () => {
  assert.deepEqual(["a", 7, null, {}, true].map(textOf), ["a", "7", "", "", ""]);
});
