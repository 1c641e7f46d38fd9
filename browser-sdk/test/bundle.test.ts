import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

const bundle = textOf("../dist/headwater.js");
const size = gzipSync(bundle, { level: 9 }).length;

test("the script stays under 6 KB on the wire", () => {
  assert.ok(size < 6_000);
});

for (const [path, stated] of [
  ["../README.md", /([\d.]+) KB gzipped/g],
  ["../../README.md", /(?:details: no dependencies,\s|browser SDK, compressed \| )([\d.]+) KB/g],
] as const) {
  test(`${path} states the script's size`, () => {
    const sizes = [...textOf(path).matchAll(stated)].map(([, kilobytes]) => kilobytes);
    assert.deepEqual([...new Set(sizes)], [(size / 1_000).toFixed(1)]);
  });
}

test("the script names no global but window.headwater", () => {
  assert.match(bundle, /^"use strict";\(\(\)=>\{.*\}\)\(\);\n$/s);
});
