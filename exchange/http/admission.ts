/** Who may ask what, and how often: rates by address and by account, signatures, rights. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { KeyRing } from "../node/api-keys";
import type { Exchange } from "../node/exchange";
import { type Credentials, type SignedContent, credentialsIn, refusalOf } from "./auth";
import { HttpError } from "./errors";
import { type Origin, TokenBuckets, isLoopback, originOf } from "./rates";
import type { Caller, Route } from "./route";

/** Settings that decide about requests. */
export interface AdmissionSettings {
  readonly isSandbox: boolean;
  readonly apiKeyMaster: string | undefined;
  /** Base64 secrets of operators by name. Empty: their routes do not exist. */
  readonly operatorKeys: ReadonlyMap<string, string>;
  /**
   * Lower-case name of the header in which the proxy in front says the client's address, such as `cf-connecting-ip`. Set it only where nobody can
   * come past that proxy: whoever can, names any address it likes and has no limit.
   */
  readonly clientAddressHeader: string | undefined;
  /** Requests of one account each second; twice that at once. Coinbase Exchange's is 15. */
  readonly accountRequestsPerSecond: number;
  /** Unsigned requests of one address each second; one and a half times that at once. Coinbase Exchange's is 10. */
  readonly addressRequestsPerSecond: number;
}

/** Fills are asked for at most two thirds as often as the rest: 10 a second to 15, as Coinbase Exchange documents. */
const FILLS_SHARE = 2 / 3;
/** An operator's requests each second. */
const OPERATOR_PER_SECOND = 50;
const RETRY: Readonly<Record<string, string>> = { "retry-after": "1" };
/** Headers that only a proxy adds: a request with one of them does not come from a process of this machine itself. */
const FORWARDED = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-real-ip",
  "true-client-ip",
  "cf-connecting-ip",
  "via",
];
const NOBODY = { accountId: "", operator: "" };

/** Admits requests or says why not. */
export class Admission {
  readonly #exchange: Exchange;
  readonly #settings: AdmissionSettings;
  readonly #monotonicMs: () => number;
  readonly #byAddress: TokenBuckets;
  readonly #byAccount: TokenBuckets;
  readonly #fillsByAccount: TokenBuckets;
  readonly #byOperator = new TokenBuckets(OPERATOR_PER_SECOND, OPERATOR_PER_SECOND * 2);
  readonly #keys: KeyRing;
  /** Stands in for the secret of an operator who does not exist, so that refusing costs the same. */
  readonly #unknown = randomBytes(32);

  /** @param monotonicMs - a clock that never goes back. */
  constructor(exchange: Exchange, settings: AdmissionSettings, keys: KeyRing, monotonicMs: () => number) {
    this.#exchange = exchange;
    this.#keys = keys;
    this.#settings = settings;
    this.#monotonicMs = monotonicMs;
    const { accountRequestsPerSecond: account, addressRequestsPerSecond: address } = settings;
    this.#byAddress = new TokenBuckets(address, address * 1.5);
    this.#byAccount = new TokenBuckets(account, account * 2);
    this.#fillsByAccount = new TokenBuckets(account * FILLS_SHARE, account * FILLS_SHARE * 2);
  }

  /** Why an unsigned request is not answered now; `undefined` when it is. */
  publicRefusal(request: IncomingMessage): HttpError | undefined {
    const { name, times } = this.#originOf(request);
    return this.#byAddress.take(name, this.#monotonicMs(), times)
      ? undefined
      : new HttpError(429, "Public rate limit exceeded", RETRY);
  }

