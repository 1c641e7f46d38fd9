/** What the server answers: the questions of the pack, and their answers. */

import { AskError } from "./errors.ts";
import { authorization, signInAgain } from "./login.ts";
import type { Arguments } from "./view.ts";

export interface Parameter {
  readonly name: string;
  readonly default: string | null;
  readonly meaning: string;
  readonly choices: readonly string[];
}

export interface Question {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly parameters: readonly Parameter[];
}

export type Value = string | number | boolean | null;

export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
  readonly is_cut: boolean;
  readonly as_of: string;
}

export type Catalogue = ReadonlyMap<string, Question>;

/** Return every question by its name. */
export async function catalogue(): Promise<Catalogue> {
  const questions: Question[] = await (await get("questions.json")).json();
  return new Map(questions.map((question) => [question.name, question]));
}

/** Ask a question. */
export async function ask(name: string, asked: Arguments, signal: AbortSignal): Promise<Answer> {
  return (await answer(name, "json", asked, signal)).json();
}

/** Return all rows of an answer as CSV. */
export async function csv(name: string, asked: Arguments): Promise<Blob> {
  return (await answer(name, "csv", asked)).blob();
}

/** Return where an answer is. */
export function address(name: string, kind: "csv" | "json", asked: Arguments): string {
  return `answers/${name}.${kind}?${new URLSearchParams(asked)}`;
}

/** Ask until there is an answer: a server may not wait as long as its engine takes. */
async function answer(
  name: string,
  kind: "csv" | "json",
  asked: Arguments,
  signal?: AbortSignal,
): Promise<Response> {
  let response = await get(address(name, kind, asked), signal);
  while (response.status === 202) {
    const { execution } = await response.json();
    response = await get(address(name, kind, { ...asked, execution }), signal);
  }
  return response;
}

async function get(url: string, signal?: AbortSignal): Promise<Response> {
  const init = { headers: authorization(), ...(signal ? { signal } : {}) };
  const response = await fetch(url, init).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new AskError("The site does not answer: see that `headwater up` is running.", false);
  });
  if (response.ok) return response;
  if (response.status === 401) {
    signInAgain();
    throw new AskError("You are signed in, but the API does not take it: see its issuer.", false);
  }
  const { error, message } = await response.json();
  throw new AskError(error ?? `The API says: ${message}.`, [400, 403].includes(response.status));
}
