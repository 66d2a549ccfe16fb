/**
 * Proves what operators can make and change, what is refused with which text, and what the audit keeps of it. Does not prove who may send such a command.
 */
import { expect, test } from "vitest";
import type { Command, ProductCreate } from "../../../exchange/machine/commands";
import { BTC_USD, operator, Scene } from "./scene";

const done = { ok: true, kind: "done", duplicate: false };
const again = { ok: true, kind: "done", duplicate: true };
const refused = (code: string, message: string): object => ({ ok: false, code, message });

test.each<[string, Partial<ProductCreate>, string, string]>([
  ["one that exists", { id: "BTC-USD" }, "exists", "product BTC-USD exists"],
  ["a currency that there is not", { baseCurrency: "ETH" }, "not-found", "currency not found"],
  ["one currency for both", { baseCurrency: "USD" }, "invalid", "base and quote currency are the same"],
  ["lots finer than the ledger", { sizeScale: 3 }, "invalid", "sizeScale is at most the scale of BTC, 2"],
  [
    "values finer than the ledger",
    { priceScale: 3 },
    "invalid",
    "priceScale + sizeScale is at most the scale of USD, 4",
  ],
  ["fees above the value", { takerFeeBasisPoints: 10_001 }, "invalid", "takerFeeBasisPoints is invalid"],
])("refuses a product: %s", (_what, change, code, message) => {
  const scene = new Scene();
  expect(scene.do({ ...BTC_USD, id: "NEW", ...change })).toEqual(refused(code, message));
  expect(scene.machine.products().map(({ id }) => id)).toEqual(["BTC-USD"]);
});

test("makes a product in full mode, and says so", () => {
  const scene = new Scene();
  scene.do({ ...BTC_USD, id: "AAA-USD", makerFeeBasisPoints: 3, takerFeeBasisPoints: 4 });
  expect(scene.said()).toEqual(["product AAA-USD"]);
  expect(scene.machine.products().map(({ id }) => id)).toEqual(["AAA-USD", "BTC-USD"]);
  expect(scene.machine.product("AAA-USD")).toEqual({
    id: "AAA-USD",
    baseCurrency: "BTC",
    quoteCurrency: "USD",
    priceScale: 2,
    sizeScale: 2,
    minMarketFunds: 10n,
    makerFeeBasisPoints: 3,
    takerFeeBasisPoints: 4,
    mode: "full",
    modeSince: scene.at,
    modeReason: "",
    sequence: 0,
  });
});

test("makes currencies and accounts once", () => {
  const scene = new Scene();
  const eth: Command = { type: "currency-create", operator, id: "ETH", name: "Ether", scale: 18 };
  expect(scene.do(eth)).toEqual(done);
  expect(scene.do(eth)).toEqual(refused("exists", "currency ETH exists"));
  expect(scene.machine.currencies()).toEqual([
    { id: "BTC", name: "Bitcoin", scale: 2 },
    { id: "ETH", name: "Ether", scale: 18 },
    { id: "USD", name: "US Dollar", scale: 4 },
  ]);
  expect(scene.do({ type: "account-create", operator, accountId: "ann" })).toEqual(
    refused("exists", "account ann exists"),
  );
  expect(scene.machine.accountIds()).toEqual(["ann", "bob"]);
  expect(scene.machine.balances("zoe")).toEqual([]);
  expect(scene.do({ type: "mode-set", operator, productId: "X", mode: "full", reason: "" })).toEqual(
    refused("not-found", "Product not found"),
  );
});

test("a key speaks for one account until it is revoked, for good", () => {
  const scene = new Scene();
  const issue: Command = { type: "key-issue", operator, keyId: "k1", accountId: "ann", canTrade: false };
  expect(scene.do({ ...issue, accountId: "zoe" })).toEqual(refused("not-found", "account not found"));
  expect(scene.do(issue)).toEqual(done);
  expect(scene.machine.key("k1")).toEqual({ keyId: "k1", accountId: "ann", canTrade: false, revoked: false });
  expect(scene.do({ ...issue, accountId: "bob" })).toEqual(refused("exists", "key k1 exists"));
  expect(scene.do({ type: "key-revoke", operator, keyId: "k2" })).toEqual(refused("not-found", "key not found"));
  expect(scene.do({ type: "key-revoke", operator, keyId: "k1" })).toEqual(done);
  expect(scene.do({ type: "key-revoke", operator, keyId: "k1" })).toEqual(again);
  expect(scene.do(issue)).toEqual(refused("exists", "key k1 exists"));
  expect(scene.machine.keys()).toEqual([{ keyId: "k1", accountId: "ann", canTrade: false, revoked: true }]);
});

