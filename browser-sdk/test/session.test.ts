import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { MAX_IDLE_MS, MAX_LENGTH_MS, Session } from "../src/session.ts";
import { memoryStore, type Store } from "../src/storage.ts";
import { FakeClock } from "./fakes.ts";

let clock: FakeClock;
let store: Store;
let session: Session;

beforeEach(() => {
  clock = new FakeClock();
  store = memoryStore();
  session = new Session(store, clock);
});

test("the first visit of a device has number 1", () => {
  assert.equal(session.touch().number, 1);
});

test("a visit goes on while messages come", async () => {
  const first = session.touch();
  await clock.advance(MAX_IDLE_MS);
  session.touch();
  await clock.advance(MAX_IDLE_MS);
  assert.equal(session.touch().id, first.id);
});

test("a visit goes on over page loads and in other tabs", () => {
  const first = session.touch();
  assert.equal(new Session(store, clock).touch().id, first.id);
});

test("a visit ends after half an hour without a message", async () => {
  const first = session.touch();
  await clock.advance(MAX_IDLE_MS + 1);
  const second = session.touch();
  assert.notEqual(second.id, first.id);
  assert.equal(second.number, 2);
});

test("a visit ends a day after it began", async () => {
  const first = session.touch();
  for (let passed = 0; passed <= MAX_LENGTH_MS; passed += MAX_IDLE_MS) {
    session.touch();
    await clock.advance(MAX_IDLE_MS);
  }
  assert.notEqual(session.touch().id, first.id);
});

test("a clock that was set back ends the visit", async () => {
  const first = session.touch();
  await clock.advance(-2 * MAX_LENGTH_MS);
  assert.notEqual(session.touch().id, first.id);
});

test("reset forgets the visit and the count", () => {
  const first = session.touch();
  session.reset();
  const next = session.touch();
  assert.notEqual(next.id, first.id);
  assert.equal(next.number, 1);
});

test("what somebody else wrote in its place is no visit", () => {
  store.set("headwater_session", "{}");
  assert.equal(session.touch().number, 1);
});
