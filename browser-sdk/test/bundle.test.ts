import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const bundle = readFileSync(new URL("../dist/headwater.js", import.meta.url));

test("the script stays under 6 KB on the wire", () => {
  assert.ok(gzipSync(bundle, { level: 9 }).length < 6_144);
});

test("the script names no global but window.headwater", () => {
  assert.match(bundle.toString(), /^"use strict";\(\(\)=>\{.*\}\)\(\);\n$/s);
});
