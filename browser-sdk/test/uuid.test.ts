import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { uuid } from "../src/uuid.ts";
import { NOW, openPage } from "./browser.ts";

beforeEach(() => openPage());

test("an id is a version 7 UUID of the moment", () => {
  mock.timers.setTime(NOW + 3_600_000);
  const id = uuid();
  assert.match(id, /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.equal(Number.parseInt(id.slice(0, 13).replace("-", ""), 16), NOW + 3_600_000);
});

test("ids sort in the order of their making, whatever the clock does", () => {
  const ids = Array.from({ length: 10_000 }, uuid);
  mock.timers.setTime(0);
  ids.push(uuid());
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
});
