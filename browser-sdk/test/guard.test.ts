import assert from "node:assert/strict";
import { test } from "node:test";
import { guarded } from "../src/guard.ts";

test("an error stays inside and is said to the log", () => {
  const said: unknown[] = [];
  const error = new Error("inside");
  guarded(
    (_, detail) => said.push(detail),
    () => {
      throw error;
    },
  )();
  assert.deepEqual(said, [error]);
});
