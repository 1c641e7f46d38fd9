import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { MAX_BATCH_BYTES, MAX_BATCH_MESSAGES } from "../src/batch.ts";
import { type Queue, queueOf } from "../src/queue.ts";
import { uuid } from "../src/uuid.ts";
import { DROPPED_TOGETHER, MAX_WAITING_BYTES } from "../src/waiting.ts";
import { advance, answering, forbidStorage, openPage, settled } from "./browser.ts";
import { DELIVERY } from "./delivery.ts";

const { statuses, backoff, blocked, batch, waiting } = DELIVERY;

let said: string[];
let keeps: boolean;

beforeEach(() => {
  openPage();
  said = [];
  keeps = true;
});

/** Each call is the queue of another tab or page, which shares the storage. */
function open(): Queue {
  const log = (text: string) => said.push(text);
  return queueOf(
    "queue",
    "https://events.test/v1/b",
    "key",
    () => keeps,
    () => true,
    log,
  );
}

function add([put]: Queue, event: string, bytes = 30): number {
  return put(uuid(), JSON.stringify({ event }), bytes);
}

const addMany = (queue: Queue, count: number) => {
  for (let n = 0; n < count; n += 1) add(queue, `${n}`);
};
type Sent = ReturnType<typeof answering>;
const events = (sent: Sent) => sent.map(({ batch }) => batch.map(({ event }) => event));
const kept = () => Object.keys(localStorage).filter((key) => key.startsWith("queue:"));

test("the limits are those of all clients", () => {
  assert.deepEqual(
    [MAX_BATCH_MESSAGES, MAX_BATCH_BYTES, MAX_WAITING_BYTES, DROPPED_TOGETHER],
    [batch.messages, batch.bytes, waiting.bytes, waiting.dropped_together],
  );
});

test("messages that come together are sent together, when they have waited for others", async () => {
  const sent = answering();
  const queue = open();
  add(queue, "a");
  add(queue, "b");
  await advance(batch.linger_ms - 1);
  assert.equal(sent.length, 0);
  await advance(1);
  assert.deepEqual(events(sent), [["a", "b"]]);
  assert.equal(sent[0]?.writeKey, "key");
});

test("a full batch does not wait", async () => {
  const sent = answering();
  addMany(open(), batch.messages);
  await settled();
  assert.equal(sent[0]?.batch.length, batch.messages);
});

test("no request is larger than what may outlive its page", async () => {
  const sent = answering();
  const queue = open();
  for (const event of ["a", "b", "c"]) add(queue, event, 30_000);
  await queue[2]();
  assert.deepEqual(events(sent), [["a"], ["b"], ["c"]]);
});

for (const status of statuses.again) {
  test(`what was answered with ${status} is sent again, unchanged`, async () => {
    const sent = answering([status]);
    const queue = open();
    add(queue, "a");
    await queue[2]();
    await advance(backoff.first_ms);
    assert.deepEqual(events(sent), [["a"], ["a"]]);
    assert.deepEqual(kept(), []);
  });
}

for (const status of [...statuses.refused, ...statuses.halved]) {
  test(`a message that was answered with ${status} is not sent again`, async () => {
    const sent = answering([status]);
    const queue = open();
    add(queue, "a");
    await queue[2]();
    await advance(3_600_000);
    assert.deepEqual(events(sent), [["a"]]);
    assert.equal(said.length, 1);
  });
}

test("a request that is too large is halved, and so are those after it", async () => {
  const sent = answering([413]);
  const queue = open();
  addMany(queue, 8);
  await queue[2]();
  assert.deepEqual(
    sent.map(({ batch }) => batch.length),
    [8, 4, 4],
  );
});

test("a pause that was asked for holds for flush, for the page's end and for other tabs", async () => {
  const sent = answering([503, "30"]);
  const queue = open();
  add(queue, "a");
  await queue[2]();
  addMany(queue, batch.messages);
  await queue[2]();
  queue[4]();
  const other = open();
  await other[2]();
  await advance(29_999);
  assert.equal(sent.length, 1);
  await advance(1);
  await settled();
  assert.equal(sent[1]?.batch[0]?.event, "a");
});

