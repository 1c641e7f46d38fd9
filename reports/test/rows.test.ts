import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Value } from "../src/api.ts";
import { column, isEmpty, matched, measures, shifted, sum } from "../src/rows.ts";

function answer(columns: string[], ...rows: Value[][]): Answer {
  return { columns, rows, is_cut: false, as_of: "2026-03-31T12:00:00Z" };
}

test("a column of numbers is a measure, even with gaps; one of texts or nothing is not", () => {
  const rows = answer(["page", "views", "depth", "host"], ["/", 1, null, null], ["/a", 2, 5, null]);
  assert.deepEqual(measures(rows), ["views", "depth"]);
});

test("a step is where a row belongs, not an amount", () => {
  const funnel = answer(["step", "event", "users"], [1, "a", 0], [2, "b", 0]);
  assert.deepEqual(measures(funnel), ["users"]);
  assert.equal(isEmpty(funnel), true);
});

test("a sum leaves out what is null, and is null of nothing", () => {
  const rows = answer(["n", "none"], [1, null], [null, null], [2, null]);
  assert.equal(sum(rows, "n"), 3);
  assert.equal(sum(rows, "none"), null);
});

test("nothing happened if there are no rows or only zeros, but texts alone are something", () => {
  assert.equal(isEmpty(answer(["day", "users"])), true);
  assert.equal(isEmpty(answer(["day", "users"], ["2026-03-01", 0])), true);
  assert.equal(isEmpty(answer(["day", "users"], ["2026-03-01", 0], ["2026-03-02", 1])), false);
  assert.equal(isEmpty(answer(["event_type"], ["page_view"])), false);
});

test("a row is matched with that of the same texts before, in any order", () => {
  const now = answer(["host", "page", "views"], [null, "/a", 5], ["h", "/b", 4], ["h", "/c", 3]);
  const before = answer(["host", "page", "views"], ["h", "/b", 9], [null, "/a", 1]);
  assert.deepEqual(matched(now, before, "views"), [1, 9, null]);
});

test("a column that had amounts on one side only does not keep rows apart", () => {
  const now = answer(["page", "views", "depth"], ["/a", 5, null]);
  const before = answer(["page", "views", "depth"], ["/a", 4, 90]);
  assert.deepEqual(matched(now, before, "views"), [4]);
});

test("the first day before is set beside the first, and what has no counterpart is left out", () => {
  const now = answer(["day", "users"], ["2026-03-03", 5], ["2026-03-04", 6]);
  const before = answer(["day", "users"], ["2026-03-01", 1], ["2026-03-02", 2], ["2026-03-03", 3]);
  assert.deepEqual(shifted(now, before, "day").rows, [
    ["2026-03-03", 1],
    ["2026-03-04", 2],
  ]);
});

test("nothing matches an answer without rows", () => {
  const now = answer(["page", "views"], ["/a", 5]);
  assert.deepEqual(matched(now, answer(["page", "views"]), "views"), [null]);
});

test("a column that an answer does not have is an error", () => {
  assert.throws(() => column(answer(["day"]), "users"), /has no users: day/);
});
