import assert from "node:assert/strict";
import { test } from "node:test";
import { Identity } from "../src/identity.ts";
import { memoryStore } from "../src/storage.ts";

test("the device keeps its id", () => {
  const store = memoryStore();
  assert.equal(new Identity(store).anonymousId, new Identity(store).anonymousId);
});

test("nobody is known at first", () => {
  assert.equal(new Identity(memoryStore()).userId, null);
});

test("the person is known on the next page", () => {
  const store = memoryStore();
  new Identity(store).userId = "u1";
  assert.equal(new Identity(store).userId, "u1");
});

test("reset forgets person and device", () => {
  const identity = new Identity(memoryStore());
  const device = identity.anonymousId;
  identity.userId = "u1";
  identity.reset();
  assert.equal(identity.userId, null);
  assert.notEqual(identity.anonymousId, device);
});
