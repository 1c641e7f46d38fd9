import assert from "node:assert/strict";
import { test } from "node:test";
import { optionsFromDataset } from "../src/options.ts";

const API = "https://events.test";

test("without an API there is nothing to start", () => {
  assert.equal(optionsFromDataset({}), null);
});

test("everything is captured unless said otherwise", () => {
  assert.deepEqual(optionsFromDataset({ apiUrl: API })?.capture, ["page_views", "link_clicks"]);
});

test("only what is named is captured", () => {
  const capture = " link_clicks ,scrolls";
  assert.deepEqual(optionsFromDataset({ apiUrl: API, capture })?.capture, ["link_clicks"]);
});

test("an empty list captures nothing", () => {
  assert.deepEqual(optionsFromDataset({ apiUrl: API, capture: "" })?.capture, []);
});

test("debug is on where its attribute is", () => {
  assert.equal(optionsFromDataset({ apiUrl: API, debug: "" })?.debug, true);
  assert.equal(optionsFromDataset({ apiUrl: API })?.debug, false);
});
