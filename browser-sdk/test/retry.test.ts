import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import * as retry from "../src/retry.ts";
import { openPage } from "./browser.ts";
import { DELIVERY } from "./delivery.ts";

beforeEach(() => openPage());

const { statuses, backoff, retry_after, blocked } = DELIVERY;

for (const status of statuses.again) {
  test(`${status} is worth another try`, () => assert.ok(retry.isWorthRetrying(status)));
}

for (const status of [...statuses.accepted, ...statuses.refused]) {
  test(`${status} is final`, () => assert.ok(!retry.isWorthRetrying(status)));
}

test("the delay doubles up to the longest, and half of it is left to chance", () => {
  const random = mock.method(Math, "random", () => 1);
  assert.deepEqual([1, 2, 3, 2_000].map(retry.retryDelay), [
    backoff.first_ms,
    backoff.first_ms * 2,
    backoff.first_ms * 4,
    backoff.longest_ms,
  ]);
  random.mock.mockImplementation(() => 0);
  assert.equal(retry.retryDelay(1), backoff.first_ms / 2);
  random.mock.restore();
});

for (const [header, ms] of Object.entries(retry_after.pauses)) {
  test(`Retry-After: ${header} is ${ms} ms`, () => assert.equal(retry.retryAfter(header), ms));
}

test("without Retry-After nothing is asked for", () => assert.equal(retry.retryAfter(null), 0));

test("the limits are those of all clients", () => {
  assert.deepEqual(
    [retry.MAX_PAUSE_MS, retry.MAX_UNANSWERED, retry.BLOCKED_MS],
    [retry_after.longest_ms, blocked.failures, blocked.rest_ms],
  );
});
