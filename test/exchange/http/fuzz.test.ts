/**
 * Proves that nonsense of any kind, sent to every operation of the surface by a customer, an operator or nobody, is answered with a 4xx in the exchange's form,
 * changes nothing (the machine's hash and the journal's length stay), and is no bug of ours. Seeds are printed; `FUZZ_SEED` replays, `FUZZ_RUNS` lengthens.
 * Does not prove that what looks right is judged rightly (errors.test.ts, and the machine's own tests).
 */
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Reply, type Surface, surface } from "./harness";

const SEED = Number(process.env["FUZZ_SEED"] ?? String(Date.now() % 1_000_000));
const RUNS = Number(process.env["FUZZ_RUNS"] ?? "60");
const PARAMETERS = { seed: SEED, numRuns: RUNS };

let here: Surface;
beforeAll(async () => {
  console.info(`fuzz of the REST surface: FUZZ_SEED=${String(SEED)} FUZZ_RUNS=${String(RUNS)}`);
  // An hour passes between two requests: otherwise most would be refused for their number, and not for what is in them
  let nowMs = 0;
  here = await surface({ monotonicMs: () => (nowMs += 3_600_000) });
});
afterEach(() => {
  expect(here.local.logLines.filter((line) => line.includes("a bug of ours"))).toEqual([]);
});
afterAll(() => here.close());

/** Texts of JSON values that are wrong for every member of every body, numbers with their own spelling. */
const WRONG = [
  ...["1e999", "-1e999", "1e-999", "-1", "-0", "1E3", "0.1e1", `1${"0".repeat(400)}`, `0.${"0".repeat(400)}1`],
  ...["null", "[]", "{}", "[[1]]", '{"__proto__":1}'],
  ...[
    '""',
    '" "',
    '"1,5"',
    '"１"',
    '"\\u0000"',
    '"\\ud800"',
    '"../.."',
    '"\' or 1=1"',
    '"<b>"',
    '"\\u202e"',
    `"${"9".repeat(201)}"`,
  ],
];
/** Wrong wherever not any id will do. */
const WRONG_BUT_IDS = [
  '"-1"',
  '"1e999"',
  '"NaN"',
  '"Infinity"',
  '"0x10"',
  '"BuY"',
  `"${"9".repeat(41)}"`,
  '"--"',
  '".5"',
  '"5."',
];
const IDS = ["client_oid", "account_id", "key_id", "reference"];

const wrongFor = (member: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...WRONG, ...(IDS.includes(member) ? [] : WRONG_BUT_IDS)),
    fc.double({ max: -1e-300, noNaN: true, noDefaultInfinity: true }).map(String),
    fc.string({ minLength: 1, unit: "binary" }).map((text) => JSON.stringify(`!${text}`)),
  );

const ORDER = {
  type: '"limit"',
  side: '"buy"',
  product_id: '"BTC-USD"',
  price: '"100"',
  size: '"1"',
  time_in_force: '"GTC"',
  client_oid: '"a"',
  stp: '"dc"',
  post_only: "false",
};
const BODIES: [method: "POST" | "DELETE", path: string, as: string, members: Record<string, string>][] = [
  ["POST", "/orders", "sandbox-1", ORDER],
  ["POST", "/orders/cancel-after", "sandbox-1", { timeout_seconds: "60" }],
  ["DELETE", "/orders", "sandbox-1", { product_id: '"BTC-USD"' }],
  ["DELETE", "/orders/client:x", "sandbox-1", { product_id: '"BTC-USD"' }],
  ["POST", "/operator/currencies", "operator:ops", { id: '"ABC"', scale: "2" }],
  [
    "POST",
    "/operator/products",
    "operator:ops",
    {
      base_currency: '"ETH"',
      quote_currency: '"BTC"',
      price_scale: "2",
      size_scale: "2",
      min_market_funds: '"1"',
      maker_fee_basis_points: "1",
      taker_fee_basis_points: "1",
    },
  ],
  ["POST", "/operator/modes", "operator:ops", { product_id: '"BTC-USD"', mode: '"full"' }],
  ["POST", "/operator/accounts", "operator:ops", { account_id: '"bob"' }],
  ["POST", "/operator/keys", "operator:ops", { account_id: '"sandbox-1"', key_id: '"k"', can_trade: "true" }],
  [
    "POST",
    "/operator/balances",
    "operator:ops",
    { kind: '"credit"', account_id: '"sandbox-1"', currency: '"BTC"', amount: '"1"', reference: '"r"' },
  ],
  ["DELETE", "/operator/orders", "operator:ops", { account_id: '"sandbox-1"', product_id: '"BTC-USD"' }],
  ["POST", "/operator/epoch", "operator:ops", { epoch: "2" }],
];

