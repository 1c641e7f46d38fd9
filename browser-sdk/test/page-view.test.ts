import assert from "node:assert/strict";
import { test } from "node:test";
import { PageView } from "../src/page-view.ts";

test("the first page view keeps the id that events before its message had", () => {
  const view = new PageView("/a", "");
  const id = view.id;
  view.announce("/a");
  assert.equal(view.id, id);
});

test("a second page call is another page view", () => {
  const view = new PageView("/a", "");
  const id = view.id;
  view.announce("/a");
  view.announce("/a");
  assert.notEqual(view.id, id);
});

test("the page that was left is the referrer of the next", () => {
  const view = new PageView("/a", "https://search.test/");
  view.begin("/b");
  assert.equal(view.referrer, "/a");
});

test("the same page again keeps its referrer", () => {
  const view = new PageView("/a", "https://search.test/");
  view.begin("/a");
  assert.equal(view.referrer, "https://search.test/");
});
