import assert from "node:assert/strict";
import { test } from "node:test";
import { optionsFromTag } from "../src/options.ts";

const API = { "data-api-url": "https://events.test" };

function optionsOf(attributes: Record<string, string>) {
  return optionsFromTag({ getAttribute: (name) => attributes[name] ?? null });
}

test("without an API there is nothing to start", () => {
  assert.equal(optionsOf({}), null);
});

test("what the tag does not say is left to the client", () => {
  const { apiUrl, writeKey, capture, maskedKeys } = optionsOf(API) ?? {};
  assert.deepEqual(
    [apiUrl, writeKey, capture, maskedKeys],
    ["https://events.test", undefined, undefined, undefined],
  );
});

test("only what is named is captured", () => {
  const capture = " link_clicks ,scrolls";
  assert.deepEqual(optionsOf({ ...API, "data-capture": capture })?.capture, ["link_clicks"]);
});

test("an empty list captures nothing", () => {
  assert.deepEqual(optionsOf({ ...API, "data-capture": "" })?.capture, []);
});

test("masked keys are a list", () => {
  const options = optionsOf({ ...API, "data-masked-keys": "invite, user_id" });
  assert.deepEqual(options?.maskedKeys, ["invite", "user_id"]);
});

test("debug is on where its attribute is", () => {
  assert.equal(optionsOf({ ...API, "data-debug": "" })?.debug, true);
  assert.equal(optionsOf(API)?.debug, false);
});
