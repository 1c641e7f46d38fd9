import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { storeOf } from "../src/storage.ts";
import { forbidStorage, openPage } from "./browser.ts";

beforeEach(() => openPage());

test("a value is in a cookie and in localStorage", () => {
  storeOf(() => true).set("k", "a;b=c é");
  assert.equal(document.cookie, "k=a%3Bb%3Dc%20%C3%A9");
  assert.equal(localStorage.getItem("k"), "a;b=c é");
});

test("the cookie wins over its copy", () => {
  const store = storeOf(() => true);
  store.set("k", "new");
  localStorage.setItem("k", "stale");
  assert.equal(store.get("k"), "new");
});

test("the copy stands in for a cookie that went", () => {
  const store = storeOf(() => true);
  store.set("k", "v");
  // biome-ignore lint/suspicious/noDocumentCookie: as a browser's clean-up does
  document.cookie = "k=;max-age=0";
  assert.equal(store.get("k"), "v");
});

test("a damaged cookie is none", () => {
  // biome-ignore lint/suspicious/noDocumentCookie: as another script may
  document.cookie = "k=%E0%A4%A";
  assert.equal(storeOf(() => true).get("k"), undefined);
});

test("a storage that fills up does not answer with what it had before", () => {
  const store = storeOf(() => true);
  localStorage.setItem("k", "old");
  localStorage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  Object.defineProperty(document, "cookie", { value: "" });
  store.set("k", "new");
  assert.equal(store.get("k"), "new");
});

test("memory stands in where storage is forbidden", () => {
  forbidStorage();
  const store = storeOf(() => true);
  store.set("k", "v");
  assert.equal(store.get("k"), "v");
  store.remove("k");
  assert.equal(store.get("k"), undefined);
});

test("where nothing may be kept, memory alone has it", () => {
  const store = storeOf(() => false);
  store.set("k", "v");
  assert.deepEqual([store.get("k"), document.cookie, Object.keys(localStorage)], ["v", "", []]);
});

test("what another tab has removed is gone", () => {
  const store = storeOf(() => true);
  store.set("k", "v");
  storeOf(() => true).remove("k");
  assert.equal(store.get("k"), undefined);
});

test("a task's first look at the page's cookies counts, and the next task looks again", async () => {
  let looks = 0;
  Object.defineProperty(document, "cookie", { get: () => `k=${++looks}` });
  const store = storeOf(() => true);
  const first = store.get("k");
  assert.equal(store.get("k"), first);
  await null;
  assert.notEqual(store.get("k"), first);
});
