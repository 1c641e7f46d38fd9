import assert from "node:assert/strict";
import { test } from "node:test";
import { pageUrl, withoutQuery } from "../src/page-url.ts";

test("a fragment is not part of the page", () => {
  assert.equal(pageUrl("https://a.test/b?c=1#access_token=secret"), "https://a.test/b?c=1");
});

test("a route in the fragment is", () => {
  assert.equal(pageUrl("https://a.test/#/cart"), "https://a.test/#/cart");
  assert.equal(pageUrl("https://a.test/#!cart"), "https://a.test/#!cart");
  assert.equal(pageUrl("https://a.test/#/cart#top"), "https://a.test/#/cart");
});

for (const route of ["#", "#/", "#!", "#!/"]) {
  test(`${route} is the home of a router`, () => {
    assert.equal(pageUrl(`https://a.test/app${route}`), "https://a.test/app");
  });
}

test("a query can be left out, a route stays", () => {
  assert.equal(withoutQuery("https://a.test/b?c=1#d"), "https://a.test/b");
  assert.equal(withoutQuery("https://a.test/b?c=1#/cart"), "https://a.test/b#/cart");
});
