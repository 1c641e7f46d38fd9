import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { MASKED_KEYS, redaction } from "../src/redaction.ts";

const redact = redaction();

/** One test for each, named after what goes in. */
function each(redact: (given: string) => string, cases: Record<string, string>): void {
  for (const [given, left] of Object.entries(cases)) {
    test(given || "(empty)", () => assert.equal(redact(given), left));
  }
}

const url = (given: string) => redact.url(given);
const text = (given: string) => redact.text(given);

describe("a URL that hides nothing stays as it is", () => {
  const plain = [
    "https://a.test/",
    "http://a.test:8080/b/c.html?from=links&utm_source=mail",
    "https://a.test/?keyword=shoes&codec=h264&q=a%20b&r=Z%C3%BCrich&s=50%25&t=100%",
    "https://a.test/?next=https%3A%2F%2Fb.test%2Fc%3Fd%3D1&back=/e?f=2",
    "https://a.test/?a=%2Fb%3Fc%3D%252Fd%253Fe%253D1",
    "https://a.test/?x=a=b==",
    "https://a.test/@ann/react@18.2.0/umd;v=1",
    "https://a.test/#/cart/12",
    "https://a.test/#!cart",
  ];
  each(url, Object.fromEntries(plain.map((given) => [given, given])));
});

describe("campaigns and advertisers' click ids stay", () => {
  const keys = ["source", "medium", "campaign", "term", "content", "id"].map((key) => `utm_${key}`);
  const ids = ["gclid", "gbraid", "wbraid", "dclid", "fbclid", "msclkid", "ttclid", "twclid"];
  const others = ["igshid", "li_fat_id", "rdt_cid", "sccid", "yclid"];
  const all = [...keys, ...ids, ...others].map((key) => `https://a.test/?${key}=Cj0_x-1.2`);
  each(url, Object.fromEntries(all.map((given) => [given, given])));
});

describe("user names and passwords go", () => {
  each(url, {
    "https://ann:pa55@a.test/b": "https://a.test/b",
    "https://ann@a.test/": "https://a.test/",
    "https:\\\\ann:p@55@a.test": "https://a.test/",
    "https://a.test/proxy/https://ann:pa55@b/c": "https://a.test/proxy/https://b/c",
    "https://a.test/?to=//ann:pa55@b/": "https://a.test/?to=//b/",
    "https://a.test/?to=%2F%2Fann:pa55%40b%2F": "https://a.test/?to=***",
  });
});

describe("of a fragment only a route's path stays", () => {
  each(url, {
    "https://a.test/b#access_token=s1": "https://a.test/b",
    "https://a.test/b#s1": "https://a.test/b",
    "https://a.test/#:~:text=s1": "https://a.test/",
    "https://a.test/#/cb?access_token=s1": "https://a.test/#/cb",
    "https://a.test/#!/cb?access_token=s1": "https://a.test/#!/cb",
    "https://a.test/#/cb#access_token=s1": "https://a.test/#/cb",
    "https://a.test/#/cb&access_token=s1": "https://a.test/#/cb",
    "https://a.test/#/cb;access_token=s1": "https://a.test/#/cb",
    "https://a.test/#/access_token=s1": "https://a.test/#/access_token",
    "https://a.test/#/cb%3Faccess_token%3Ds1": "https://a.test/#***",
    "https://a.test/#/cb%253Faccess_token%253Ds1": "https://a.test/#***",
    "https://a.test/#/r/https://ann:s1@b/": "https://a.test/#/r/https://b/",
  });
});

describe("of another scheme nothing else stays", () => {
  each(url, {
    "javascript:login('s1')": "javascript:",
    "JavaScript:login('s1')": "javascript:",
    "data:text/html,s1": "data:",
    "mailto:ann@a.test?body=s1": "mailto:",
    "tel:+41441234567": "tel:",
    "blob:https://a.test/s1": "blob:",
    "file:///home/ann/s1.html": "file:",
    "about:srcdoc": "about:",
    "intent://s1#Intent;end": "intent:",
    "view-source:https://ann:s1@a.test/": "view-source:",
  });
});

describe("what is not a URL leaves nothing", () => {
  each(url, { "": "", "/relative?token=s1": "", "https://": "", "http://ann:s1@": "" });
});

