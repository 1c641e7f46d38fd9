import assert from "node:assert/strict";
import { test } from "node:test";
import {
  entryOf,
  MAX_BATCH_BYTES,
  MAX_BATCH_MESSAGES,
  requestBody,
  takeBatch,
} from "../src/batch.ts";
import { MAX_MESSAGE_BYTES, MAX_REQUEST_BYTES, type Message } from "../src/contract.ts";

const entriesOf = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, n) => ({ json: `${n}`, bytes }));

test("a batch takes the oldest messages up to its number", () => {
  const waiting = entriesOf(MAX_BATCH_MESSAGES + 1, 100);
  const batch = takeBatch(waiting);
  assert.deepEqual([batch.length, batch[0]?.json, waiting.length], [MAX_BATCH_MESSAGES, "0", 1]);
});

test("a batch stays under its bytes", () => {
  const waiting = entriesOf(3, MAX_BATCH_BYTES / 2 - 1);
  assert.equal(takeBatch(waiting).length, 2);
});

test("a batch is taken although a polluted prototype gives iterators a return", (t) => {
  const prototype = Object.prototype as { return?: string };
  prototype.return = "polluted";
  t.after(() => delete prototype.return);
  const taken = takeBatch(entriesOf(3, MAX_BATCH_BYTES / 2 - 1)).length;
  assert.equal(taken, 2);
});

test("the largest message fits a batch, and the largest batch a request", () => {
  assert.ok(MAX_MESSAGE_BYTES < MAX_BATCH_BYTES);
  assert.ok(MAX_BATCH_BYTES < MAX_REQUEST_BYTES);
});

test("a message is measured in bytes of UTF-8", () => {
  assert.equal(
    entryOf({ type: "page", userId: "é" }).bytes,
    '{"type":"page","userId":"é"}'.length + 1,
  );
});

test("a message over the limit is refused", () => {
  const message = { type: "page", userId: "x".repeat(MAX_MESSAGE_BYTES) } as const;
  assert.throws(() => entryOf(message), RangeError);
});

test("a message without a JSON form is refused", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  assert.throws(() => entryOf({ type: "page", userId: "u1", properties: circle }), TypeError);
});

test("the body carries messages, sentAt and write key", () => {
  const messages: Message[] = [
    { type: "page", userId: "u1" },
    { type: "identify", userId: "u1" },
  ];
  const body = requestBody(messages.map(entryOf), 0, 'k"1');
  assert.deepEqual(JSON.parse(body), {
    batch: messages,
    sentAt: "1970-01-01T00:00:00.000Z",
    writeKey: 'k"1',
  });
});

test("the body has no write key where the page has none", () => {
  assert.ok(!("writeKey" in JSON.parse(requestBody([], 0, undefined))));
});

test("a toJSON that the page gave all objects and arrays changes nothing", (t) => {
  const prototypes = [Object.prototype, Array.prototype] as { toJSON?: () => string }[];
  for (const prototype of prototypes) prototype.toJSON = () => "changed";
  t.after(() => {
    for (const prototype of prototypes) delete prototype.toJSON;
  });
  const properties = { list: [{ a: null }], day: new Date(0), big: { toJSON: () => "own" } };
  const { json } = entryOf({ type: "page", userId: "u1", properties });
  assert.equal(
    json,
    '{"type":"page","userId":"u1","properties":{"list":[{"a":null}],"day":"1970-01-01T00:00:00.000Z","big":"own"}}',
  );
  assert.equal(JSON.parse(requestBody([], 0, "key")).writeKey, "key");
});