/** Refused in form, with nothing changed since. */
function expectRefused(reply: Reply, hash: string, entries: number): void {
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(reply.status).toBeLessThan(500);
  expect(reply.status).not.toBe(429);
  expect(typeof (reply.body as { message: unknown }).message).toBe("string");
  expect(reply.text.length).toBeLessThan(4_000);
  expect(here.local.machine.hash()).toBe(hash);
  expect(here.local.journal.entries.length).toBe(entries);
}

async function expectNothing(send: () => Promise<Reply>): Promise<void> {
  const hash = here.local.machine.hash();
  const entries = here.local.journal.entries.length;
  expectRefused(await send(), hash, entries);
}

describe("bodies", () => {
  it.each(BODIES)("%s %s with one wrong member", async (method, path, as, members) => {
    const broken = fc
      .constantFrom(...Object.keys(members))
      .chain((name) => fc.tuple(fc.constant(name), wrongFor(name)));
    await fc.assert(
      fc.asyncProperty(broken, async ([member, value]) => {
        const text = Object.entries({ ...members, [member]: value }).map(
          ([key, json]) => `${JSON.stringify(key)}:${json}`,
        );
        await expectNothing(() => here.ask({ method, path, as, body: `{${text.join(",")}}` }));
      }),
      PARAMETERS,
    );
  });

  it.each(BODIES)("%s %s with a member twice", async (method, path, as, members) => {
    for (const [name, value] of Object.entries(members)) {
      const all = Object.entries(members).map(([key, json]) => `${JSON.stringify(key)}:${json}`);
      const body = `{${[...all, `${JSON.stringify(name)}:${value === "1" ? "2" : "1"}`].join(",")}}`;
      await expectNothing(() => here.ask({ method, path, as, body }));
    }
  });

  it("of random bytes, broken text and JSON of any other shape", async () => {
    const body = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.string({ minLength: 1, unit: "binary", maxLength: 300 }).map((text) => new TextEncoder().encode(text)),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc.json().map((text) => new TextEncoder().encode(text.slice(0, -1) || "{")),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...BODIES.filter(([method]) => method === "POST")),
        body,
        async ([method, path, as], bytes) => {
          await expectNothing(() => here.ask({ method, path, as, body: bytes }));
        },
      ),
      { ...PARAMETERS, numRuns: RUNS * 3 },
    );
  });

  it("of the wrong type, whatever they say", async () => {
    const types = fc.constantFrom(
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/xml",
      "application/json5",
      "*/*",
    );
    await fc.assert(
      fc.asyncProperty(types, fc.string({ minLength: 1 }), async (type, body) => {
        await expectNothing(() =>
          here.ask({ method: "POST", path: "/orders", as: "sandbox-1", body, headers: { "content-type": type } }),
        );
      }),
      PARAMETERS,
    );
  });
});

