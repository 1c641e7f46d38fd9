import assert from "node:assert/strict";
import { test } from "node:test";
import { before, otherReport, query, readView } from "../src/view.ts";

const NOON = new Date("2026-03-31T12:00:00Z");

test("a URL without anything is the overview of the last 30 days", () => {
  assert.deepEqual(readView("", NOON), {
    report: "overview",
    given: { start: "2026-03-02", end: "2026-03-31" },
    compares: false,
  });
});

test("the last day is today in the zone that is asked", () => {
  assert.equal(readView("?time_zone=Pacific/Apia", NOON).given.end, "2026-04-01");
});

test("a last day that is none is kept for the server to refuse", () => {
  assert.equal(readView("?end=soon", NOON).given.end, "soon");
});

test("a view is the same after it was a URL, whatever its texts", () => {
  const view = readView("?report=funnel&compare=previous", NOON);
  const odd = {
    ...view,
    given: { ...view.given, steps: '["it\'s; \\"ünï\\" ✓ -- &=?#"]', segment: "os!=a&b\nos" },
  };
  assert.deepEqual(readView(query(odd), NOON), odd);
});

test("another report keeps what all reports take", () => {
  const view = readView(
    "?report=retention&app=web&segment=os%3Dmac&event=a&compare=previous",
    NOON,
  );
  const { given, compares } = otherReport(view, "sessions");
  assert.deepEqual(given, {
    start: "2026-03-02",
    end: "2026-03-31",
    app: "web",
    segment: "os=mac",
  });
  assert.equal(compares, true);
});

test("what is asked of the days before differs in its days alone", () => {
  assert.deepEqual(before({ start: "2026-03-02", end: "2026-03-03", app: "web" }), {
    start: "2026-02-28",
    end: "2026-03-01",
    app: "web",
  });
});
