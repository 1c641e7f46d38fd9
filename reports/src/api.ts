/** What the server answers: the questions of the pack, and their answers. */

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

/** The server's sentence; `isRefusal` if what was asked cannot be asked. */
export class AskError extends Error {
  constructor(
    sentence: string,
    readonly isRefusal: boolean,
  ) {
    super(sentence);
  }
}

export type Catalogue = ReadonlyMap<string, Question>;

/** Return every question by its name. */
export async function catalogue(): Promise<Catalogue> {
  const questions = await read<Question[]>("questions.json");
  return new Map(questions.map((question) => [question.name, question]));
}

/** Ask a question. */
export function ask(name: string, asked: Arguments, signal: AbortSignal): Promise<Answer> {
  return read<Answer>(address(name, "json", asked), signal);
}

/** Return where an answer is. */
export function address(name: string, kind: "csv" | "json", asked: Arguments): string {
  return `answers/${name}.${kind}?${new URLSearchParams(asked)}`;
}

async function read<Body>(url: string, signal?: AbortSignal): Promise<Body> {
  const response = await fetch(url, signal ? { signal } : {}).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new AskError("The site does not answer: see that `headwater up` is running.", false);
  });
  const body = await response.json();
  if (!response.ok) throw new AskError(body.error, response.status === 400);
  return body;
}
