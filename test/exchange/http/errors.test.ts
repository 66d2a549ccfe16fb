/**
 * Proves, with exact statuses and bodies, what clients are told when something is wrong: signatures, rights, rates, shapes, unknown outcomes,
 * commands not taken, nodes that may be behind or serve nothing. Does not prove that nothing else can go wrong (fuzz.test.ts, schemathesis.test.ts).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { submitFailure } from "../../../exchange/http/errors";
import { signatureOf } from "../../../exchange/http/auth";
import { OutcomeUnknown } from "../../../exchange/journal/journal";
import { createKeyRing } from "../../../exchange/node/api-keys";
import { NotTaken } from "../../../exchange/node/exchange";
import { type Request, type Surface, signatureHeaders, surface } from "./harness";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const ID = "11111111-2222-4333-8444-555555555555";
const ORDER = { side: "buy", product_id: "BTC-USD", price: "100", size: "1" };

let here: Surface;
beforeAll(async () => {
  here = await surface({ clockMs: NOW });
});
afterAll(() => here.close());
beforeEach(() => {
  delete here.local.overrides.submitError;
  delete here.local.overrides.caughtUp;
  delete here.local.overrides.isServing;
});

async function told(request: Request): Promise<[number, unknown]> {
  const { status, body } = await here.ask(request);
  return [status, body];
}

const order = (body: unknown, as = "sandbox-1"): Request => ({ method: "POST", path: "/orders", as, body });

describe("signatures", () => {
  const signed = (as: string): Record<string, string> =>
    signatureHeaders(as, String(NOW / 1_000), "GET", "/accounts", "");
  const without = (name: string): Record<string, string> => {
    const { [name]: _gone, ...rest } = signed("sandbox-1");
    return rest;
  };

  it.each<[string, Record<string, string>, string]>([
    ["no key", without("cb-access-key"), "CB-ACCESS-KEY header is required"],
    ["no signature", without("cb-access-sign"), "CB-ACCESS-SIGN header is required"],
    ["no timestamp", without("cb-access-timestamp"), "CB-ACCESS-TIMESTAMP header is required"],
    ["no passphrase", without("cb-access-passphrase"), "CB-ACCESS-PASSPHRASE header is required"],
    ["another passphrase", { ...signed("sandbox-1"), "cb-access-passphrase": "x" }, "Invalid Passphrase"],
    ["another signature", { ...signed("sandbox-1"), "cb-access-sign": "AAAA" }, "invalid signature"],
    ["another key's signature", { ...signed("sandbox-2"), "cb-access-key": "sandbox-1" }, "invalid signature"],
    ["an unknown key", { ...signed("sandbox-1"), "cb-access-key": "nobody" }, "Invalid API Key"],
    ["a timestamp in words", { ...signed("sandbox-1"), "cb-access-timestamp": "now" }, "invalid timestamp"],
    ["a timestamp without end", { ...signed("sandbox-1"), "cb-access-timestamp": "1e999" }, "invalid timestamp"],
  ])("refuses %s", async (_what, headers, message) => {
    expect(await told({ path: "/accounts", headers })).toEqual([401, { message }]);
  });

  it("accepts a timestamp 30 s off either way, with decimals too, and none further", async () => {
    for (const [offSeconds, status] of [
      [-30, 200],
      [30, 200],
      [-31, 401],
      [31, 401],
    ] as const) {
      const [got, body] = await told({ path: "/accounts", as: "sandbox-1", offSeconds });
      expect([offSeconds, got]).toEqual([offSeconds, status]);
      if (status === 401) expect(body).toEqual({ message: "request timestamp expired" });
    }
    const headers = signatureHeaders("sandbox-1", `${String(NOW / 1_000)}.5`, "GET", "/accounts", "");
    expect((await told({ path: "/accounts", headers }))[0]).toBe(200);
  });

  it("covers method, query and body", async () => {
    const timestamp = String(NOW / 1_000);
    const cases: Request[] = [
      { path: "/orders?status=all", headers: signatureHeaders("sandbox-1", timestamp, "GET", "/orders", "") },
      { method: "DELETE", path: "/orders", headers: signatureHeaders("sandbox-1", timestamp, "GET", "/orders", "") },
      {
        ...order(ORDER),
        as: undefined as never,
        headers: signatureHeaders("sandbox-1", timestamp, "POST", "/orders", "{}"),
      },
    ];
    for (const request of cases) {
      const { as: _as, ...rest } = request;
      expect(await told(rest)).toEqual([401, { message: "invalid signature" }]);
    }
  });

  it("lets the same signed request come twice in one second, and answers it with the same order", async () => {
    const body = JSON.stringify({ ...ORDER, client_oid: "twice" });
    const headers = signatureHeaders("sandbox-1", String(NOW / 1_000), "POST", "/orders", body);
    const first = await told({ method: "POST", path: "/orders", body, headers });
    expect(first[0]).toBe(200);
    expect(await told({ method: "POST", path: "/orders", body, headers })).toEqual(first);
  });

  it("tells a key that may only read so, and ends a revoked one", async () => {
    const ops = "operator:ops";
    await told({
      method: "POST",
      path: "/operator/keys",
      as: ops,
      body: { account_id: "sandbox-9", key_id: "reader", can_trade: false },
    });
    const { secret, passphrase } = createKeyRing(here.local.settings).credentialsOf("reader");
    const headers = (method: string, path: string): Record<string, string> => ({
      "cb-access-key": "reader",
      "cb-access-passphrase": passphrase,
      "cb-access-timestamp": String(NOW / 1_000),
      "cb-access-sign": signatureOf(Buffer.from(secret, "base64"), String(NOW / 1_000), { method, path, body: "" }),
    });
    expect((await told({ path: "/accounts", headers: headers("GET", "/accounts") }))[0]).toBe(200);
    expect(await told({ method: "DELETE", path: "/orders", headers: headers("DELETE", "/orders") })).toEqual([
      403,
      { message: "Forbidden" },
    ]);
    expect((await told({ method: "DELETE", path: "/operator/keys/reader", as: ops }))[0]).toBe(200);
    expect(await told({ path: "/accounts", headers: headers("GET", "/accounts") })).toEqual([
      401,
      { message: "Invalid API Key" },
    ]);
  });

  it("asks the journal about a key that is signed rightly but not seen yet, and says so when it cannot", async () => {
    const { secret, passphrase } = createKeyRing(here.local.settings).credentialsOf("elsewhere");
    const headers = {
      "cb-access-key": "elsewhere",
      "cb-access-passphrase": passphrase,
      "cb-access-timestamp": String(NOW / 1_000),
      "cb-access-sign": signatureOf(Buffer.from(secret, "base64"), String(NOW / 1_000), {
        method: "GET",
        path: "/accounts",
        body: "",
      }),
    };
    expect(await told({ path: "/accounts", headers })).toEqual([401, { message: "Invalid API Key" }]);
    here.local.overrides.caughtUp = false;
    expect(await told({ path: "/accounts", headers })).toEqual([
      503,
      { message: "this node may be behind and does not know the key; ask again" },
    ]);
  });
});

describe("shapes", () => {
  const got = (text: string): string => `, got ${text}`;
  const DECIMAL = "must be a decimal such as 0.01, without sign or exponent";
  const price = (text: unknown): object => ({ ...ORDER, price: text });

  it.each<[string, unknown, number, string]>([
    ["no body", undefined, 400, "a JSON body is required"],
    ["no JSON", "{", 400, "the body is not valid JSON"],
    ["two documents", "{}{}", 400, "the body is not valid JSON"],
    ["NaN", '{"price":NaN}', 400, "the body is not valid JSON"],
    ["nesting without end", "[".repeat(16_000), 400, "the body is not valid JSON"],
    ["a key twice", '{"side":"buy","side":"sell"}', 400, "a key comes twice in the body"],
    [
      "__proto__",
      '{"__proto__":{"side":"buy"}}',
      400,
      `product_id must be a product such as BTC-USD${got("nothing")}; side must be buy | sell${got("nothing")}`,
    ],
    ["invalid UTF-8", Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, "the body is not valid UTF-8"],
    ["too much", JSON.stringify({ x: "x".repeat(16_384) }), 413, "the body is larger than 16384 bytes"],
    ["a list", [], 400, "body must be a JSON object, got a list"],
    [
      "nothing in it",
      {},
      400,
      `product_id must be a product such as BTC-USD${got("nothing")}; side must be buy | sell${got("nothing")}`,
    ],
    ["a side in capitals", { ...ORDER, side: "BUY" }, 400, `side must be buy | sell${got('"BUY"')}`],
    [
      "an exponent",
      '{"side":"buy","product_id":"BTC-USD","size":"1","price":1e999}',
      400,
      `price ${DECIMAL}${got('"1e999"')}`,
    ],
    ["a sign", price("-1"), 400, `price ${DECIMAL}${got('"-1"')}`],
    ["hexadecimal", price("0x10"), 400, `price ${DECIMAL}${got('"0x10"')}`],
    ["NaN as text", price("NaN"), 400, `price ${DECIMAL}${got('"NaN"')}`],
    ["a boolean", price(true), 400, `price ${DECIMAL}${got("true")}`],
    ["null", price(null), 400, `price ${DECIMAL}${got("null")}`],
    ["41 digits", price("1".repeat(41)), 400, `price ${DECIMAL}${got(`"${"1".repeat(41)}"`)}`],
    ["40 digits", price("1".repeat(40)), 400, "price too large"],
    ["too many decimals", price("100.001"), 400, "price too precise. Smallest unit is 0.01"],
    ["a price of nothing", price("0.00"), 400, "price too small. Minimum is 0.01"],
    ["a size of nothing", { ...ORDER, size: "0" }, 400, "size is too small. Minimum size is 0.00000001"],
    ["no price", { side: "buy", product_id: "BTC-USD", size: "1" }, 400, "price is required for a limit order"],
    ["no size", { side: "buy", product_id: "BTC-USD", price: "1" }, 400, "size is required for a limit order"],
    ["a limit order with funds", { ...ORDER, funds: "1" }, 400, "funds is for market orders"],
    ["a market order with a price", { ...ORDER, type: "market" }, 400, "price is for limit orders"],
    [
      "a market order with both",
      { ...ORDER, price: undefined, type: "market", funds: "1" },
      400,
      "a market order needs either size or funds",
    ],
    [
      "a market order until a time",
      { side: "buy", product_id: "BTC-USD", type: "market", size: "1", time_in_force: "GTT", cancel_after: "min" },
      400,
      "time_in_force GTT is for limit orders",
    ],
    [
      "post only and IOC",
      { ...ORDER, post_only: true, time_in_force: "IOC" },
      400,
      "post_only is for limit orders with time_in_force GTC or GTT",
    ],
    [
      "GTT without a time",
      { ...ORDER, time_in_force: "GTT" },
      400,
      "cancel_after and time_in_force GTT need each other",
    ],
    [
      "a time without GTT",
      { ...ORDER, cancel_after: "min" },
      400,
      "cancel_after and time_in_force GTT need each other",
    ],
    [
      "a stop order",
      { ...ORDER, stop: "loss" },
      400,
      `stop must be left out: there are no stop orders${got('"loss"')}`,
    ],
    [
      "an iceberg",
      { ...ORDER, max_floor: "1" },
      400,
      `max_floor must be left out: there are no iceberg orders${got('"1"')}`,
    ],
    ["another profile", { ...ORDER, profile_id: "sandbox-2" }, 400, "profile_id is not the key's own"],
    ["an unknown product", { ...ORDER, product_id: "DOGE-USD" }, 400, "Product not found"],
    [
      "a client id with a blank",
      { ...ORDER, client_oid: "a b" },
      400,
      `client_oid must be 1 to 64 letters, digits, -, _, : or .${got('"a b"')}`,
    ],
  ])("refuses an order with %s", async (_what, body, status, message) => {
    const hash = here.local.machine.hash();
    expect(await told(order(body))).toEqual([status, { message }]);
    expect(here.local.machine.hash()).toBe(hash);
  });

  it.each<[Request, number, string]>([
    [{ path: "/nowhere" }, 404, "NotFound"],
    [{ path: "/products/btc-usd" }, 400, 'product_id must be a product such as BTC-USD, got "btc-usd"'],
    [{ path: "/products/DOGE-USD/book" }, 404, "NotFound"],
    [{ path: "/products/BTC-USD/book?level=4" }, 400, 'level must be 1 | 2 | 3, got "4"'],
    [{ path: "/products/BTC-USD/book?level=1&level=2" }, 400, "level must be 1 | 2 | 3, got a list"],
    [{ path: "/products/BTC-USD/trades?limit=1001" }, 400, 'limit must be a whole number from 1 to 1000, got "1001"'],
    [{ path: "/products/BTC-USD/trades?limit=0" }, 400, 'limit must be a whole number from 1 to 1000, got "0"'],
    [
      { path: "/products/BTC-USD/candles?granularity=61" },
      400,
      'granularity must be 60 | 300 | 900 | 3600 | 21600 | 86400, got "61"',
    ],
    [{ path: "/products/%zz/book" }, 400, "the path is not valid"],
    [{ path: "/currencies/btc" }, 404, "NotFound"],
    [{ path: "/orders/7", as: "sandbox-1" }, 400, "Invalid order id"],
    [{ path: `/orders/${ID}`, as: "sandbox-1" }, 404, "NotFound"],
    [{ path: "/orders/client:none", as: "sandbox-1" }, 404, "NotFound"],
    [{ method: "DELETE", path: `/orders/${ID}`, as: "sandbox-1" }, 404, "order not found"],
    [{ method: "DELETE", path: "/orders?product_id=DOGE-USD", as: "sandbox-1" }, 404, "Product not found"],
    [{ path: `/accounts/${ID}`, as: "sandbox-1" }, 404, "NotFound"],
    [{ method: "DELETE", path: "/orders", as: "sandbox-1", body: "0" }, 400, 'body must be a JSON object, got "0"'],
    [{ method: "DELETE", path: "/orders", as: "sandbox-1", body: '"x"' }, 400, 'body must be a JSON object, got "x"'],
    [{ method: "DELETE", path: "/orders", as: "sandbox-1", body: "null" }, 400, "body must be a JSON object, got null"],
    [{ path: "/profiles/sandbox-2", as: "sandbox-1" }, 404, "NotFound"],
    [
      { path: "/fills?start_date=yesterday", as: "sandbox-1" },
      400,
      'start_date must be a time in ISO 8601 or in seconds of the epoch, got "yesterday"',
    ],
    [
      { method: "POST", path: "/orders/cancel-after", as: "sandbox-1", body: { timeout_seconds: 86_401 } },
      400,
      'timeout_seconds must be a whole number from 0 to 86400, got "86401"',
    ],
    [
      {
        method: "POST",
        path: "/orders",
        as: "sandbox-1",
        body: "a=b",
        headers: { "content-type": "application/x-www-form-urlencoded" },
      },
      415,
      "the content type must be application/json",
    ],
  ])("answers %o with %i %s", async (request, status, message) => {
    expect(await told(request)).toEqual([status, { message }]);
  });

  it("says what a whole number is, also of a text", async () => {
    const request = { method: "POST", path: "/orders/cancel-after", as: "sandbox-1", body: { timeout_seconds: "1e3" } };
    const message = 'timeout_seconds must be a whole number from 0 to 86400, got "1e3"';
    expect(await told(request)).toEqual([400, { message }]);
  });

  it("names the methods that a path has", async () => {
    const asked = async (method: string, path: string): Promise<[number, unknown, string]> => {
      const { status, headers, text } = await here.ask({ method, path });
      return [status, headers["allow"], text];
    };
    const refused = '{"message":"Method not allowed"}';
    expect(await asked("PUT", "/orders")).toEqual([405, "DELETE, GET, POST, HEAD, OPTIONS", refused]);
    expect(await asked("POST", "/products/BTC-USD/book")).toEqual([405, "GET, HEAD, OPTIONS", refused]);
    expect(await asked("GET", "/orders/cancel-after")).toEqual([405, "POST, OPTIONS", refused]);
    expect(await asked("TRACE", "/time")).toEqual([405, "GET, HEAD, OPTIONS", refused]);
    expect(await asked("OPTIONS", "/orders")).toEqual([204, "DELETE, GET, POST, HEAD, OPTIONS", ""]);
    expect(await asked("OPTIONS", "/nowhere")).toEqual([404, undefined, '{"message":"NotFound"}']);
    expect((await asked("HEAD", "/time"))[0]).toBe(200);
  });

  it("shows somebody else's order to nobody, and lets nobody else cancel it", async () => {
    const [, placed] = await told(order({ ...ORDER, client_oid: "secret-order" }));
    const { id } = placed as { id: string };
    expect(await told({ path: `/orders/${id}`, as: "sandbox-2" })).toEqual([404, { message: "NotFound" }]);
    expect(await told({ path: "/orders/client:secret-order", as: "sandbox-2" })).toEqual([
      404,
      { message: "NotFound" },
    ]);
    expect(await told({ method: "DELETE", path: `/orders/${id}`, as: "sandbox-2" })).toEqual([
      404,
      { message: "order not found" },
    ]);
    expect((await told({ path: `/orders/${id}`, as: "sandbox-1" }))[0]).toBe(200);
    expect((await told({ method: "DELETE", path: `/orders/${id}`, as: "sandbox-1" }))[0]).toBe(200);
    expect(await told({ method: "DELETE", path: `/orders/${id}`, as: "sandbox-1" })).toEqual([
      400,
      { message: "Order already done" },
    ]);
  });

  it("passes the machine's refusals on in its own words", async () => {
    expect(await told(order({ ...ORDER, size: "10000000" }))).toEqual([400, { message: "Insufficient funds" }]);
    const mode = (name: string): Request => ({
      method: "POST",
      path: "/operator/modes",
      as: "operator:ops",
      body: { product_id: "ETH-USD", mode: name, reason: "test" },
    });
    await told(mode("cancel-only"));
    expect(await told(order({ ...ORDER, product_id: "ETH-USD" }))).toEqual([400, { message: "Cancel only mode" }]);
    await told(mode("maintenance"));
    const [status, body] = await told(order({ ...ORDER, product_id: "ETH-USD" }));
    expect([status, (body as { message: string }).message]).toEqual([
      400,
      expect.stringContaining("under maintenance"),
    ]);
    await told(mode("full"));
  });
});

describe("the journal", () => {
  it("says that an outcome is unknown, and how to learn it, and asks for no retry", async () => {
    here.local.overrides.submitError = new OutcomeUnknown("timeout");
    const { status, body, headers } = await here.ask(order({ ...ORDER, client_oid: "u-1" }));
    expect([status, headers["retry-after"]]).toEqual([503, undefined]);
    expect((body as { message: string }).message).toMatch(
      /^order outcome unknown, ask by client_oid u-1 \(order id [0-9a-f-]{36} unless it came before\)$/,
    );
    const [, plain] = await told(order(ORDER));
    expect((plain as { message: string }).message).toMatch(/^order outcome unknown, ask by order id [0-9a-f-]{36}$/);
    expect(await told({ method: "DELETE", path: "/orders", as: "sandbox-1" })).toEqual([
      503,
      { message: "cancel outcome unknown, ask for the open orders" },
    ]);
    expect(await told({ method: "DELETE", path: `/orders/${ID}`, as: "sandbox-1" })).toEqual([
      503,
      { message: `cancel outcome unknown, ask for /orders/${ID}` },
    ]);
  });

  it("is 504 when the node's own deadline passed, and 503 before", () => {
    const at = (waitedMs: number): unknown => submitFailure(new OutcomeUnknown("x"), "order", "ask", waitedMs);
    expect(at(5_000)).toMatchObject({ status: 504, message: "order outcome unknown, ask" });
    expect(at(4_899)).toMatchObject({ status: 503, message: "order outcome unknown, ask" });
    const bug = new Error("a bug");
    expect(submitFailure(bug, "order", "ask", 0)).toBe(bug);
  });

  it("says so when a command is certainly not taken, with retry-after", async () => {
    for (const [reason, text] of [
      ["full", "the exchange takes no new commands at the moment"],
      ["closed", "this node is going away, send it again"],
      ["not-ready", "this node is not ready, send it again"],
      ["overloaded", "too many requests are waiting, send it again"],
      ["misconfigured", "the exchange takes no new commands at the moment"],
    ] as const) {
      here.local.overrides.submitError = new NotTaken(reason, "internal words that no client sees");
      const { status, body, headers } = await here.ask(order(ORDER));
      expect([status, body, headers["retry-after"]]).toEqual([503, { message: `order not taken: ${text}` }, "1"]);
    }
  });

  it("answers 500 without a word about a bug of ours, and logs it as ours", async () => {
    here.local.overrides.submitError = new Error("internal words");
    expect(await told(order(ORDER))).toEqual([500, { message: "Internal server error" }]);
    const lines = here.local.logLines.filter((line) => line.includes("a bug of ours: a route threw"));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        level: "error",
        method: "POST",
        route: "/orders",
        err: { message: "internal words", stack: expect.stringContaining("errors.test.ts") },
      },
    ]);
  });

  it("marks what may be old, and does not say that there is none", async () => {
    const [, placed] = await told(order({ ...ORDER, client_oid: "stale-1" }));
    const { id } = placed as { id: string };
    here.local.overrides.caughtUp = false;
    for (const path of [`/orders/${id}`, "/orders/client:stale-1", "/orders", "/accounts", "/fills", "/transfers"]) {
      const { status, headers } = await here.ask({ path, as: "sandbox-1" });
      expect([path, status, headers["exchange-stale"]]).toEqual([path, 200, "true"]);
    }
    const behind = { message: "this node may be behind and does not know it; ask again" };
    expect(await told({ path: `/orders/${ID}`, as: "sandbox-1" })).toEqual([503, behind]);
    expect(await told({ path: "/orders/client:none", as: "sandbox-1" })).toEqual([503, behind]);
    expect(await told({ path: `/accounts/${ID}`, as: "sandbox-1" })).toEqual([503, behind]);
    expect((await here.ask({ path: "/products" })).headers["exchange-stale"]).toBeUndefined();
    delete here.local.overrides.caughtUp;
    expect((await here.ask({ path: `/orders/${id}`, as: "sandbox-1" })).headers["exchange-stale"]).toBeUndefined();
  });

  it("answers with the sequence that it has applied, also when it refuses", async () => {
    const sequence = String(here.local.machine.sequence);
    for (const path of ["/time", "/nowhere", "/accounts", "/healthz/live"]) {
      expect([path, (await here.ask({ path })).headers["exchange-sequence"]]).toEqual([path, sequence]);
    }
  });

  it("serves nothing but healths and documents where the state is not known", async () => {
    here.local.overrides.isServing = false;
    const refused = { message: "this node does not serve at the moment; ask another, or ask again" };
    for (const request of [
      { path: "/products" },
      { path: "/status" },
      { path: "/orders", as: "sandbox-1" },
      order(ORDER),
    ]) {
      expect(await told(request)).toEqual([503, refused]);
    }
    for (const path of ["/healthz/live", "/healthz/peer", "/openapi.json", "/docs", "/metrics"]) {
      expect([path, (await here.ask({ path })).status]).toEqual([path, 200]);
    }
    expect((await here.ask({ path: "/operator/health", as: "operator:ops" })).status).toBe(200);
  });
});

describe("healths", () => {
  it("tells the public yes or no, and operators why", async () => {
    const { overrides } = here.local;
    const text = async (path: string): Promise<[number, string]> => {
      const reply = await here.ask({ path });
      return [reply.status, reply.text];
    };
    expect(await text("/healthz/live")).toEqual([200, "ok"]);
    expect(await text("/healthz/ready")).toEqual([200, "ok"]);
    expect(await text("/healthz/region")).toEqual([200, "twodoor-ok"]);
    overrides.ready = { ok: false, reasons: ["it is going away"], detail: {} };
    overrides.region = { ok: false, reasons: ["1 of 5 voters answers"], detail: { voters: 5 } };
    expect(await text("/healthz/live")).toEqual([200, "ok"]);
    expect(await text("/healthz/ready")).toEqual([503, "not ready"]);
    expect(await text("/healthz/region")).toEqual([503, "twodoor-not-ok"]);
    expect((await here.ask({ path: "/operator/health", as: "operator:ops" })).body).toMatchObject({
      ready: { ok: false, reasons: ["it is going away"] },
      region: { ok: false, reasons: ["1 of 5 voters answers"], detail: { voters: 5 } },
    });
    expect(await told({ path: "/operator/health" })).toEqual([401, { message: "CB-ACCESS-KEY header is required" }]);
    delete overrides.ready;
    delete overrides.region;
  });

  it("shows metrics to this machine and to operators, not through a proxy", async () => {
    expect((await here.ask({ path: "/metrics" })).text).toContain(
      'exchange_http_requests_total{method="GET",route="/healthz/region",status="503"} 1',
    );
    const headers = { "x-forwarded-for": "192.0.2.1" };
    expect(await told({ path: "/metrics", headers })).toEqual([401, { message: "CB-ACCESS-KEY header is required" }]);
    expect((await here.ask({ path: "/metrics", headers, as: "operator:ops" })).status).toBe(200);
  });
});
