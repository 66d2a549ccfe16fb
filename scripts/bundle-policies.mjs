// Bundles the policy pack into policies/dist/index.js: one file that needs the policy SDK alone, so that `policies/` can be published as it
// is and starts without a compiler. `npm ci` runs it in a clone, as `prepare`; there, an install without development packages has nothing
// to bundle with and is left as it is. Where the published package is installed as a folder, as `pulumi package add` does, this file is
// not there, and `prepare` asks first.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const policies = join(dirname(dirname(fileURLToPath(import.meta.url))), "policies");

const esbuild = await import("esbuild").catch((error) => {
  if (process.env.npm_lifecycle_event !== "prepare" || error.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.warn("policies/dist is not built: there is no esbuild without development packages");
});
if (esbuild !== undefined) {
  await esbuild.build({
    entryPoints: [join(policies, "index.ts")],
    outfile: join(policies, "dist", "index.js"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // The host, the SDK and the pack must share one copy of the engine's messages.
    external: ["@pulumi/*"],
    // Half the text is comments; names stay, for whoever reads a stack trace.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "eof",
    logLevel: "warning",
  });
}
