// Bundles the exchange into exchange/dist/: server.js (a node), operator.js and journal.js (the operators' commands), each one file
// that needs Node alone, and the licences of what is in them. `npm ci` runs it in a clone, as `prepare`; there, an install without
// development packages has nothing to bundle with and is left as it is. The container's build runs it as it is.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "exchange", "dist");

const PROGRAMS = {
  server: "exchange/main.ts",
  operator: "exchange/operators/main.ts",
  journal: "exchange/journal/nats/operate/main.ts",
};

const esbuild = await import("esbuild").catch((error) => {
  if (process.env.npm_lifecycle_event !== "prepare" || error.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.warn("exchange/dist is not built: there is no esbuild without development packages");
});
if (esbuild !== undefined) {
  const there = Object.entries(PROGRAMS).filter(([, path]) => existsSync(join(root, path)));
  const { metafile, outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(there),
    outdir: dist,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Lines and names stay as they were written, for whoever reads a stack trace.
    legalComments: "eof",
    // Native helpers of `ws` that may or may not be installed: one bundle everywhere, and none can be in a file of text.
    define: { "process.env.WS_NO_BUFFER_UTIL": '"1"', "process.env.WS_NO_UTF_8_VALIDATE": '"1"' },
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const files = outputFiles.map(({ path, contents }) => [basename(path), contents]);
  replaceDist([...files, ["THIRD-PARTY-NOTICES.txt", notices(Object.keys(metafile.inputs))]]);
}

/** Each file takes the place of the one before it in one step: whoever starts a program meanwhile, or after a bundling that failed, finds a whole one. */
function replaceDist(files) {
  mkdirSync(dist, { recursive: true });
  for (const [name, contents] of files) {
    const fresh = join(dist, `${name}.${process.pid}`);
    writeFileSync(fresh, contents, { mode: contents[0] === 0x23 && contents[1] === 0x21 ? 0o755 : 0o644 });
    renameSync(fresh, join(dist, name));
  }
  const names = files.map(([name]) => name);
  for (const name of readdirSync(dist)) {
    if (!names.some((known) => name.startsWith(known))) rmSync(join(dist, name), { recursive: true });
  }
}

/** The licence of each package that is in the bundle, as its authors wrote it. */
function notices(inputs) {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    const text = files.sort().map((file) => readFileSync(join(root, folder, file), "utf8").trim());
    return [`${name} ${version} (${license ?? "no licence named"})`, ...text].join("\n\n");
  });
  return `Licences of the packages that are in these files.\n\n${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}
