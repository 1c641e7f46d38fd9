import assert from "node:assert/strict";
import { test } from "node:test";
import { compared, duration, heading, number, text } from "../src/format.ts";

test("a column's name says whether it is a share, a duration or a count", () => {
  assert.equal(number("bounce_rate", 0.4286), "42.9%");
  assert.equal(number("share_of_first", 1), "100%");
  assert.equal(number("stickiness", 0.125), "12.5%");
  assert.equal(number("engaged_seconds", 61.5), "61.5 s");
  assert.equal(number("users", 12_345), "12,345");
});

test("a duration is in the largest unit of which there are two", () => {
  assert.deepEqual([119, 120, 7199, 7200, 172_800].map(duration), [
    "119 s",
    "2 min",
    "120 min",
    "2 h",
    "2 days",
  ]);
});

test("times are the zone's, days stay what they are", () => {
  const moment = "2026-03-29T01:00:00Z";
  assert.equal(text("event_time", moment, "Asia/Kolkata"), "2026-03-29 06:30:00");
  assert.equal(text("day", "2026-03-29", "Asia/Kolkata"), "2026-03-29");
});

test("null, false and an empty text differ", () => {
  assert.deepEqual(
    [null, false, ""].map((value) => text("page", value, "UTC")),
    ["–", "no", ""],
  );
});

test("a change is a share of what was before", () => {
  assert.equal(compared("users", 6, 4), "+50%, 4 before");
  assert.equal(compared("bounce_rate", 0.25, 0.5), "−50%, 50% before");
  assert.equal(compared("users", 4, 4), "no change, 4 before");
  assert.equal(compared("users", 4, 0), "0 before");
  assert.equal(compared("users", 4, null), "none before");
  assert.equal(compared("users", null, 4), "4 before");
});

test("a heading is made of a column's name", () => {
  assert.equal(heading("engaged_seconds"), "Engaged time");
  assert.equal(heading("app_id"), "App id");
});
