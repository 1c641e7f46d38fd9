// Bundles each SDK, with what starts it, into the folder that is named.
import { readdirSync } from "node:fs";
import { build } from "esbuild";

await build({
  absWorkingDir: import.meta.dirname,
  bundle: true,
  define: { "process.env.NODE_ENV": '"production"' },
  entryPoints: readdirSync(`${import.meta.dirname}/sdks`).map((name) => `sdks/${name}`),
  format: "iife",
  legalComments: "none",
  minify: true,
  outdir: process.argv[2],
  target: "es2020",
});
