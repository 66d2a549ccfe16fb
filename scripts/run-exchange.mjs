// `npm run exchange`: a node of the exchange on this machine, with the sandbox's products and accounts and an embedded journal. It is
// bundled first where that has not been done. What the environment says goes before what is said here.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const server = join(root, "exchange", "dist", "server.js");
if (!existsSync(server)) {
  const bundler = join(root, "scripts", "bundle-exchange.mjs");
  const { status } = spawnSync(process.execPath, [bundler], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const environment = {
  HOST: "127.0.0.1",
  PORT: "8080",
  EXCHANGE_SANDBOX: "1",
  LOG_LEVEL: "warn",
  JOURNAL_URL: `embedded:${join(tmpdir(), `twodoor-exchange-${userInfo().username}`)}`,
  ...process.env,
};
const { HOST, PORT, JOURNAL_URL } = environment;
const base = `http://${HOST}:${PORT}`;
const directory = /^embedded:(.+)$/.exec(JOURNAL_URL)?.[1];
if (directory !== undefined) mkdirSync(directory, { recursive: true, mode: 0o700 });

const child = spawn(process.execPath, [server], { env: environment, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) {
  // A terminal sends Ctrl-C to both; the child ends in its own time and this waits for it.
  process.on(signal, () => child.kill(signal));
}
child.on("exit", (status, signal) => {
  ended = true;
  process.exitCode = status ?? (signal === null ? 1 : 128);
});

let ended = false;
while (!ended && !(await ready())) await new Promise((resolve) => setTimeout(resolve, 20));
if (!ended) {
  console.log(`The exchange is at ${base}, its documentation at ${base}/docs; orders are kept in ${JOURNAL_URL}.`);
  console.log(
    `A first order: npm run exchange:order (key, secret and passphrase of accounts are in docs/guides/exchange.md).`,
  );
  console.log("Ctrl-C stops it.");
}

async function ready() {
  return await fetch(`${base}/healthz/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