test("credits and debits count once for each reference, and debits take free money alone", () => {
  const scene = new Scene();
  const change = { operator, accountId: "ann", currency: "USD", amount: "700000", reference: "x" } as const;
  scene.limit("ann", "buy", 100, 4_000);
  expect(scene.do({ ...change, type: "debit" })).toEqual(refused("insufficient-funds", "Insufficient funds"));
  expect(scene.do({ ...change, type: "debit", amount: "600000" })).toEqual(done);
  expect(scene.do({ ...change, type: "debit", amount: "1" })).toEqual(again);
  expect(scene.do({ ...change, type: "credit" })).toEqual(again);
  expect(scene.money("ann")["USD"]).toEqual([400_000n, 400_000n]);
  expect(scene.do({ ...change, type: "credit", accountId: "bob" })).toEqual(done);
  expect(scene.do({ ...change, type: "credit", currency: "ETH" })).toEqual(refused("not-found", "currency not found"));
  expect(scene.do({ ...change, type: "credit", accountId: "zoe" })).toEqual(refused("not-found", "account not found"));
  expect(scene.do({ ...change, type: "credit", amount: "0" })).toEqual(refused("invalid", "amount must be positive"));
  expect(scene.do({ ...change, type: "credit", reference: "" })).toEqual(refused("invalid", "reference is required"));
  expect(scene.machine.ledger("ann", "USD", { limit: 1 })).toEqual([
    {
      ...{ cursor: 3, currency: "USD", amount: -600_000n, balance: 400_000n, at: scene.at, kind: "transfer" },
      ...{ tradeId: undefined, orderId: undefined, productId: undefined, reference: "x" },
    },
  ]);
});

test("an epoch lifts every sequence above whatever an earlier one can have sent", () => {
  const scene = new Scene();
  scene.limit("ann", "buy", 100, 1);
  expect(scene.machine.product("BTC-USD")!.sequence).toBe(2);
  expect(scene.do({ type: "epoch-start", operator, epoch: 3 })).toEqual(done);
  expect(scene.machine.epoch).toBe(3);
  expect(scene.do({ type: "epoch-start", operator, epoch: 3 })).toEqual(again);
  expect(scene.do({ type: "epoch-start", operator, epoch: 2 })).toEqual(again);
  scene.limit("ann", "buy", 100, 1);
  expect(scene.applied.at(-1)!.events).toMatchObject([{ sequence: 3 * 2 ** 40 + 1 }, { sequence: 3 * 2 ** 40 + 2 }]);
  scene.do({ ...BTC_USD, id: "NEW" });
  expect(scene.machine.product("NEW")!.sequence).toBe(3 * 2 ** 40);
  expect(scene.do({ type: "epoch-start", operator, epoch: 8_001 })).toEqual(
    refused("invalid", "epoch is at most 8000"),
  );
  expect(scene.do({ type: "epoch-start", operator, epoch: 8_000 })).toEqual(done);
  scene.limit("ann", "buy", 100, 1);
  expect(Number.isSafeInteger(scene.machine.product("BTC-USD")!.sequence + 2 ** 40)).toBe(true);
});

test("the audit keeps what operators did, whether it was accepted, and nobody else's commands", () => {
  const scene = new Scene();
  const before = scene.machine.audit({ limit: 100 }).length;
  scene.limit("ann", "buy", 100, 1);
  scene.do({ type: "orders-cancel-all", accountId: "ann" });
  scene.at += 5;
  scene.do({ type: "orders-cancel-all", accountId: "ann", operator: "eve" });
  scene.do({ type: "order-cancel", accountId: "ann", orderId: "o9", operator: "eve" });
  const audit = scene.machine.audit({ limit: 100 });
  expect(audit.length - before).toBe(2);
  expect(audit.slice(0, 2)).toEqual([
    {
      ...{ cursor: before + 2, sequence: scene.sequence, at: scene.at, operator: "eve", accepted: false },
      detail: { type: "order-cancel", accountId: "ann", orderId: "o9", operator: "eve" },
    },
    {
      ...{ cursor: before + 1, sequence: scene.sequence - 1, at: scene.at, operator: "eve", accepted: true },
      detail: { type: "orders-cancel-all", accountId: "ann", operator: "eve" },
    },
  ]);
  expect(scene.machine.audit({ limit: 1, before: 3 }).map(({ cursor }) => cursor)).toEqual([2]);
});
