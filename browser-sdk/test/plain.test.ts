import assert from "node:assert/strict";
import { test } from "node:test";
import { plain } from "../src/plain.ts";

const json = (value: unknown, denied?: string[]) => JSON.stringify(plain(value, denied));

test("JSON stays as it is", () => {
  const value = { a: [1, "b", null, true, { c: {} }], d: "é", e: 1.5 };
  assert.equal(json(value), JSON.stringify(value));
});

test("dates and what else has a toJSON say what they are", () => {
  assert.equal(
    json({ at: new Date(0), url: new URL("https://a.test/") }),
    '{"at":"1970-01-01T00:00:00.000Z","url":"https://a.test/"}',
  );
});

test("circles, elements, windows and functions are left out", () => {
  const circle: Record<string, unknown> = { a: 1, element: { nodeType: 1 }, run() {} };
  circle.self = circle;
  const frame: Record<string, unknown> = { b: 2 };
  frame.window = frame;
  assert.equal(json({ circle, frame }), '{"circle":{"a":1}}');
});

test("the same object twice is not a circle", () => {
  const address = { city: "Bern" };
  assert.equal(
    json({ from: address, to: address }),
    '{"from":{"city":"Bern"},"to":{"city":"Bern"}}',
  );
});

test("a field that throws is left out", () => {
  const hostile = {
    a: 1,
    get b(): never {
      throw new Error("no");
    },
    c: {
      toJSON: () => {
        throw new Error("no");
      },
    },
  };
  assert.equal(json(hostile), '{"a":1}');
});

test("a BigInt is text, and what is too deep is left out", () => {
  const deep = JSON.parse(`${'{"a":'.repeat(50)}1${"}".repeat(50)}`);
  assert.equal(json({ n: 12n }), '{"n":"12"}');
  assert.ok((json(deep)?.length ?? 0) < 100);
});

test("denied properties are left out, however deep", () => {
  assert.equal(json({ email: "x", a: [{ email: "y", b: 1 }] }, ["email"]), '{"a":[{"b":1}]}');
});

test("a toJSON that the page gave all objects and arrays is not asked", () => {
  const all = [Object.prototype, Array.prototype];
  for (const each of all) Object.assign(each, { toJSON: () => "broken" });
  try {
    assert.equal(json({ a: [1, { b: 2 }] }), '{"a":[1,{"b":2}]}');
  } finally {
    for (const each of all) Reflect.deleteProperty(each, "toJSON");
  }
});
