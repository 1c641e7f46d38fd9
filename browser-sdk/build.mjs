// Bundles dist/headwater.js (script tag) and dist/headwater.mjs (module); with --check, only
// compares them with what is committed.
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const BUNDLES = [
  { entryPoints: ["src/script.ts"], outfile: "dist/headwater.js", format: "iife" },
  { entryPoints: ["src/index.ts"], outfile: "dist/headwater.mjs", format: "esm" },
];

async function bundle(options) {
  const result = await build({
    ...options,
    absWorkingDir: import.meta.dirname,
    bundle: true,
    minify: true,
    target: "es2019",
    legalComments: "none",
    write: false,
  });
  return result.outputFiles[0];
}

async function check({ path, text }) {
  const committed = await readFile(path, "utf8").catch(() => "");
  if (committed === text) return;
  console.error(`${path} is not what src/ builds: run npm run build`);
  process.exitCode = 1;
}

const finish = process.argv.includes("--check") ? check : ({ path, text }) => writeFile(path, text);
for (const options of BUNDLES) await finish(await bundle(options));
