// Bundles each site's script into the folder that is named.
import { build } from "esbuild";

const TURBO = "@hotwired/turbo/dist/turbo.es2017-umd.js";

await build({
  absWorkingDir: import.meta.dirname,
  bundle: true,
  define: { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  entryPoints: { react: "react.js", vue: "vue.js", turbo: TURBO, htmx: "htmx.org/dist/htmx.js" },
  minify: true,
  outdir: process.argv[2],
});