describe("everything else", () => {
  const READS: [path: string, as?: string][] = [
    ["/products/BTC-USD/book"],
    ["/products/BTC-USD/trades"],
    ["/products/BTC-USD/candles"],
    ["/orders", "sandbox-1"],
    ["/fills", "sandbox-1"],
    ["/transfers", "sandbox-1"],
    ["/operator/audit", "operator:ops"],
  ];
  const NAMES = [
    "level",
    "before",
    "after",
    "limit",
    "granularity",
    "start",
    "end",
    "status",
    "product_id",
    "order_id",
    "start_date",
    "end_date",
    "sorting",
    "type",
    "__proto__",
    "constructor",
    "a[]",
    "",
  ];

  it("queries are answered or refused, and never break anything", async () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("1e999", "-1", "NaN", "99999999999999999999", "%zz", "a,b", "2026-13-45"),
    );
    const query = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...READS), query, async ([path, as], pairs) => {
        const hash = here.local.machine.hash();
        const text = pairs.map(([name, given]) => `${name}=${encodeURIComponent(given)}`).join("&");
        const { status, body } = await here.ask({
          path: text === "" ? path : `${path}?${text}`,
          ...(as === undefined ? {} : { as }),
        });
        expect([200, 400]).toContain(status);
        if (status === 400) expect(typeof (body as { message: unknown }).message).toBe("string");
        expect(here.local.machine.hash()).toBe(hash);
      }),
      { ...PARAMETERS, numRuns: RUNS * 3 },
    );
  });

  it("paths lead nowhere", async () => {
    const part = fc.oneof(
      fc.string({ unit: "binary", maxLength: 150 }),
      fc.constantFrom("..", "%00", "%2e%2e", "__proto__", "BTC-USD", "client:"),
    );
    const start = fc.constantFrom(
      "/",
      "/products/",
      "/orders/",
      "/accounts/",
      "/currencies/",
      "/profiles/",
      "/operator/accounts/",
      "/healthz/",
    );
    await fc.assert(
      fc.asyncProperty(start, part, fc.constantFrom("", "/", "/book", "/ledger"), async (head, middle, tail) => {
        const path = `${head}${encodeURIComponent(middle)}${tail}`;
        const as = head.startsWith("/operator") ? "operator:ops" : "sandbox-1";
        const { status, body } = await here.ask({ path, as });
        expect(
          status === 200 ||
            (status >= 400 && status < 500 && typeof (body as { message: unknown }).message === "string"),
        ).toBe(true);
        if (status === 200)
          expect(["/products/BTC-USD", "/products/BTC-USD/book", "/orders/", "/products/"]).toContain(path);
      }),
      { ...PARAMETERS, numRuns: RUNS * 3 },
    );
  });

  it("signatures that are guessed open nothing", async () => {
    const header = fc.string({ maxLength: 120, unit: fc.constantFrom(...Array.from("abcXYZ0123456789+/=.-_ :;,é")) });
    await fc.assert(
      fc.asyncProperty(header, header, header, header, async (key, sign, timestamp, passphrase) => {
        const headers = {
          "cb-access-key": key,
          "cb-access-sign": sign,
          "cb-access-timestamp": timestamp,
          "cb-access-passphrase": passphrase,
        };
        for (const path of ["/accounts", "/operator/keys"]) {
          const { status } = await here.ask({ path, headers });
          expect(status).toBe(401);
        }
        await expectNothing(() =>
          here.ask({
            method: "POST",
            path: "/orders",
            headers,
            body: { side: "buy", product_id: "BTC-USD", price: "1", size: "1" },
          }),
        );
      }),
      PARAMETERS,
    );
  });

  it("bytes of any kind on a socket get 400 or nothing, and the node serves on", async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 400 }),
      fc
        .string({ unit: "binary-ascii", maxLength: 200 })
        .map((text) => new TextEncoder().encode(`GET /${text} HTTP/1.1\r\n${text}: ${text}\r\n\r\n`)),
      fc
        .string({ unit: "binary-ascii", maxLength: 200 })
        .map((text) =>
          new TextEncoder().encode(`POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n${text}\r\n\r\n${text}`),
        ),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        const text = await new Promise<string>((resolve) => {
          let got = "";
          const socket = connect(here.port, "127.0.0.1", () => {
            socket.end(Buffer.from(sent));
          });
          socket.setEncoding("latin1");
          socket.on("data", (chunk) => (got += String(chunk)));
          socket.on("error", () => undefined);
          socket.on("close", () => {
            resolve(got);
          });
        });
        expect(text === "" || /^HTTP\/1\.1 4\d\d /.test(text)).toBe(true);
      }),
      { ...PARAMETERS, numRuns: Math.ceil(RUNS / 2) },
    );
    expect((await fetch(`${here.url}/time`)).status).toBe(200);
  });
});
