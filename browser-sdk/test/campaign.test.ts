import assert from "node:assert/strict";
import { test } from "node:test";
import { campaignIn } from "../src/campaign.ts";

test("UTM parameters and click ids are read, the first of each", () => {
  const search =
    "?utm_campaign=spring&utm_source=news&UTM_Medium=mail&utm_term=cold+water&gclid=a&gclid=b&q=1";
  assert.deepEqual(JSON.parse(campaignIn(search)), {
    name: "spring",
    source: "news",
    medium: "mail",
    term: "cold water",
    gclid: "a",
  });
});

for (const parameter of ["dclid", "fbclid", "gbraid", "gclid", "igshid", "li_fat_id", "msclkid"]) {
  test(`${parameter} marks a click`, () => {
    assert.deepEqual(JSON.parse(campaignIn(`?${parameter}=x`)), { [parameter]: "x" });
  });
}
for (const parameter of ["rdt_cid", "sccid", "ttclid", "twclid", "wbraid", "yclid"]) {
  test(`${parameter} marks a click`, () => {
    assert.deepEqual(JSON.parse(campaignIn(`?${parameter}=x`)), { [parameter]: "x" });
  });
}

test("empty and other parameters do not count, nor what a cookie cannot hold", () => {
  for (const search of [
    "",
    "?utm_source=&q=1",
    "?cid=1&acid=2",
    `?utm_source=${"x".repeat(3_000)}`,
    // nine characters of a cookie each
    `?utm_source=${"春".repeat(400)}`,
  ]) {
    assert.equal(campaignIn(search), "");
  }
});
