// Bundles dist/headwater.js (script tag) and dist/headwater.mjs (module), and the two extra scripts;
// with --check, only compares them with what is committed.
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { minify } from "terser";

const BUNDLES = [
  { entryPoints: ["src/script.ts"], outfile: "dist/headwater.js", isScript: true },
  { entryPoints: ["src/index.ts"], outfile: "dist/headwater.mjs" },
  { entryPoints: ["src/web-vitals.ts"], outfile: "dist/headwater-web-vitals.js", isScript: true },
  { entryPoints: ["src/errors.ts"], outfile: "dist/headwater-errors.js", isScript: true },
];

async function bundle({ isScript, ...options }) {
  const result = await build({
    ...options,
    absWorkingDir: import.meta.dirname,
    bundle: true,
    format: "esm",
    target: "es2020",
    legalComments: "none",
    write: false,
  });
  const [{ path, text }] = result.outputFiles;
  const { code } = await minify(text, {
    ecma: 2020,
    module: true,
    compress: {
      hoist_funs: true,
      inline: 1,
      passes: 4,
      pure_getters: true,
      unsafe: true,
      unsafe_arrows: true,
      unsafe_math: true,
      unsafe_methods: true,
    },
  });
  // names at the top of a script would be everybody's
  return { path, text: isScript ? `(()=>{${code}})();\n` : `${code}\n` };
}

async function check({ path, text }) {
  const committed = await readFile(path, "utf8").catch(() => "");
  if (committed === text) return;
  console.error(`${path} is not what src/ builds: run npm run build`);
  process.exitCode = 1;
}

const finish = process.argv.includes("--check") ? check : ({ path, text }) => writeFile(path, text);
for (const options of BUNDLES) await finish(await bundle(options));
