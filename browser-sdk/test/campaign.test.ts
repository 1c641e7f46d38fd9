import assert from "node:assert/strict";
import { test } from "node:test";
import { campaignOf } from "../src/campaign.ts";

test("all five parameters are read", () => {
  const search =
    "?utm_campaign=spring&utm_source=news&utm_medium=mail&utm_term=cold+water&utm_content=b";
  assert.deepEqual(campaignOf(search), {
    name: "spring",
    source: "news",
    medium: "mail",
    term: "cold water",
    content: "b",
  });
});

test("empty and other parameters do not count", () => {
  assert.equal(campaignOf("?utm_source=&q=1"), null);
});
