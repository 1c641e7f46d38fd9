import assert from "node:assert/strict";
import { test } from "node:test";
import { bare, own } from "../src/own.ts";

test("an inherited property is not an object's own", () => {
  const polluted: { apiUrl?: string } = Object.create({ apiUrl: "https://evil.test" });
  assert.equal(own(polluted, "apiUrl"), undefined);
  polluted.apiUrl = "https://events.test";
  assert.equal(own(polluted, "apiUrl"), "https://events.test");
});

test("a bare copy inherits nothing", () => {
  const copy = bare({ a: 1 });
  assert.deepEqual([copy.a, "toString" in copy], [1, false]);
});

test("options that are missing are empty", () => {
  assert.deepEqual(Object.keys(bare(undefined as unknown as object)), []);
});
