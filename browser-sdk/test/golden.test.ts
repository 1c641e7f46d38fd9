/** The golden cases of the contract, as far as types can tell: tests/golden/README.md. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";

interface Case {
  name: string;
  route?: string;
  message?: unknown;
  body?: string;
  refused_by?: string[];
}

const SDK = resolve(import.meta.dirname, "..");
const GOLDEN = resolve(SDK, "../tests/golden");

// A case with a route of its own is not a message of this protocol.
const cases = [...casesIn("accepted"), ...casesIn("rejected")].filter(({ route }) => !route);

test("the types refuse what the golden cases say, and nothing else", () => {
  const said = cases.filter(({ refused_by }) => refused_by?.includes("types"));
  assert.ok(said.length > 0);
  assert.deepEqual(namesOf(refusedByTypes()), namesOf(said));
});

function casesIn(folder: string): Case[] {
  const files = readdirSync(join(GOLDEN, folder)).sort();
  return files.map((file) => ({
    name: `${folder}/${file}`,
    ...JSON.parse(readFileSync(join(GOLDEN, folder, file), "utf8")),
  }));
}

function namesOf(some: Case[]): string[] {
  return some.map(({ name }) => name);
}

/** Has the compiler assign every case to `Message`, one a line: the lines with errors tell. */
function refusedByTypes(): Case[] {
  const lines = linesWithErrors(cases.map(assignment).join("\n"));
  return cases.filter((_, index) => lines.has(index + 1));
}

/** Assigns by way of a constant: a literal must have no field that its type does not name. */
function assignment({ message, body }: Case, index: number): string {
  const literal = JSON.stringify(body ? JSON.parse(body) : message);
  const type = `import(${JSON.stringify(join(SDK, "src/contract.ts"))}).Message`;
  return `const c${index} = ${literal} as const; export const m${index}: ${type} = c${index};`;
}

function linesWithErrors(source: string): Set<number> {
  const folder = mkdtempSync(join(tmpdir(), "headwater-golden-"));
  try {
    const config = { extends: join(SDK, "tsconfig.json"), compilerOptions: { types: [] } };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...config, include: ["."] }));
    writeFileSync(join(folder, "cases.ts"), source);
    return linesNamedIn(compilerOutput(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compilerOutput(folder: string): string {
  const compiler = join(SDK, "node_modules/typescript/bin/tsc");
  const options = { cwd: folder, encoding: "utf8" } as const;
  return spawnSync(process.execPath, [compiler, "--pretty", "false"], options).stdout;
}

/** An error elsewhere, in the configuration say, names line NaN, which is not a case. */
function linesNamedIn(output: string): Set<number> {
  const errors = output.split("\n").filter((line) => line.includes("error TS"));
  return new Set(errors.map((line) => Number(/^cases\.ts\((\d+),/.exec(line)?.[1])));
}
