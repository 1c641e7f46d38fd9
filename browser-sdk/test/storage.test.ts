import assert from "node:assert/strict";
import { test } from "node:test";
import { browserStore, memoryStore, withFallback } from "../src/storage.ts";
import { brokenStore } from "./fakes.ts";

/** A page whose localStorage is forbidden and whose cookies are kept by `keep`. */
function pageWithCookies(keep: (jar: Map<string, string>, name: string, value: string) => void) {
  const jar = new Map<string, string>();
  const document = {
    get cookie() {
      return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    },
    set cookie(text: string) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (text.includes("max-age=0")) jar.delete(name);
      else keep(jar, name, value);
    },
  };
  const page = {
    document,
    location: { protocol: "http:" },
    get localStorage(): never {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  };
  return { jar, page: page as unknown as Window };
}

test("what the first store keeps is not given to the second", () => {
  const [first, second] = [memoryStore(), memoryStore()];
  withFallback(first, second).set("k", "v");
  assert.deepEqual([first.get("k"), second.get("k")], ["v", null]);
});

test("the second store takes what the first refuses", () => {
  const store = withFallback(brokenStore, memoryStore());
  store.set("k", "v");
  assert.equal(store.get("k"), "v");
});

test("a first store that fills up does not answer with what it had before", () => {
  const first = memoryStore();
  const full = { ...first, set: brokenStore.set };
  first.set("k", "old");
  const store = withFallback(full, memoryStore());
  store.set("k", "new");
  assert.equal(store.get("k"), "new");
});

test("what is removed is in neither", () => {
  const store = withFallback(brokenStore, memoryStore());
  store.set("k", "v");
  store.remove("k");
  assert.equal(store.get("k"), null);
});

test("cookies stand in for a forbidden localStorage", () => {
  const { jar, page } = pageWithCookies((jar, name, value) => jar.set(name, value));
  browserStore(page).set("k", "a;b=c");
  assert.equal(jar.get("k"), "a%3Bb%3Dc");
  assert.equal(browserStore(page).get("k"), "a;b=c");
});

test("memory stands in where cookies are refused too", () => {
  const store = browserStore(pageWithCookies(() => {}).page);
  store.set("k", "v");
  assert.equal(store.get("k"), "v");
});
