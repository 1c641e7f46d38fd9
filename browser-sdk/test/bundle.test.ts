import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

const bundle = textOf("../dist/headwater.js");
const size = gzipSync(bundle, { level: 9 }).length;

test("the script stays within 6 KiB on the wire, with everything on", () => {
  assert.ok(size <= 6_144, `${size} bytes`);
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
  assert.match(bundle, /^\(\(\)=>\{.*\}\)\(\);\n$/s);
});
