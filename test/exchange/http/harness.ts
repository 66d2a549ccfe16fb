/** A node in this process with the REST surface on a free port, and requests that are signed as customers and operators sign. */
import { createHmac } from "node:crypto";
import { type HttpOptions, type HttpServer, createHttpServer } from "../../../exchange/http/server";
import type { AdmissionSettings } from "../../../exchange/http/admission";
import { type LocalExchange, type LocalOptions, localExchange } from "../support/local-exchange";

/** An operator's secret of these tests, base64. */
export const OPERATOR_SECRET = Buffer.from("an operator's secret of tests").toString("base64");
/** Rates so high that no test meets them by accident. */
const NO_RATES = { accountRequestsPerSecond: 100_000, addressRequestsPerSecond: 100_000 };

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number | undefined>;
  readonly text: string;
  /** `undefined` where the body is not JSON. */
  readonly body: unknown;
}

/** A request. `body` is sent as it is when it is a text or bytes, else as JSON. */
export interface Request {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  /** `sandbox-1` and the like; `operator:ops`; nobody without. */
  readonly as?: string;
  readonly headers?: Record<string, string>;
  /** Seconds that the timestamp is off. */
  readonly offSeconds?: number;
}

/** The surface with its node. */
export interface Surface {
  readonly local: LocalExchange;
  readonly http: HttpServer;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  ask(request: Request): Promise<Reply>;
  close(): Promise<void>;
}

/** Starts both. Rates are off unless given. */
export async function surface(
  options: LocalOptions & { settings?: Partial<AdmissionSettings> } & Pick<
      HttpOptions,
      "patience" | "monotonicMs"
    > = {},
): Promise<Surface> {
  const { settings, patience, monotonicMs, ...rest } = options;
  const local = await localExchange({
    ...rest,
    environment: { OPERATOR_KEYS: `ops:${OPERATOR_SECRET}`, ...rest.environment },
  });
  const http = createHttpServer({
    exchange: local.exchange,
    settings: { ...local.settings, ...NO_RATES, ...settings },
    logger: local.logger,
    metrics: local.metrics,
    ...(patience === undefined ? {} : { patience }),
    ...(monotonicMs === undefined ? {} : { monotonicMs }),
  });
  const port = await http.listen(0, "127.0.0.1");
  return {
    local,
    http,
    port,
    url: `http://127.0.0.1:${String(port)}`,
    ask: (request) => ask(http, local, request),
    close: async () => {
      await http.close();
      await local.close();
      const leaks = leaksIn(local, await local.metrics.registry.metrics());
      if (leaks.length > 0) throw new Error(`secrets in the log or in the metrics: ${leaks.join("\n")}`);
    },
  };
}

const signatures = new Set<string>();

/** Lines of the log, whose level is `trace`, or of the metrics, that hold a secret or any signature that was sent; of the metrics, also an account. */
function leaksIn({ logLines, settings }: LocalExchange, metrics: string): string[] {
  const names = Array.from({ length: 9 }, (_, index) => `sandbox-${String(index + 1)}-secret`);
  const secrets = [
    ...names.flatMap((name) => [name, Buffer.from(name).toString("base64")]),
    OPERATOR_SECRET,
    settings.apiKeyMaster ?? OPERATOR_SECRET,
    ...signatures,
  ];
  return [
    ...logLines.filter((line) => secrets.some((secret) => line.includes(secret))),
    ...metrics.split("\n").filter((line) => ["sandbox-", ...secrets].some((secret) => line.includes(secret))),
  ];
}

/** The bytes of an order of `sandbox-1`, signed, for a connection of one's own. `headers`: further lines, each with its end. */
export function orderRequest({ local }: Surface, clientOid: string, headers = ""): string {
  const body = JSON.stringify({ product_id: "BTC-USD", side: "buy", price: "10", size: "1", client_oid: clientOid });
  const timestamp = String(Math.floor(local.exchange.clock() / 1_000));
  const signed = Object.entries(signatureHeaders("sandbox-1", timestamp, "POST", "/orders", body));
  const lines = signed.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `POST /orders HTTP/1.1\r\nhost: x\r\n${headers}content-type: application/json\r\ncontent-length: ${String(body.length)}\r\n${lines}\r\n${body}`;
}

/** Headers that sign; the secret follows from the name, as in the sandbox. */
export function signatureHeaders(
  as: string,
  timestamp: string,
  method: string,
  path: string,
  body: string | Uint8Array,
): Record<string, string> {
  const isOperator = as.startsWith("operator:");
  const key = isOperator ? as.slice("operator:".length) : as;
  const secret = Buffer.from(isOperator ? OPERATOR_SECRET : Buffer.from(`${as}-secret`).toString("base64"), "base64");
  const sign = createHmac("sha256", secret)
    .update(timestamp + method + path)
    .update(body)
    .digest("base64");
  signatures.add(sign);
  return {
    "cb-access-key": key,
    "cb-access-sign": sign,
    "cb-access-timestamp": timestamp,
    ...(isOperator ? {} : { "cb-access-passphrase": as }),
  };
}

async function ask(http: HttpServer, local: LocalExchange, request: Request): Promise<Reply> {
  const { method = "GET", path, as, offSeconds = 0 } = request;
  const isRaw = typeof request.body === "string" || request.body instanceof Uint8Array;
  const body = request.body === undefined ? "" : isRaw ? request.body : JSON.stringify(request.body);
  const timestamp = String(Math.floor(local.exchange.clock() / 1_000) + offSeconds);
  const signing = as === undefined ? {} : signatureHeaders(as, timestamp, method, path, method === "GET" ? "" : body);
  const response = await http.app.inject({
    method: method as "GET",
    url: path,
    headers: { ...(body.length > 0 ? { "content-type": "application/json" } : {}), ...signing, ...request.headers },
    ...(body.length > 0 && method !== "GET" ? { payload: typeof body === "string" ? body : Buffer.from(body) } : {}),
  });
  const reply = {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: parsed(response.body),
  };
  expectDocumented(http, method, path, reply);
  return reply;
}

/**
 * Throws unless the reply is one that the OpenAPI document promises, body and paging headers included. What comes before a route is found, and a bug
 * of ours that a test planted, are not its business.
 */
function expectDocumented(http: HttpServer, method: string, path: string, reply: Reply): void {
  const bare = path.split("?")[0] ?? "";
  const candidates = http.routes.filter(
    (route) => route.method === method && new RegExp(`^${route.path.replaceAll(/\{[a-z_]+\}/g, "[^/]+")}$`).test(bare),
  );
  const route =
    candidates.find((candidate) => candidate.path === bare) ??
    candidates.find((candidate) => candidate.path.includes(":{")) ??
    candidates[0];
  if (route === undefined || reply.status === 500 || reply.status === 405) return;
  const documented = route.responses[reply.status];
  const what = `${method} ${path} -> ${String(reply.status)} ${reply.text.slice(0, 300)}`;
  if (documented === undefined) {
    if (reply.status === 400 && reply.text.includes("the path is not valid")) return;
    throw new Error(`not documented: ${what}`);
  }
  const judged = documented.schema?.safeParse(reply.body);
  if (judged?.success === false) throw new Error(`not as documented: ${what}: ${judged.error.message}`);
  const hasCursors = "cb-before" in reply.headers && "cb-after" in reply.headers;
  const isEmpty = Array.isArray(reply.body) && reply.body.length === 0;
  if (hasCursors !== (documented.isPaged === true && !isEmpty)) throw new Error(`cursors not as documented: ${what}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
