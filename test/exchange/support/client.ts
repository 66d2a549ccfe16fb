/**
 * A tiny client that signs as customers of Coinbase Exchange do (https://docs.cdp.coinbase.com/exchange/rest-api/authentication): no
 * retries, no cache, no opinion. It tells a request that certainly never left (nothing listened) from one whose answer is missing.
 */
import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";

/** A key that signs. `secret` is base64. */
export interface SigningKey {
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
}

/** The sandbox's key of one account, such as `sandbox-1`. */
export function sandboxKey(name: string): SigningKey {
  return { key: name, secret: Buffer.from(`${name}-secret`).toString("base64"), passphrase: name };
}

/** What came back. `sequence` and `stale` are the exchange's headers; `body` is undefined where it is not JSON. */
export interface Answer {
  readonly kind: "answer";
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: unknown;
  readonly sequence: number | undefined;
  readonly stale: boolean;
}

/** No answer. Where nothing was sent (nothing listened) nothing was done; otherwise anything may have been done. */
export interface NoAnswer {
  readonly kind: "none";
  readonly wasSent: boolean;
  readonly reason: string;
}

/** One client with its own connections. */
export interface Client {
  /** @param base - such as `http://127.0.0.1:8080`. @param key - undefined: not signed. */
  call(base: string, method: string, path: string, body?: unknown, key?: SigningKey): Promise<Answer | NoAnswer>;
  close(): void;
}

/** Headers that sign a request. `timestamp` is in whole seconds of the epoch. */
export function signed(
  key: SigningKey,
  method: string,
  path: string,
  body: string,
  timestamp: string,
): Record<string, string> {
  const signature = createHmac("sha256", new Uint8Array(Buffer.from(key.secret, "base64")))
    .update(timestamp + method + path + body)
    .digest("base64");
  return {
    "CB-ACCESS-KEY": key.key,
    "CB-ACCESS-SIGN": signature,
    "CB-ACCESS-TIMESTAMP": timestamp,
    "CB-ACCESS-PASSPHRASE": key.passphrase,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Error codes of a connection that was never made. */
const NEVER_SENT = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * @param timeoutMs - from sending to the whole answer; ccxt's own default is 10 s.
 */
export function createClient(timeoutMs = 10_000): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const call = (
    base: string,
    method: string,
    path: string,
    body?: unknown,
    key?: SigningKey,
  ): Promise<Answer | NoAnswer> =>
    new Promise((resolve) => {
      const text = body === undefined ? "" : JSON.stringify(body);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const headers = {
        ...(text === ""
          ? {}
          : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) }),
        ...(key === undefined ? {} : signed(key, method, path, text, timestamp)),
      };
      const url = new URL(path, base);
      const sent = request({ agent, host: url.hostname, port: url.port, method, path, headers });
      const timer = setTimeout(() => sent.destroy(new Error("no answer in time")), timeoutMs);
      const lost = (error: NodeJS.ErrnoException): void => {
        clearTimeout(timer);
        resolve({ kind: "none", wasSent: !NEVER_SENT.has(error.code ?? ""), reason: error.message });
      };
      sent.on("error", lost);
      sent.on("response", (response) => {
        const chunks: string[] = [];
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => chunks.push(chunk));
        response.on("error", lost);
        response.on("end", () => {
          clearTimeout(timer);
          const all = chunks.join("");
          const sequence = Number(response.headers["exchange-sequence"] ?? Number.NaN);
          resolve({
            kind: "answer",
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: all,
            body: parsed(all),
            sequence: Number.isFinite(sequence) ? sequence : undefined,
            stale: response.headers["exchange-stale"] === "true",
          });
        });
      });
      sent.end(text);
    });
  return {
    call,
    close: () => {
      agent.destroy();
    },
  };
}
