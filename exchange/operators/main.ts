/** The command `exchange-operator`: signs an operator's request, sends it to a node, prints the answer. See `command-line.ts` for the words. */
import { signatureOf } from "../http/auth";
import { HELP, type OperatorRequest, UsageError, readCommand } from "./command-line";

const TIMEOUT_MS = 15_000;
const DEFAULT_URL = "http://127.0.0.1:8080";

/** How the command ends. */
const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3, bug: 4 } as const;

/** What the command reads and writes; the process's own without. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nowMs: () => number;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Runs the command. @returns the exit code. */
export async function runOperator(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { environment, nowMs, out, err } = surroundings;
  try {
    const asked = readCommand(args);
    if (asked.kind === "help") {
      out(HELP);
      return EXIT.done;
    }
    const key = keyIn(environment["OPERATOR_KEY"]);
    const base = baseOf(asked.url ?? environment["EXCHANGE_URL"] ?? DEFAULT_URL);
    const { status, body } = await send(base, asked.request, key, nowMs());
    return report(asked.request, status, body, out, err);
  } catch (error) {
    if (error instanceof UsageError) {
      err(error.message);
      return EXIT.usage;
    }
    if (error instanceof Unreachable) {
      err(error.message);
      return EXIT.unreachable;
    }
    err(`a bug of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return EXIT.bug;
  }
}

class Unreachable extends Error {
  override readonly name = "Unreachable";
}

interface OperatorKey {
  readonly name: string;
  readonly secret: Uint8Array;
}

function keyIn(text: string | undefined): OperatorKey {
  const [, name, secret] = /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/]{16,}={0,2})$/.exec(text ?? "") ?? [];
  if (name === undefined || secret === undefined) {
    throw new UsageError(
      `OPERATOR_KEY must be name:base64secret, got ${text === undefined || text === "" ? "nothing" : `a text of ${String(text.length)} characters`}; set it as it stands in the node's OPERATOR_KEYS`,
    );
  }
  return { name, secret: Buffer.from(secret, "base64") };
}

function baseOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url must be an http:// or https:// address, got ${JSON.stringify(text)}`);
  }
  return url;
}

async function send(
  base: URL,
  { method, path, body }: OperatorRequest,
  key: OperatorKey,
  nowMs: number,
): Promise<{ status: number; body: unknown }> {
  const text = body === undefined ? "" : JSON.stringify(body);
  const timestamp = String(Math.floor(nowMs / 1_000));
  const url = new URL(path, base);
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...(text === "" ? {} : { "content-type": "application/json" }),
        "cb-access-key": key.name,
        "cb-access-timestamp": timestamp,
        "cb-access-sign": signatureOf(key.secret, timestamp, { method, path: url.pathname + url.search, body: text }),
      },
      ...(text === "" ? {} : { body: text }),
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.text();
    return { status: response.status, body: parsed(answer) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
    const reason = error instanceof Error ? error.message : String(error);
    throw new Unreachable(
      `${base.origin} gave no answer (${reason}${cause}); what was sent may have been done: look at the audit trail`,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function report(
  request: OperatorRequest,
  status: number,
  body: unknown,
  out: (text: string) => void,
  err: (text: string) => void,
): number {
  const text = JSON.stringify(body, null, 2);
  if (status === 200) {
    out(text);
    return request.path === "/operator/health" && !isHealthy(body) ? EXIT.refused : EXIT.done;
  }
  err(text);
  if (status === 404 && request.path.startsWith("/operator/")) {
    err("If the node knows no operators at all, OPERATOR_KEYS is not set there.");
  }
  return status >= 500 ? EXIT.unreachable : EXIT.refused;
}

function isHealthy(body: unknown): boolean {
  const { ready, region } = body as { ready?: { ok?: boolean }; region?: { ok?: boolean } };
  return ready?.ok === true && region?.ok === true;
}

if (require.main === module) {
  void runOperator(process.argv.slice(2), {
    environment: process.env,
    nowMs: () => Date.now(),
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
  }).then((code) => {
    process.exitCode = code;
  });
}
