import assert from "node:assert/strict";
import { test } from "node:test";
import { bare } from "../src/own.ts";

test("a bare copy inherits nothing", () => {
  const copy = bare({ a: 1 });
  assert.deepEqual([copy.a, "toString" in copy], [1, false]);
});

test("options that are missing are empty", () => {
  assert.deepEqual(Object.keys(bare(undefined as unknown as object)), []);
});
