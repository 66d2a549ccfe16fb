/**
 * Proves what becomes of an order whose answer goes lost between a node and ccxt, unmodified: with its retry option off nothing is sent
 * again and the client order id tells the truth; with it on and a client order id the retry is answered with the first order; with it on
 * and no client order id there can be two orders, which no server can prevent. A door in front of a real node process loses what it is
 * told to. Does not prove what happens when the node itself dies (test/exchange/faults).
 */
import { randomUUID } from "node:crypto";
import ccxt, { type coinbaseexchange } from "ccxt";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fate } from "./door";
import { openWorld, type World } from "./world";

const SYMBOL = "BTC/USD";
const ACCOUNT = "sandbox-1";
let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
afterEach(async () => {
  world.door.seen.length = 0;
  expect(world.door.fates).toEqual([]);
  await world.ask("DELETE", "/orders");
});

/** A client behind the door, with its markets loaded, so that the next request is the order's. */
async function client(options: object): Promise<coinbaseexchange> {
  const made = new ccxt.coinbaseexchange({
    apiKey: ACCOUNT,
    secret: Buffer.from(`${ACCOUNT}-secret`).toString("base64"),
    password: ACCOUNT,
    urls: { api: { public: world.door.url, private: world.door.url } },
    enableRateLimit: false,
    timeout: 1_000,
    options,
  });
  await made.loadMarkets();
  world.door.seen.length = 0;
  return made;
}

async function place(from: coinbaseexchange, clientOrderId?: string): Promise<{ id: string }> {
  const named = clientOrderId === undefined ? {} : { clientOrderId };
  const { id } = await from.createOrder(SYMBOL, "limit", "buy", 0.1, 90, named);
  return { id: id ?? "" };
}

/** Requests of orders that came to the door. */
const posts = (): string[] => world.door.seen.filter(({ method }) => method === "POST").map(({ path }) => path);

async function openOrders(): Promise<{ id: string; client_oid?: string }[]> {
  return (await world.ask("GET", "/orders")).body as { id: string; client_oid?: string }[];
}

const LOST: [Fate, string][] = [
  ["lose-answer", "NetworkError"],
  ["hold-answer", "RequestTimeout"],
];
const UNSEEN: [Fate, string][] = [
  ["lose-request", "NetworkError"],
  [502, "ExchangeNotAvailable"],
  [503, "ExchangeNotAvailable"],
  [504, "RequestTimeout"],
  [522, "ExchangeNotAvailable"],
  [429, "RateLimitExceeded"],
];

describe("without the retry option", () => {
  it.each([...LOST, ...UNSEEN])("sends an order once, also when the door does this: %s", async (fate, name) => {
    const unwilling = await client({});
    world.door.fates.push(fate);
    const clientOrderId = randomUUID();
    await expect(place(unwilling, clientOrderId)).rejects.toSatisfy((error: Error) => error.constructor.name === name);
    expect(posts()).toEqual(["/orders"]);
    const wasDone = LOST.some(([lost]) => lost === fate);
    expect((await openOrders()).map((order) => order.client_oid)).toEqual(wasDone ? [clientOrderId] : []);
    // what its user does next: asks by the id that it chose
    const found = unwilling.fetchOrder("", SYMBOL, { clientOrderId });
    if (wasDone) expect((await found).status).toBe("open");
    else await expect(found).rejects.toThrow("NotFound");
  });
});

describe("with the retry option and a client order id", () => {
  it.each([...LOST, ...UNSEEN])("is answered with the one order that there is, after: %s", async (fate) => {
    const willing = await client({ maxRetriesOnFailure: 2, maxRetriesOnFailureDelay: 10 });
    world.door.fates.push(fate, fate);
    const clientOrderId = randomUUID();
    const { id } = await place(willing, clientOrderId);
    expect(posts()).toEqual(["/orders", "/orders", "/orders"]);
    expect(await openOrders()).toMatchObject([{ id, client_oid: clientOrderId }]);
  });

  it("is answered although the retry has the very timestamp and signature of the first", async () => {
    const willing = await client({ maxRetriesOnFailure: 1 });
    willing.nonce = () => Math.floor(Date.now() / 10_000) * 10;
    world.door.fates.push("lose-answer");
    const { id } = await place(willing, randomUUID());
    const [first, second] = world.door.seen.map(({ headers }) => headers["cb-access-sign"]);
    expect([second, (await openOrders()).map((order) => order.id)]).toEqual([first, [id]]);
  });

  it("sees a cancel whose answer went lost as done already", async () => {
    const willing = await client({ maxRetriesOnFailure: 1 });
    const { id } = await place(willing);
    world.door.fates.push("lose-answer");
    await expect(willing.cancelOrder(id, SYMBOL)).rejects.toThrow("Order already done");
    expect((await willing.fetchOrder(id)).status).toBe("canceled");
  });
});

describe("with the retry option and no client order id", () => {
  it("can become two orders: two requests that nothing tells apart", async () => {
    const careless = await client({ maxRetriesOnFailure: 1 });
    world.door.fates.push("lose-answer");
    const { id } = await place(careless);
    expect(posts()).toEqual(["/orders", "/orders"]);
    const [first, second] = world.door.seen.map(({ body }) => body);
    expect(second).toBe(first);
    const orders = await openOrders();
    expect([orders.length, orders.some((order) => order.id === id)]).toEqual([2, true]);
  });
});
