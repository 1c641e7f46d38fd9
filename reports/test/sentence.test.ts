import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../src/api.ts";
import { sentence } from "../src/sentence.ts";

const QUESTION = { name: "q", title: "Who?", meaning: "A user is a person.", parameters: [] };
const NOW = { start: "2026-03-25", end: "2026-03-26", app: "", time_zone: "Asia/Kolkata" };
const ANSWER: Answer = {
  columns: ["users"],
  rows: [[1]],
  is_cut: false,
  as_of: "2026-03-26T20:00:00Z",
};

test("a sentence has definition, zone, days, app, bots, rows and moment", () => {
  assert.equal(
    sentence(QUESTION, { ...NOW, bots: "only" }, undefined, ANSWER),
    "A user is a person. Days of Asia/Kolkata, 2026-03-25 to 2026-03-26; app: all; " +
      "known bots: alone; 1 row; as of 2026-03-27 01:30:00.",
  );
});

test("it names the days that are beside, and rows that are missing", () => {
  const then = { ...NOW, start: "2026-03-23", end: "2026-03-24" };
  const cut = { ...ANSWER, rows: Array.from({ length: 10_000 }, () => [1]), is_cut: true };
  const said = sentence(QUESTION, { ...NOW, bots: "include" }, then, cut);
  assert.match(said, /2026-03-26, compared with 2026-03-23 to 2026-03-24; app: all;/);
  assert.match(said, /known bots: included; the first 10,000 rows, all are in the CSV;/);
});

test("it names the segment's conditions, unless the question does not look at them", () => {
  const segment = "country=DE\n!utm_source\n";
  const asked = { ...NOW, bots: "exclude", segment };
  const meaning = "The parameters `bots` and `segment` are not used.";
  assert.match(
    sentence(QUESTION, asked, undefined, ANSWER),
    /known bots: left out; segment: country=DE and !utm_source; 1 row;/,
  );
  assert.match(sentence({ ...QUESTION, meaning }, asked, undefined, ANSWER), /app: all; 1 row;/);
});

test("it says nothing of bots where the question does not look at what was asked of them", () => {
  const meaning = "The parameter `bots` is not used.";
  const said = sentence({ ...QUESTION, meaning }, { ...NOW, bots: "exclude" }, undefined, ANSWER);
  assert.doesNotMatch(said, /known bots/);
});
