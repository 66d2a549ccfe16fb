/**
 * Proves an operator's day through the routes and through the command: an exchange is made from nothing, customers trade with keys that were
 * issued, everything is in the audit trail with the operator's name, wrong input is told field by field, and nobody else gets in. Does not prove what
 * the machine makes of a command (test/exchange/machine).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signatureOf } from "../../../exchange/http/auth";
import { OutcomeUnknown } from "../../../exchange/journal/journal";
import { HELP, readCommand } from "../../../exchange/operators/command-line";
import { runOperator } from "../../../exchange/operators/main";
import { OPERATOR_SECRET, type Reply, type Surface, surface } from "./harness";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const TIME = "2026-01-02T03:04:05.000Z";
const OPS = "operator:ops";

let here: Surface;
beforeEach(async () => {
  here = await surface({ sandbox: false, clockMs: NOW });
});
afterEach(() => here.close());

const post = (path: string, body: unknown): Promise<Reply> =>
  here.ask({ method: "POST", path: `/operator/${path}`, as: OPS, body });
const get = async (path: string): Promise<unknown> => (await here.ask({ path: `/operator/${path}`, as: OPS })).body;

async function made(): Promise<void> {
  const steps: [string, object][] = [
    ["currencies", { id: "BTC", name: "Bitcoin", scale: 8 }],
    ["currencies", { id: "USD", name: "Dollar", scale: 12 }],
    [
      "products",
      {
        base_currency: "BTC",
        quote_currency: "USD",
        price_scale: 2,
        size_scale: 8,
        min_market_funds: "1",
        maker_fee_basis_points: 10,
        taker_fee_basis_points: 20,
      },
    ],
    ["accounts", { account_id: "alice" }],
    ["balances", { kind: "credit", account_id: "alice", currency: "USD", amount: "1000.5", reference: "wire-1" }],
  ];
  for (const [path, body] of steps) {
    const { status, text } = await post(path, body);
    expect({ path, status, text: status === 200 ? "" : text }).toEqual({ path, status: 200, text: "" });
  }
}

describe("an operator's day", () => {
  it("makes an exchange, an account and a key, and a customer trades with it", async () => {
    await made();
    const issued = await post("keys", { account_id: "alice", key_id: "alice-1" });
    expect(issued.body).toEqual({
      key_id: "alice-1",
      account_id: "alice",
      can_trade: true,
      secret: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      passphrase: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const { secret, passphrase } = issued.body as { secret: string; passphrase: string };
    const body = JSON.stringify({ side: "buy", product_id: "BTC-USD", price: "10", size: "2", client_oid: "first" });
    const order = await here.ask({
      method: "POST",
      path: "/orders",
      body,
      headers: {
        "cb-access-key": "alice-1",
        "cb-access-passphrase": passphrase,
        "cb-access-timestamp": String(NOW / 1_000),
        "cb-access-sign": signatureOf(Buffer.from(secret, "base64"), String(NOW / 1_000), {
          method: "POST",
          path: "/orders",
          body,
        }),
      },
    });
    expect(order.body).toMatchObject({ status: "open", profile_id: "alice" });
    expect(await get("accounts/alice")).toEqual({
      account_id: "alice",
      balances: [
        { currency: "BTC", balance: "0.00000000", hold: "0.00000000", available: "0.00000000" },
        { currency: "USD", balance: "1000.500000000000", hold: "20.040000000000", available: "980.460000000000" },
      ],
      open_orders: 1,
      cancel_after: null,
      cancel_after_state: "disarmed",
    });
    const { id } = order.body as { id: string };
    const cancelled = await here.ask({
      method: "DELETE",
      path: "/operator/orders",
      as: OPS,
      body: { account_id: "alice", order_id: id },
    });
    expect([cancelled.status, cancelled.body]).toEqual([200, [id]]);
    const nothing = await here.ask({
      method: "DELETE",
      path: "/operator/orders",
      as: OPS,
      body: { account_id: "alice", product_id: "BTC-USD" },
    });
    expect([nothing.status, nothing.body]).toEqual([200, []]);
    expect(await get("accounts")).toEqual(["alice"]);
    expect(await get("fees")).toEqual({});
    expect(here.local.logLines.filter((line) => line.includes(secret) || line.includes(passphrase))).toEqual([]);
  });

  it("moves money once for each reference, and only free money out", async () => {
    await made();
    const change = async (kind: string, amount: string, reference: string): Promise<unknown[]> => {
      const { status, body } = await post("balances", {
        kind,
        account_id: "alice",
        currency: "USD",
        amount,
        reference,
      });
      return [
        status,
        status === 200 ? (body as { duplicate: boolean }).duplicate : (body as { message: string }).message,
      ];
    };
    expect(await change("credit", "1", "wire-2")).toEqual([200, false]);
    expect(await change("credit", "1", "wire-2")).toEqual([200, true]);
    expect(await change("debit", "1.5", "out-1")).toEqual([200, false]);
    expect(await change("debit", "1000.000000000001", "out-2")).toEqual([400, "Insufficient funds"]);
    expect(here.local.machine.balances("alice").find(({ currency }) => currency === "USD")?.available).toBe(
      1_000n * 10n ** 12n,
    );
  });

  it("issues keys that may only read, makes ids, revokes, and shows no secret", async () => {
    await made();
    const { body } = await post("keys", { account_id: "alice", can_trade: false });
    const { key_id: keyId } = body as { key_id: string };
    expect(keyId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await get("keys")).toEqual([{ key_id: keyId, account_id: "alice", can_trade: false, revoked: false }]);
    expect((await here.ask({ method: "DELETE", path: `/operator/keys/${keyId}`, as: OPS })).status).toBe(200);
    expect(await get("keys")).toEqual([{ key_id: keyId, account_id: "alice", can_trade: false, revoked: true }]);
    expect((await here.ask({ method: "DELETE", path: "/operator/keys/none", as: OPS })).status).toBe(404);
  });

  it("sets modes and epochs", async () => {
    await made();
    expect(
      (await post("modes", { product_id: "BTC-USD", mode: "cancel-only", reason: "one region is lost" })).status,
    ).toBe(200);
    expect(here.local.machine.product("BTC-USD")).toMatchObject({
      mode: "cancel-only",
      modeReason: "one region is lost",
    });
    expect((await post("epoch", { epoch: 3 })).status).toBe(200);
    expect(here.local.machine.epoch).toBe(3);
    const { sequence } = here.local.machine.product("BTC-USD") ?? { sequence: 0 };
    expect(sequence).toBeGreaterThanOrEqual(3 * 2 ** 40);
  });

  it("leaves a trail with names, newest first, by pages", async () => {
    await made();
    const all = (await get("audit")) as { operator: string; accepted: boolean; at: string; detail: { type: string } }[];
    expect(all.map(({ operator, accepted, at, detail }) => [operator, accepted, at, detail.type])).toEqual(
      ["credit", "account-create", "product-create", "currency-create", "currency-create"].map((type) => [
        "ops",
        true,
        TIME,
        type,
      ]),
    );
    const first = await here.ask({ path: "/operator/audit?limit=2", as: OPS });
    expect((first.body as unknown[]).length).toBe(2);
    const next = (await get(`audit?limit=2&after=${String(first.headers["cb-after"])}`)) as {
      detail: { type: string };
    }[];
    expect(next.map(({ detail }) => detail.type)).toEqual(["product-create", "currency-create"]);
  });
});

describe("wrong input", () => {
  it("is told field by field, all at once, and changes nothing", async () => {
    await made();
    const hash = here.local.machine.hash();
    const { status, body } = await post("balances", {
      kind: "gift",
      account_id: "a b",
      currency: "usd",
      amount: "-1",
      reference: "",
      extra: 1,
    });
    expect(status).toBe(400);
    const { problems, message } = body as {
      problems: { path: string; expected: string; got: string; fix: string }[];
      message: string;
    };
    expect(problems).toEqual([
      {
        path: "account_id",
        expected: "1 to 64 letters, digits, ., _, : or -, a letter or digit first",
        got: '"a b"',
        fix: "see /docs",
      },
      { path: "amount", expected: "a decimal such as 0.01, without sign or exponent", got: '"-1"', fix: "see /docs" },
      { path: "currency", expected: "1 to 12 capital letters and digits", got: '"usd"', fix: "see /docs" },
      { path: "extra", expected: "left out: nothing here has that name", got: '"1"', fix: "see /docs" },
      { path: "kind", expected: "credit | debit", got: '"gift"', fix: "see /docs" },
      {
        path: "reference",
        expected: "1 to 64 letters, digits, ., _, : or -, a letter or digit first",
        got: "nothing",
        fix: "see /docs",
      },
    ]);
    expect(message).toContain('; kind must be credit | debit, got "gift"; ');
    const mistyped = await post("accounts", { account_id: "bob", acount: 1 });
    expect((mistyped.body as { problems: unknown[] }).problems).toEqual([
      { path: "acount", expected: "left out: nothing here has that name", got: '"1"', fix: "see /docs" },
    ]);
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x${String(index)}`, index]));
    const { problems: twenty } = (await post("accounts", { account_id: "bob", ...many })).body as {
      problems: { path: string }[];
    };
    expect(twenty).toHaveLength(20);
    expect(twenty[2]).toMatchObject({ path: "x10", got: '"10"' });
    const precise = await post("balances", {
      kind: "credit",
      account_id: "alice",
      currency: "BTC",
      amount: "0.000000001",
      reference: "r",
    });
    expect((precise.body as { problems: unknown[] }).problems).toEqual([
      {
        path: "amount",
        expected: "a positive amount with at most 8 decimals",
        got: '"0.000000001"',
        fix: "write it with fewer decimals, or use another currency",
      },
    ]);
    const unknown = await post("balances", {
      kind: "credit",
      account_id: "alice",
      currency: "DOGE",
      amount: "1",
      reference: "r",
    });
    expect((unknown.body as { problems: { path: string }[] }).problems[0]?.path).toBe("currency");
    expect(here.local.machine.hash()).toBe(hash);
  });

  it("gets the machine's own refusals", async () => {
    await made();
    const told = async (path: string, body: unknown): Promise<[number, string]> => {
      const reply = await post(path, body);
      return [reply.status, (reply.body as { message: string }).message];
    };
    expect((await told("keys", { account_id: "nobody" }))[0]).toBe(404);
    expect((await told("modes", { product_id: "DOGE-USD", mode: "full", reason: "x" }))[0]).toBe(404);
    expect(
      (
        await told("products", {
          base_currency: "BTC",
          quote_currency: "USD",
          price_scale: 8,
          size_scale: 8,
          min_market_funds: "1",
          maker_fee_basis_points: 1,
          taker_fee_basis_points: 1,
        })
      )[0],
    ).toBe(400);
    here.local.overrides.submitError = new OutcomeUnknown("lost");
    expect(await told("accounts", { account_id: "bob" })).toEqual([
      503,
      "command outcome unknown, ask for /operator/audit",
    ]);
  });
});

describe("the door", () => {
  it("is shut to customers, to others' signatures, and is not there without operators", async () => {
    await made();
    const { body } = await post("keys", { account_id: "alice", key_id: "alice-1" });
    const { secret, passphrase } = body as { secret: string; passphrase: string };
    const timestamp = String(NOW / 1_000);
    const sign = signatureOf(Buffer.from(secret, "base64"), timestamp, {
      method: "GET",
      path: "/operator/keys",
      body: "",
    });
    const customer = {
      "cb-access-key": "alice-1",
      "cb-access-passphrase": passphrase,
      "cb-access-timestamp": timestamp,
      "cb-access-sign": sign,
    };
    const refused = await here.ask({ path: "/operator/keys", headers: customer });
    expect([refused.status, refused.body]).toEqual([401, { message: "Invalid API Key" }]);
    const forged = await here.ask({ path: "/operator/keys", headers: { ...customer, "cb-access-key": "ops" } });
    expect([forged.status, forged.body]).toEqual([401, { message: "invalid signature" }]);
    const late = await here.ask({ path: "/operator/keys", as: OPS, offSeconds: -31 });
    expect([late.status, late.body]).toEqual([401, { message: "request timestamp expired" }]);
    // An operator's key opens nothing of a customer's
    const customers = await here.ask({ path: "/accounts", as: OPS });
    expect([customers.status, customers.body]).toEqual([401, { message: "CB-ACCESS-PASSPHRASE header is required" }]);

    const closed = await surface({ settings: { operatorKeys: new Map() } });
    const gone = await closed.ask({ path: "/operator/keys", as: OPS });
    expect([gone.status, gone.body]).toEqual([404, { message: "NotFound" }]);
    expect((await closed.ask({ path: "/openapi.json" })).text).not.toContain("/operator/");
    expect((await closed.ask({ path: "/metrics", headers: { via: "1.1 proxy" } })).status).toBe(404);
    await closed.close();
  });

  it("issues no key where no master secret is set", async () => {
    const poor = await surface({ settings: { apiKeyMaster: undefined } });
    const reply = await poor.ask({
      method: "POST",
      path: "/operator/keys",
      as: OPS,
      body: { account_id: "sandbox-1" },
    });
    expect([reply.status, reply.body]).toEqual([
      400,
      { message: "keys cannot be issued: API_KEY_MASTER is not set on this node" },
    ]);
    await poor.close();
  });
});

describe("the command", () => {
  let live: Surface;
  beforeAll(async () => {
    live = await surface({ sandbox: false });
  });
  afterAll(() => live.close());

  async function run(
    line: string,
    environment: Record<string, string> = {},
  ): Promise<{ code: number; out: unknown; err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
    const code = await runOperator(words, {
      environment: { EXCHANGE_URL: live.url, OPERATOR_KEY: `ops:${OPERATOR_SECRET}`, ...environment },
      nowMs: () => Date.now(),
      out: (text) => out.push(text),
      err: (text) => err.push(text),
    });
    const text = out.join("\n");
    return {
      code,
      out: text.startsWith("{") || text.startsWith("[") ? (JSON.parse(text) as unknown) : text,
      err: err.join("\n"),
    };
  }

  it("does everything that the routes do", async () => {
    const steps = [
      "currency BTC --name Bitcoin --scale 8",
      "currency USD --name Dollar --scale 12",
      "product BTC USD --price-scale 2 --size-scale 8 --min-funds 1 --maker 10 --taker 20",
      "account alice",
      "credit alice USD 100 --reference wire-1",
      "debit alice USD 40 --reference out-1",
      'mode BTC-USD cancel-only --reason "one region is lost"',
      "key alice --key-id alice-1 --read-only",
      "revoke alice-1",
      "cancel alice --product BTC-USD",
      "epoch 2",
    ];
    for (const line of steps) expect({ line, ...(await run(line)) }).toMatchObject({ line, code: 0, err: "" });
    expect((await run("accounts")).out).toEqual(["alice"]);
    expect((await run("show alice")).out).toMatchObject({
      balances: [{}, { currency: "USD", available: "60.000000000000" }],
    });
    expect((await run("keys")).out).toEqual([
      { key_id: "alice-1", account_id: "alice", can_trade: false, revoked: true },
    ]);
    expect((await run("audit --limit 3")).out).toMatchObject([
      { operator: "ops", detail: { type: "epoch-start" } },
      { operator: "ops", detail: { type: "orders-cancel-all" } },
      { operator: "ops", detail: { type: "key-revoke" } },
    ]);
    expect((await run("fees")).out).toEqual({});
    expect(await run("health")).toMatchObject({ code: 0, out: { ready: { ok: true }, region: { ok: true } } });
    live.local.overrides.region = { ok: false, reasons: ["no voters"], detail: {} };
    expect(await run("health")).toMatchObject({ code: 1, out: { region: { reasons: ["no voters"] } } });
    delete live.local.overrides.region;
  });

  it("ends with 1 when refused, 2 for wrong words, 3 without an answer, and never shows the key", async () => {
    expect(await run("mode DOGE-USD full --reason x")).toMatchObject({
      code: 1,
      err: expect.stringContaining("message"),
    });
    live.local.overrides.submitError = new OutcomeUnknown("lost");
    expect(await run("account bob")).toMatchObject({
      code: 3,
      err: expect.stringContaining("command outcome unknown"),
    });
    delete live.local.overrides.submitError;
    expect(await run("dance")).toEqual({ code: 2, out: "", err: 'there is no command "dance"; --help lists them' });
    expect(await run("mode BTC-USD full")).toEqual({ code: 2, out: "", err: "--reason is missing" });
    expect(await run("account")).toEqual({ code: 2, out: "", err: "ACCOUNT is missing" });
    expect(await run("account a b")).toEqual({ code: 2, out: "", err: "too many words; usage: account ACCOUNT" });
    expect((await run("accounts --wrong")).code).toBe(2);
    expect(await run("accounts", { OPERATOR_KEY: "ops" })).toEqual({
      code: 2,
      out: "",
      err: "OPERATOR_KEY must be name:base64secret, got a text of 3 characters; set it as it stands in the node's OPERATOR_KEYS",
    });
    expect(await run("accounts --url ftp://x")).toEqual({
      code: 2,
      out: "",
      err: '--url must be an http:// or https:// address, got "ftp://x"',
    });
    const gone = await surface({ sandbox: false });
    await gone.close();
    const nobody = await run(`accounts --url ${gone.url}`);
    expect(nobody.code).toBe(3);
    expect(nobody.err).toMatch(/^http:\/\/127\.0\.0\.1:\d+ gave no answer \(fetch failed: connect ECONNREFUSED /);
    expect(nobody.err).not.toContain(OPERATOR_SECRET);
    expect(await run("--help")).toEqual({ code: 0, out: HELP, err: "" });
    expect(await run("")).toEqual({ code: 0, out: HELP, err: "" });
  });

  it("leaves numbers as they are and quotes what stands in a path", () => {
    expect(readCommand(["revoke", "a/b?c"])).toEqual({
      kind: "request",
      url: undefined,
      request: { method: "DELETE", path: "/operator/keys/a%2Fb%3Fc", body: undefined },
    });
    expect(readCommand(["epoch", "2x", "--url", "http://h"])).toEqual({
      kind: "request",
      url: "http://h",
      request: { method: "POST", path: "/operator/epoch", body: { epoch: "2x" } },
    });
  });
});
