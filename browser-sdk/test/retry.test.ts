import assert from "node:assert/strict";
import { test } from "node:test";
import { retryDelay } from "../src/retry.ts";

const NOW = Date.UTC(2026, 0, 31, 12);
const answer = (retryAfter: string | null) => ({ status: 503, retryAfter });

test("the delay doubles up to a minute", () => {
  const delays = [1, 2, 3, 7, 2_000].map((failures) => retryDelay(answer(null), failures, NOW, 1));
  assert.deepEqual(delays, [1_000, 2_000, 4_000, 60_000, 60_000]);
});

test("half of the delay is left to chance", () => {
  assert.equal(retryDelay(answer(null), 1, NOW, 0), 500);
});

test("Retry-After in seconds wins", () => {
  assert.equal(retryDelay(answer("7"), 1, NOW, 0), 7_000);
});

test("Retry-After as a date wins", () => {
  assert.equal(retryDelay(answer("Sat, 31 Jan 2026 12:00:09 GMT"), 1, NOW, 0), 9_000);
});

test("a Retry-After in the past means now", () => {
  assert.equal(retryDelay(answer("Sat, 31 Jan 2026 11:00:00 GMT"), 1, NOW, 0), 0);
});

test("a Retry-After that is no time is ignored", () => {
  assert.equal(retryDelay(answer("soon"), 1, NOW, 1), 1_000);
});

test("a Retry-After of days waits ten minutes", () => {
  assert.equal(retryDelay(answer("999999999999"), 1, NOW, 0), 600_000);
});
