import assert from "node:assert/strict";
import { test } from "node:test";
import { authorizeUrl, challenge, claims } from "../src/login.ts";

const LOGIN = {
  authorize_url: "https://id.example/oauth2/authorize?tenant=shop",
  token_url: "https://id.example/oauth2/token",
  client_id: "reports",
  scope: "openid email",
};

test("the challenge is RFC 7636's own example", async () => {
  assert.equal(
    await challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  );
});

test("the provider is asked for a code, for this attempt and this page", async () => {
  const attempt = { state: "s", nonce: "n", verifier: "v" };

  const asked = new URL(await authorizeUrl(LOGIN, attempt, "https://api.example/reports/"));

  assert.equal(asked.origin + asked.pathname, "https://id.example/oauth2/authorize");
  assert.deepEqual(Object.fromEntries(asked.searchParams), {
    tenant: "shop",
    response_type: "code",
    client_id: "reports",
    redirect_uri: "https://api.example/reports/",
    scope: "openid email",
    state: "s",
    nonce: "n",
    code_challenge: await challenge("v"),
    code_challenge_method: "S256",
  });
});

test("claims are read from a token in base64url", () => {
  const payload = Buffer.from('{"nonce": "ü?>", "exp": 7}', "latin1").toString("base64url");

  assert.deepEqual(claims(`head.${payload}.signature`), { nonce: "ü?>", exp: 7 });
});
