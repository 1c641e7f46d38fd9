import assert from "node:assert/strict";
import { test } from "node:test";
import { fromJson, toJson } from "../src/steps-builder.ts";

test("steps are the same after they were JSON, whatever their texts", () => {
  const steps = ["page_view", 'it\'s; "ünï" ✓ --', "page_view"];
  assert.deepEqual(fromJson(toJson(steps)), steps);
});

test("empty steps are left out, and nothing is left of none", () => {
  assert.equal(toJson(["a", "", "b"]), '["a","b"]');
  assert.equal(toJson(["", ""]), "");
});

test("what is not a list of texts begins with two empty steps", () => {
  for (const text of ["", "a, b", "[1]", '{"a": 1}']) assert.deepEqual(fromJson(text), ["", ""]);
});
