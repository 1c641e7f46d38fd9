import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { MAX_BATCH_MESSAGES } from "../src/batch.ts";
import type { Message } from "../src/contract.ts";
import { LINGER_MS, MAX_WAITING, Queue } from "../src/queue.ts";
import { FakeClock, FakeTransport, settled } from "./fakes.ts";

let clock: FakeClock;
let transport: FakeTransport;
let hidden: boolean;
let said: string[];
let queue: Queue;

beforeEach(() => {
  clock = new FakeClock();
  transport = new FakeTransport();
  hidden = false;
  said = [];
  queue = new Queue({
    transport,
    clock,
    log: (text) => said.push(text),
    writeKey: "key",
    isHidden: () => hidden,
  });
});

const message = (event: string): Message => ({ type: "track", event, userId: "u1" });
const addMany = (count: number) => {
  for (let n = 0; n < count; n += 1) queue.add(message(`${n}`));
};
const events = () => transport.batches.map((batch) => batch.map(({ event }) => event));

test("messages that come together are sent together", async () => {
  queue.add(message("a"));
  queue.add(message("b"));
  await clock.advance(LINGER_MS);
  assert.deepEqual(events(), [["a", "b"]]);
});

test("nothing is sent before its time", async () => {
  queue.add(message("a"));
  await clock.advance(LINGER_MS - 1);
  assert.deepEqual(events(), []);
});

test("a full batch does not wait", () => {
  addMany(MAX_BATCH_MESSAGES);
  assert.equal(transport.batches[0]?.length, MAX_BATCH_MESSAGES);
});

test("a message is sent as it was when it was added", async () => {
  const properties = { step: 1 };
  queue.add({ type: "track", event: "a", userId: "u1", properties });
  properties.step = 2;
  await queue.flush();
  assert.deepEqual(transport.batches[0]?.[0]?.properties, { step: 1 });
});

test("flush sends everything and resolves when it was answered", async () => {
  addMany(MAX_BATCH_MESSAGES - 1);
  await queue.flush();
  await clock.advance(LINGER_MS);
  assert.equal(transport.batches.length, 1);
});

for (const status of [0, 408, 429, 500, 503]) {
  test(`a batch that was answered with ${status} is sent again, unchanged`, async () => {
    transport.answer(status);
    queue.add(message("a"));
    await queue.flush();
    await clock.advance(1_000);
    assert.deepEqual(events(), [["a"], ["a"]]);
  });
}

for (const status of [400, 401, 403, 404, 413]) {
  test(`a batch that was answered with ${status} is not sent again`, async () => {
    transport.answer(status);
    queue.add(message("a"));
    await queue.flush();
    await clock.advance(3_600_000);
    assert.deepEqual(events(), [["a"]]);
    assert.equal(said.length, 1);
  });
}

test("no try is made before Retry-After has passed, whatever is added", async () => {
  transport.answer(503, "30");
  queue.add(message("first"));
  await queue.flush();
  addMany(MAX_BATCH_MESSAGES);
  await clock.advance(29_999);
  assert.equal(transport.batches.length, 1);
  await clock.advance(1);
  assert.equal(transport.batches[1]?.[0]?.event, "first");
});

test("a message that is added while a request fails does not shorten the pause", async () => {
  transport.answer(503, "30");
  queue.add(message("a"));
  const flushed = queue.flush();
  queue.add(message("b"));
  await flushed;
  await clock.advance(29_999);
  assert.deepEqual(events(), [["a"]]);
});

test("batches that fail together count as one failure", async () => {
  for (let n = 0; n < 5; n += 1) transport.answer(503);
  hidden = true;
  addMany(5);
  await settled();
  hidden = false;
  await clock.advance(1_000);
  assert.equal(transport.batches.length, 6);
});

test("while the API is away the oldest messages make room", async () => {
  transport.answer(0);
  queue.add(message("first"));
  await queue.flush();
  addMany(MAX_WAITING);
  await queue.flush();
  const sent = events().slice(1).flat();
  assert.deepEqual([sent.length, sent[0]], [MAX_WAITING, "0"]);
});

test("a page that goes away sends all batches without waiting for answers", () => {
  transport.answer(503, "30");
  addMany(MAX_BATCH_MESSAGES - 1);
  queue.drain();
  assert.equal(transport.batches.length, 1);
});

test("a hidden page sends each message at once", () => {
  hidden = true;
  queue.add(message("last words"));
  assert.deepEqual(events(), [["last words"]]);
});