  /** Who asks, when it may. @throws HttpError 401, 403, 404, 429 or 503 */
  async callerOf(route: Route, request: IncomingMessage, body: Uint8Array): Promise<Caller> {
    switch (route.access) {
      case "open":
      case "public":
        return { ...NOBODY, request };
      case "metrics":
        if (isLoopback(request.socket.remoteAddress) && !FORWARDED.some((name) => name in request.headers)) {
          return { ...NOBODY, request };
        }
        if (this.#settings.operatorKeys.size === 0) throw new HttpError(404, "NotFound");
        return { ...NOBODY, operator: this.#operatorOf(request, body), request };
      case "operator":
        return { ...NOBODY, operator: this.#operatorOf(request, body), request };
      case "view":
      case "trade":
        return { ...NOBODY, accountId: await this.#accountOf(route, request, body), request };
    }
  }

  async #accountOf(route: Route, request: IncomingMessage, body: Uint8Array): Promise<string> {
    const credentials = this.#credentialsOf(request, true);
    const { secret, passphrase } = this.#keys.credentialsOf(credentials.key);
    const known = { secret: Buffer.from(secret, "base64"), passphrase };
    const refusal = refusalOf(credentials, contentOf(request, body), known, this.#exchange.clock());
    if (refusal !== undefined) throw this.#unauthorized(request, this.#worded(credentials, refusal));
    const key = await this.#keyOf(credentials.key);
    if (key === undefined || key.revoked) throw this.#unauthorized(request, "Invalid API Key");
    if (route.access === "trade" && !key.canTrade) throw new HttpError(403, "Forbidden");
    const buckets = route.rate === "fills" ? this.#fillsByAccount : this.#byAccount;
    if (!buckets.take(key.accountId, this.#monotonicMs())) {
      throw new HttpError(429, "Private rate limit exceeded", RETRY);
    }
    return key.accountId;
  }

  /** A key that was never issued is refused in the words for it, whatever else is wrong; the work for both was the same. */
  #worded(credentials: Credentials, refusal: string): string {
    const isAboutTime = refusal === "invalid timestamp" || refusal === "request timestamp expired";
    return !isAboutTime && this.#exchange.view.key(credentials.key) === undefined ? "Invalid API Key" : refusal;
  }

  /**
   * The key. One that this node has not seen, but that is signed with the secret that only its issue reveals, was issued a moment ago elsewhere:
   * then the node catches up first, and nobody without such a secret can make it do so.
   */
  async #keyOf(keyId: string): Promise<ReturnType<Exchange["view"]["key"]>> {
    const { view } = this.#exchange;
    const key = view.key(keyId);
    if (key !== undefined) return key;
    const isCurrent = await this.#exchange.caughtUp();
    const later = view.key(keyId);
    if (later === undefined && !isCurrent)
      throw new HttpError(503, "this node may be behind and does not know the key; ask again");
    return later;
  }

  #operatorOf(request: IncomingMessage, body: Uint8Array): string {
    const credentials = this.#credentialsOf(request, false);
    const secret = this.#settings.operatorKeys.get(credentials.key);
    const known = {
      secret: secret === undefined ? this.#unknown : Buffer.from(secret, "base64"),
      passphrase: undefined,
    };
    const refusal = refusalOf(credentials, contentOf(request, body), known, this.#exchange.clock());
    if (secret === undefined) throw this.#unauthorized(request, "Invalid API Key");
    if (refusal !== undefined) throw this.#unauthorized(request, refusal);
    if (!this.#byOperator.take(credentials.key, this.#monotonicMs())) {
      throw new HttpError(429, "Private rate limit exceeded", RETRY);
    }
    return credentials.key;
  }

  #credentialsOf(request: IncomingMessage, needsPassphrase: boolean): Credentials {
    const credentials = credentialsIn(request.headers, needsPassphrase);
    if ("refusal" in credentials) throw this.#unauthorized(request, credentials.refusal);
    return credentials;
  }

  /** Refusals count against the address: guessing is as slow as asking in public. */
  #unauthorized(request: IncomingMessage, message: string): HttpError {
    return this.publicRefusal(request) ?? new HttpError(401, message);
  }

  #originOf(request: IncomingMessage): Origin {
    const name = this.#settings.clientAddressHeader;
    const header = name === undefined ? undefined : request.headers[name];
    return originOf(request.socket.remoteAddress, typeof header === "string" ? header : undefined);
  }
}

function contentOf(request: IncomingMessage, body: Uint8Array): SignedContent {
  return { method: request.method ?? "", path: request.url ?? "", body };
}
