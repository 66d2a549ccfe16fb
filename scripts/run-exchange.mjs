// `npm run exchange`: a node of the exchange on this machine, with the sandbox's products and accounts and an embedded journal. It is
// bundled first where that has not been done, or where a source has changed since. What the environment says goes before what is said here.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const server = join(root, "exchange", "dist", "server.js");
const changedMs = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const sources = ["main.ts", "machine", "journal", "node", "http", "feed", "operators"].flatMap((name) => {
  const path = join(root, "exchange", name);
  return name.endsWith(".ts") ? [path] : readdirSync(path, { recursive: true }).map((inner) => join(path, inner));
});
if (changedMs(server) < Math.max(...sources.map(changedMs))) {
  const bundler = join(root, "scripts", "bundle-exchange.mjs");
  const { status } = spawnSync(process.execPath, [bundler], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const environment = {
  HOST: "127.0.0.1",
  PORT: "8080",
  EXCHANGE_SANDBOX: "1",
  LOG_LEVEL: "info",
  JOURNAL_URL: `embedded:${join(tmpdir(), `twodoor-exchange-${userInfo().username}`)}`,
  ...process.env,
};
const { HOST, JOURNAL_URL } = environment;
const directory = /^embedded:(.+)$/.exec(JOURNAL_URL)?.[1];
if (directory !== undefined) mkdirSync(directory, { recursive: true, mode: 0o700 });

const child = spawn(process.execPath, [server], { env: environment, stdio: ["inherit", "pipe", "inherit"] });
process.on("SIGTERM", () => child.kill("SIGTERM"));
// A terminal sends Ctrl-C to both, and a second one would end the child at once.
process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
child.on("exit", (status) => {
  process.exitCode = status ?? 1;
});

// What is not asked for is not shown: of the log the line that names the port, and warnings.
const isQuiet = process.env.LOG_LEVEL === undefined;
createInterface({ input: child.stdout }).on("line", (line) => {
  const [, port] = /"port":(\d+).*"msg":"listening"/.exec(line) ?? [];
  if (!isQuiet || /"level":"(?:warn|error|fatal)"/.test(line)) console.log(line);
  if (port === undefined) return;
  const base = `http://${HOST}:${port}`;
  console.log(`The exchange is at ${base}, its documentation at ${base}/docs; orders are kept in ${JOURNAL_URL}.`);
  console.log("A first order, from another terminal: npm run exchange:order; by ccxt and Python: exchange/README.md.");
  console.log("Ctrl-C stops it.");
});
