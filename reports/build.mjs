// Bundles dist/: the page, its style, its script, and ECharts, which the script loads with the first
// picture; with --check, only compares them with what is committed.
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const LICENCES = ["echarts/LICENSE", "echarts/NOTICE", "zrender/LICENSE", "tslib/LICENSE.txt"];

async function bundled() {
  const { outputFiles } = await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: ["src/index.html", "src/style.css", { in: "src/main.ts", out: "reports" }],
    outdir: "dist",
    loader: { ".html": "copy" },
    bundle: true,
    splitting: true,
    chunkNames: "[name]",
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    write: false,
  });
  return outputFiles.map(({ path, text }) => ({ path, text }));
}

async function licences() {
  const texts = LICENCES.map(async (name) => {
    const text = await readFile(`${import.meta.dirname}/node_modules/${name}`, "utf8");
    return `${name}\n\n${text.trim()}\n`;
  });
  return {
    path: `${import.meta.dirname}/dist/echarts.licenses.txt`,
    text: (await Promise.all(texts)).join("\n\n"),
  };
}

async function check({ path, text }) {
  const committed = await readFile(path, "utf8").catch(() => "");
  if (committed === text) return;
  console.error(`${basename(path)} is not what src/ builds: run npm run build`);
  process.exitCode = 1;
}

const finish = process.argv.includes("--check") ? check : ({ path, text }) => writeFile(path, text);
for (const file of [...(await bundled()), await licences()]) await finish(file);
