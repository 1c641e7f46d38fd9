import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, lastDays, previous, today } from "../src/days.ts";

test("the days before are as many, over months and leap days", () => {
  const march = { start: "2028-03-01", end: "2028-03-31" };
  assert.deepEqual(previous(march), { start: "2028-01-30", end: "2028-02-29" });
  const day = { start: "2026-03-29", end: "2026-03-29" };
  assert.deepEqual(previous(day), { start: "2026-03-28", end: "2026-03-28" });
});

test("what is not a range has no days before it", () => {
  assert.equal(previous({ start: "2026-03-02", end: "2026-03-01" }), undefined);
  assert.equal(previous({ start: "yesterday", end: "2026-03-01" }), undefined);
});

test("the last days end with the day given", () => {
  assert.deepEqual(lastDays(7, "2026-03-03"), { start: "2026-02-25", end: "2026-03-03" });
});

test("today is a day of the zone, of UTC if nobody knows the zone", () => {
  const moment = new Date("2026-03-29T22:30:00Z");
  assert.equal(today("Europe/Berlin", moment), "2026-03-30");
  assert.equal(today("America/St_Johns", moment), "2026-03-29");
  assert.equal(today("Mars/Olympus", moment), "2026-03-29");
});

test("a clock shows the zone's time, on both sides of daylight saving", () => {
  assert.equal(clock("Europe/Berlin", new Date("2026-03-29T00:59:59Z")), "2026-03-29 01:59:59");
  assert.equal(clock("Europe/Berlin", new Date("2026-03-29T01:00:00Z")), "2026-03-29 03:00:00");
  assert.equal(clock("nowhere", new Date("2026-03-29T01:00:00.5Z")), "2026-03-29 01:00:00Z");
});
