/** Nodes as real processes: bundled once for a test file, started, waited for, killed. None outlives its test process, even one that is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const LOG_LINES_MAX = 50_000;
const READY_MS_MAX = 30_000;

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A node that runs. */
export interface ExchangeProcess {
  readonly pid: number;
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What it wrote to stdout and stderr so far, at most the last 50,000 lines. */
  readonly logs: readonly string[];
  /** Milliseconds from the spawn to the first 200 of `/healthz/ready`, or to `listening` where ready was not waited for. */
  readonly startMs: number;
  readonly ended: Promise<Ended>;
  /** Sends the signal and waits for the end. Default: SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<Ended>;
  /** Sends a signal such as SIGSTOP or SIGCONT and waits for nothing. */
  send(signal: NodeJS.Signals): void;
}

/** How it is started. Nothing of the test's own environment reaches it but PATH. */
export interface ProcessOptions {
  /** `JOURNAL_URL` at least. PORT defaults to 0, HOST to 127.0.0.1, LOG_LEVEL to info, EXCHANGE_SANDBOX to 1. */
  readonly environment: Record<string, string>;
  /** Whether to wait for `/healthz/ready`; default true. Otherwise for the line that says which port. */
  readonly waitReady?: boolean;
}

let bundled: Promise<{ server: string; preload: string }> | undefined;
const children = new Set<ChildProcess>();

async function bundle(): Promise<{ server: string; preload: string }> {
  const folder = mkdtempSync(join(tmpdir(), "exchange-bundle-"));
  process.on("exit", () => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const root = resolve(__dirname, "../../..");
  const [server, preload] = [join(folder, "server.js"), join(folder, "preload.js")];
  // Its stdin closes when the test process is gone, however that went.
  writeFileSync(preload, `process.stdin.on("end", () => process.kill(process.pid, "SIGKILL")).resume().unref();\n`);
  await build({
    absWorkingDir: root,
    ...{ entryPoints: ["exchange/main.ts"], outfile: server, bundle: true, platform: "node", format: "cjs" },
    ...{ target: "node20", logLevel: "error" },
    define: { "process.env.WS_NO_BUFFER_UTIL": '"1"', "process.env.WS_NO_UTF_8_VALIDATE": '"1"' },
  });
  return { server, preload };
}

/** Starts a node and waits until it serves. @throws with its last lines when it ends first, or does not serve within 30 s. */
export async function startExchangeProcess({
  environment,
  waitReady = true,
}: ProcessOptions): Promise<ExchangeProcess> {
  const { server, preload } = await (bundled ??= bundle());
  const startedMs = performance.now();
  const child = spawn(process.execPath, ["-r", preload, server], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...{ PATH: process.env["PATH"] ?? "", PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "info", EXCHANGE_SANDBOX: "1" },
      ...environment,
    },
  });
  children.add(child);
  const logs: string[] = [];
  let listening: (port: number) => void = () => undefined;
  const port = new Promise<number>((settle) => {
    listening = settle;
  });
  collect(child, logs, listening);
  const ended = once(child, "close").then(([code, signal]): Ended => {
    children.delete(child);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  const early = ended.then(({ code, signal }): never => {
    throw new Error(`the node ended with ${String(code ?? signal)}:\n${logs.slice(-30).join("\n")}`);
  });
  early.catch(() => undefined);
  const kill = async (signal: NodeJS.Signals = "SIGKILL"): Promise<Ended> => {
    child.kill(signal);
    return ended;
  };
  try {
    const url = `http://127.0.0.1:${String(await Promise.race([port, early, late("listen", logs)]))}`;
    if (waitReady) await Promise.race([ready(url), early, late("become ready", logs)]);
    const startMs = performance.now() - startedMs;
    const send = (signal: NodeJS.Signals): void => void child.kill(signal);
    return { ...{ pid: child.pid ?? 0, port: await port, url, logs, startMs, ended }, kill, send };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** A run that is meant to fail at start: its exit code and what it said. */
export async function runToEnd(
  environment: Record<string, string>,
): Promise<Ended & { stdout: string; stderr: string }> {
  const { server, preload } = await (bundled ??= bundle());
  const child = spawn(process.execPath, ["-r", preload, server], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", HOST: "127.0.0.1", ...environment },
  });
  children.add(child);
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (out.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (out.stderr += data.toString()));
  const timer = setTimeout(() => child.kill("SIGKILL"), READY_MS_MAX);
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  children.delete(child);
  return { code, signal, ...out };
}

/** A new folder below the system's temporary one, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "exchange-test-"));
  return {
    path,
    remove: () => {
      if (existsSync(path)) rmSync(path, { recursive: true, force: true });
    },
  };
}

function collect(child: ChildProcess, logs: string[], listening: (port: number) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8").on("data", (text: string) => {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [, port] = /"port":(\d+).*"msg":"listening"/.exec(line) ?? [];
        if (port !== undefined) listening(Number(port));
      }
      logs.push(...lines);
      if (logs.length > LOG_LINES_MAX) logs.splice(0, logs.length - LOG_LINES_MAX);
    });
  }
}

async function ready(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/healthz/ready`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    await new Promise((settle) => setTimeout(settle, 20));
  }
}

async function late(what: string, logs: readonly string[]): Promise<never> {
  await new Promise((settle) => setTimeout(settle, READY_MS_MAX).unref());
  throw new Error(`the node did not ${what} within ${String(READY_MS_MAX)} ms:\n${logs.slice(-30).join("\n")}`);
}
