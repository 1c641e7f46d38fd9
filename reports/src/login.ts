/**
 * Signing in by OpenID Connect (authorization code with PKCE), where the server says with whom; a
 * laptop's asks for nothing.
 *
 * Answers are asked for with the id token: its audience is this client, whichever the provider is
 * (OpenID Connect Core, section 2), and the API in front of the answers verifies it.
 */

import { AskError, LeavingError } from "./errors.ts";

export interface Login {
  readonly authorize_url: string;
  readonly token_url: string;
  readonly client_id: string;
  readonly scope: string;
}

interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The view that was open. */
  readonly search: string;
}

const TOKEN = "headwater-token";
const ATTEMPT = "headwater-login";
const NEW_SECONDS = 60;

interface Claims {
  readonly nonce?: string;
  /** Seconds since 1970. */
  readonly exp: number;
  readonly iat: number;
}

/** Return where to sign in, or null. */
async function provider(): Promise<Login | null> {
  const response = await fetch("login.json");
  return response.json();
}

/**
 * Have somebody signed in, if it takes that: by what is in the URL, or at the provider's.
 *
 * Throws LeavingError, or another AskError if the provider refused.
 */
export async function signIn(): Promise<void> {
  const login = await provider();
  if (!login || token()) return;
  const came = new URLSearchParams(location.search);
  const attempt = attempted();
  if (attempt && came.get("state") === attempt.state) {
    sessionStorage.removeItem(ATTEMPT);
    if (!came.has("code")) throw refusal(came.get("error_description") ?? came.get("error"));
    await exchange(login, attempt, `${came.get("code")}`);
    history.replaceState(null, "", attempt.search || location.pathname);
    return;
  }
  await leave(login);
}

/** Return the headers that an answer is asked with. */
export function authorization(): Record<string, string> {
  const held = token();
  return held ? { authorization: `Bearer ${held}` } : {};
}

/** Whether answers are asked for with a token, which a link cannot carry. */
export function isSignedIn(): boolean {
  return token() !== null;
}

/**
 * Forget a token that is not taken any more, and have the page sign in again.
 *
 * Returns if it is a new one: the next would not be taken either. Else throws LeavingError.
 */
export function signInAgain(): void {
  const held = token();
  if (held && Date.now() / 1000 - claims(held).iat < NEW_SECONDS) return;
  sessionStorage.removeItem(TOKEN);
  location.reload();
  throw new LeavingError();
}

async function leave(login: Login): Promise<never> {
  const attempt = { state: random(), nonce: random(), verifier: random(), search: location.search };
  sessionStorage.setItem(ATTEMPT, JSON.stringify(attempt));
  location.assign(await authorizeUrl(login, attempt, home()));
  throw new LeavingError();
}

/** Return where the provider asks who it is (RFC 6749, 4.1.1; RFC 7636, 4.3). */
export async function authorizeUrl(
  login: Login,
  { state, nonce, verifier }: Omit<Attempt, "search">,
  back: string,
): Promise<string> {
  const asked = new URL(login.authorize_url);
  const parameters = {
    response_type: "code",
    client_id: login.client_id,
    redirect_uri: back,
    scope: login.scope,
    state,
    nonce,
    code_challenge: await challenge(verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) asked.searchParams.set(name, value);
  return asked.href;
}

/** Return the challenge of a verifier (RFC 7636, 4.2). */
export async function challenge(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}

async function exchange(login: Login, { nonce, verifier }: Attempt, code: string): Promise<void> {
  const response = await fetch(login.token_url, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: login.client_id,
      redirect_uri: home(),
      code,
      code_verifier: verifier,
    }),
  });
  const { id_token, error, error_description } = await response.json();
  if (!response.ok || !id_token) throw refusal(error_description ?? error);
  // From the provider itself, over TLS: that it is an answer to this attempt is what is left to see.
  if (claims(id_token).nonce !== nonce) throw refusal("the answer is to another attempt");
  sessionStorage.setItem(TOKEN, id_token);
}

/** Return the claims of a token, whose signature is for the API to verify. */
export function claims(held: string): Claims {
  const payload = held.split(".")[1] ?? "";
  const bytes = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
  return JSON.parse(bytes);
}

function token(): string | null {
  const held = sessionStorage.getItem(TOKEN);
  return held && claims(held).exp * 1000 > Date.now() ? held : null;
}

function attempted(): Attempt | null {
  return JSON.parse(sessionStorage.getItem(ATTEMPT) ?? "null");
}

function refusal(why: string | null | undefined): AskError {
  return new AskError(
    `You could not be signed in: ${why ?? "the provider does not say why"}.`,
    false,
  );
}

/** The address that the provider sends people back to, and knows. */
function home(): string {
  return new URL("./", location.href.split("?")[0]).href;
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