test("without an answer three times, the way is blocked until something happens", async () => {
  const sent = answering(...Array.from({ length: 9 }, (): [number] => [0]));
  const queue = open();
  add(queue, "a");
  await advance(3_600_000);
  for (let n = 0; n < 20; n += 1) await advance(60_000);
  assert.equal(sent.length, blocked.failures);
  queue[3]();
  await settled();
  assert.equal(sent.length, blocked.failures + 1);
});

test("the next page sends what this one could not", async () => {
  answering([0]);
  const queue = open();
  add(queue, "a");
  await queue[2]();
  const sent = answering();
  open();
  await advance(batch.linger_ms);
  assert.deepEqual(events(sent), [["a"]]);
});

test("what another tab has sent is not sent again", async () => {
  const sent = answering();
  const [one, two] = [open(), open()];
  add(one, "a");
  await two[2]();
  await one[2]();
  one[4]();
  assert.deepEqual(events(sent), [["a"]]);
});

test("a page that goes sends all of its own at once, and what is on its way only once", async () => {
  const sent = answering();
  const [one, two] = [open(), open()];
  addMany(one, batch.messages + 5);
  add(two, "of the other tab");
  one[4]();
  assert.deepEqual(
    sent.map(({ batch }) => batch.length),
    [batch.messages, 5],
  );
  await settled();
});

test("a body that the browser's quota refuses is halved until it takes it", async () => {
  const sent = answering([0], [0]);
  const queue = open();
  addMany(queue, 4);
  queue[4]();
  await settled();
  assert.deepEqual(
    sent.map(({ batch }) => batch.length),
    [4, 2, 2, 1, 1],
  );
  assert.deepEqual(kept(), []);
});

test("an answer that asks to wait is not a quota, and halves nothing as a page goes", async () => {
  const sent = answering([503]);
  const queue = open();
  addMany(queue, 4);
  queue[4]();
  await settled();
  assert.equal(sent.length, 1);
  assert.equal(kept().length, 4);
});

test("the first try may outlive the page, the ones after a failure share no quota with it", async () => {
  const sent = answering([0]);
  const queue = open();
  add(queue, "a");
  await queue[2]();
  await advance(backoff.first_ms);
  assert.deepEqual(
    sent.map(({ keepalive }) => keepalive),
    [true, false],
  );
});

test("what does not fit is dropped, the oldest first, and counted", async () => {
  const sent = answering([503, "1"]);
  const queue = open();
  const dropped = Array.from({ length: 34 }, (_, n) => add(queue, `${n}`, 30_000));
  assert.deepEqual(dropped.filter(Boolean), [34]);
  add(queue, "last");
  await advance(1_000);
  await advance(1_000);
  assert.equal(events(sent).flat().at(-1), "last");
});

test("what another tab has sent takes no room", async () => {
  answering([503]);
  const [one, two] = [open(), open()];
  add(one, "refused");
  await one[2]();
  for (let n = 0; n < 33; n += 1) add(one, `${n}`, 30_000);
  await two[2]();
  assert.deepEqual(kept(), []);
  assert.equal(add(one, "one more", 30_000), 0);
});

test("where nothing may be kept, messages wait in memory", async () => {
  keeps = false;
  const sent = answering([0]);
  const queue = open();
  add(queue, "a");
  await queue[2]();
  assert.deepEqual(Object.keys(localStorage), []);
  await advance(backoff.first_ms);
  assert.deepEqual(events(sent), [["a"], ["a"]]);
});

test("where storage is forbidden, messages wait in memory", async () => {
  forbidStorage();
  const sent = answering([503]);
  const queue = open();
  add(queue, "a");
  await queue[2]();
  await advance(backoff.first_ms);
  assert.deepEqual(events(sent), [["a"], ["a"]]);
});

test("a full storage loses nothing", async () => {
  const sent = answering();
  localStorage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const queue = open();
  add(queue, "a");
  await queue[2]();
  assert.deepEqual(events(sent), [["a"]]);
});

test("where storage is forbidden, a failure is rested from, too", async () => {
  forbidStorage();
  const sent = answering([429, "600"]);
  const queue = open();
  add(queue, "a");
  await queue[2]();
  await advance(599_000);
  await queue[2]();
  assert.equal(sent.length, 1);
});