describe("the values of keys that tell a secret are masked", () => {
  each(url, {
    "https://a.test/?a=1&token=s1&b=2": "https://a.test/?a=1&token=***&b=2",
    "https://a.test/?access_token=s1=&code=s2": "https://a.test/?access_token=***&code=***",
    "https://a.test/?apiKey=s1&APIKEY=s2": "https://a.test/?apiKey=***&APIKEY=***",
    "https://a.test/?user[password]=s1": "https://a.test/?user[password]=***",
    "https://a.test/?user%5Bpassword%5D=s1": "https://a.test/?user%5Bpassword%5D=***",
    "https://a.test/?%74oken=s1": "https://a.test/?%74oken=***",
    "https://a.test/?password_confirmation=s1": "https://a.test/?password_confirmation=***",
    "https://a.test/?emailAddress=s1&e-mail=s2": "https://a.test/?emailAddress=***&e-mail=***",
    "https://a.test/?X-Amz-Signature=s1": "https://a.test/?X-Amz-Signature=***",
    "https://a.test/?token=s1?b/c;d": "https://a.test/?token=***",
    "https://a.test/?a=1;token=s1": "https://a.test/?a=1;token=***",
    "https://a.test/b;jsessionid=s1?c=1": "https://a.test/b;jsessionid=***?c=1",
  });
});

describe("what is nested in a value is found", () => {
  each(url, {
    "https://a.test/?to=/b?token=s1&c=1": "https://a.test/?to=/b?token=***&c=1",
    "https://a.test/?to=https://b.test/c?token=s1": "https://a.test/?to=https://b.test/c?token=***",
    "https://a.test/?to=%2Fb%3Ftoken%3Ds1%26c%3D1": "https://a.test/?to=***",
    "https://a.test/?to=%2Fb%3Ftoken%3Ds1%26c%3D100%": "https://a.test/?to=***",
    "https://a.test/?to=%252Fb%253Ftoken%253Ds1": "https://a.test/?to=***",
    "https://a.test/?to=%2Fb%3Fto%3D%252Fc%253Ftoken%253Ds1": "https://a.test/?to=***",
    "https://a.test/?to=https%3A%2F%2Fb.test%2F%23s1": "https://a.test/?to=***",
    "https://a.test/?to=javascript:login('s1')": "https://a.test/?to=javascript:",
    "https://a.test/?to=%20mailto%3Aann%40b%3Fbody=s1": "https://a.test/?to=***",
    "https://a.test/?a=b=c=d=e=f=token=s1": "https://a.test/?a=b=c=d=e=***",
    "https://a.test/b%3Ftoken%3Ds1": "https://a.test/***",
    "https://a.test/?a%3D1%26token%3Ds1": "https://a.test/?***",
  });
});

describe("mail addresses are masked wherever they are", () => {
  each(url, {
    "https://a.test/users/ann@b.test/edit": "https://a.test/users/***/edit",
    "https://a.test/?q=ann.lee%2Bx@b.co.uk": "https://a.test/?q=***",
    "https://a.test/?q=ann%40b.test": "https://a.test/?q=***",
  });
  each(text, {
    "Inbox (3) - ann@b.test": "Inbox (3) - ***",
    "ask @ann or 1@2.3": "ask @ann or 1@2.3",
  });
});

describe("a text is redacted like the URLs in it", () => {
  each(text, {
    "Shop: 50% off, see https://Shop.test.": "Shop: 50% off, see https://Shop.test.",
    "Time 12:30, note:yes a=b": "Time 12:30, note:yes a=b",
    "At (https://ann:s1@a.test/b?token=s2#s3) now": "At (https://a.test/b?token=*** now",
    "token=s1 and /b#access_token=s2": "token=*** and /b#access_token=***",
    "Run javascript:login('ann', 's1')": "Run javascript:",
    "Write mailto:ann@b?body=s1": "Write mailto:",
    "From postgres://ann:s1@db/b": "From postgres:",
    "Bad https://ann:s1": "Bad ",
  });
});

test("other keys are masked if the page names them", () => {
  const own = redaction(["Invite", "user_id", "straße"]);
  assert.equal(
    own.url("https://a.test/?invite=1&user_id=2&token=3&stra%C3%9Fe=4"),
    "https://a.test/?invite=***&user_id=***&token=3&stra%C3%9Fe=***",
  );
});

test("no keys are masked if the page names none", () => {
  for (const none of [[], [""]]) {
    assert.equal(redaction(none).url("https://a.test/?token=s1"), "https://a.test/?token=s1");
  }
});

test("the README states the default", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  assert.match(
    readme,
    new RegExp(`data-masked-keys.*\\| \`${MASKED_KEYS.split(",").join(", ")}\` \\|`),
  );
});

test("what is too long to look through is cut off", () => {
  const long = "a".repeat(9_000);
  assert.equal(text(`${long} ann@b.test`), long.slice(0, 4_096));
  assert.equal(url(`https://a.test/?q=${long}`).length, "https://a.test/?".length + 4_096);
});

test("a pattern of the page is masked wherever it is", () => {
  const own = redaction(undefined, /(?<=reset\/)\w+/g);
  assert.equal(own.url("https://a.test/reset/s1?b=1"), "https://a.test/reset/***?b=1");
  assert.equal(own.text("Go to /reset/s1"), "Go to /reset/***");
});
