import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { MAX_IDLE_MS, MAX_LENGTH_MS, SESSION, touchVisit } from "../src/session.ts";
import { type Store, storeOf } from "../src/storage.ts";
import { NOW, openPage } from "./browser.ts";

let store: Store;

beforeEach(() => {
  openPage();
  store = storeOf(() => true);
});

const visit = (campaign = "") => touchVisit(store, campaign);
const pass = (ms: number) => mock.timers.tick(ms);

test("the first visit of a device has number 1", () => assert.equal(visit()[1], 1));

test("a visit goes on while messages come", () => {
  const [first] = visit();
  pass(MAX_IDLE_MS);
  visit();
  pass(MAX_IDLE_MS);
  assert.equal(visit()[0], first);
});

test("a visit goes on over page loads and in other tabs", () => {
  const [first] = visit();
  assert.equal(
    touchVisit(
      storeOf(() => true),
      "",
    )[0],
    first,
  );
});

test("a visit ends after half an hour without a message", () => {
  const [first] = visit();
  pass(MAX_IDLE_MS + 1);
  const [second, number] = visit();
  assert.notEqual(second, first);
  assert.equal(number, 2);
});

test("a visit ends a day after it began", () => {
  const [first] = visit();
  for (let passed = 0; passed <= MAX_LENGTH_MS; passed += MAX_IDLE_MS) {
    visit();
    pass(MAX_IDLE_MS);
  }
  assert.notEqual(visit()[0], first);
});

test("a clock that was set back ends the visit", () => {
  const [first] = visit();
  mock.timers.setTime(NOW - 2 * MAX_LENGTH_MS);
  assert.notEqual(visit()[0], first);
});

test("a campaign is the visit's until another one comes", () => {
  const [id] = visit('{"source":"spring news"}');
  assert.equal(visit()[2], '{"source":"spring news"}');
  const again = visit('{"gclid":"1"}');
  assert.deepEqual([again[0], again[2]], [id, '{"gclid":"1"}']);
});

test("a campaign ends with its visit", () => {
  visit('{"source":"news"}');
  pass(MAX_IDLE_MS + 1);
  assert.equal(visit()[2], "");
});

test("what somebody else wrote in its place is not a visit", () => {
  store.set(SESSION, "{}");
  assert.equal(visit()[1], 1);
});

test("a burst of messages writes the visit once", () => {
  visit();
  const write = mock.method(localStorage, "setItem");
  for (let n = 0; n < 100; n += 1) visit();
  assert.equal(write.mock.callCount(), 0);
});
