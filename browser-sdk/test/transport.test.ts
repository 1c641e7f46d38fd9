import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointOf } from "../src/transport.ts";

const PAGE = "https://shop.test/a/b?c#d";

test("batches go below the API's URL, with or without a slash at its end", () => {
  assert.equal(endpointOf("https://events.test", PAGE), "https://events.test/v1/b");
  assert.equal(endpointOf("https://events.test/first/", PAGE), "https://events.test/first/v1/b");
});

test("a path is one of the page's own host", () => {
  assert.equal(endpointOf("/first-party", PAGE), "https://shop.test/first-party/v1/b");
  assert.equal(endpointOf("//events.test", PAGE), "https://events.test/v1/b");
});

test("a page without an address can name a whole one", () => {
  assert.equal(endpointOf("https://events.test", "about:srcdoc"), "https://events.test/v1/b");
  assert.equal(endpointOf("/first-party", "about:srcdoc"), "");
});

for (const url of [
  "javascript:x",
  "data:,",
  "ftp://events.test",
  "https://ann:p@events.test",
  "https://",
  "",
]) {
  test(`nothing can be sent to "${url}"`, () => assert.equal(endpointOf(url, PAGE), ""));
}
