/** What operators do: currencies, products, accounts, keys, money, modes, epochs. */
import { emptySide } from "./book";
import type {
  AccountCreate,
  BalanceChange,
  CurrencyCreate,
  EpochStart,
  KeyIssue,
  KeyRevoke,
  ModeSet,
  ProductCreate,
} from "./commands";
import type { Outcome } from "./events";
import { availableOf, transfer } from "./ledger";
import * as limits from "./limits";
import { emptyCandles } from "./market";
import { powerOfTen } from "./money";
import { nextSequence } from "./orders";
import { isStill, reject } from "./place";
import { Ring } from "./ring";
import type { Account, Product, Run } from "./state";
import { reviewAllFreezes } from "./switches";
import type { CurrencyView, TradeView } from "./view";

const done: Outcome = { ok: true, kind: "done", duplicate: false };
const doneBefore: Outcome = { ok: true, kind: "done", duplicate: true };

/** Makes a currency. */
export function createCurrency({ state }: Run, { id, name, scale }: CurrencyCreate): Outcome {
  if (state.currencies.has(id)) return reject("exists", `currency ${id} exists`);
  if (state.currencies.size >= limits.CURRENCIES_MAX) return reject("limit", "too many currencies");
  state.currencies.set(id, { id, name, scale });
  return done;
}

/** A product without orders. */
export function newProduct(
  definition: Omit<ProductCreate, "type" | "operator" | "baseCurrency" | "quoteCurrency">,
  base: CurrencyView,
  quote: CurrencyView,
  history?: Pick<Product, "trades" | "candles">,
): Product {
  const { id, priceScale, sizeScale, minMarketFunds } = definition;
  const makerFee = BigInt(definition.makerFeeBasisPoints);
  const takerFee = BigInt(definition.takerFeeBasisPoints);
  return {
    id,
    base,
    quote,
    priceScale,
    sizeScale,
    minMarketFunds: BigInt(minMarketFunds),
    makerFee,
    takerFee,
    holdFee: makerFee > takerFee ? makerFee : takerFee,
    lotUnits: powerOfTen(base.scale - sizeScale),
    valueUnits: powerOfTen(quote.scale - priceScale - sizeScale),
    mode: "full",
    modeSince: 0,
    modeReason: "",
    sequence: 0,
    buys: emptySide("buy"),
    sells: emptySide("sell"),
    trades: history?.trades ?? new Ring<TradeView>(limits.TRADES_KEPT),
    candles: history?.candles ?? emptyCandles(),
  };
}

/** Makes a product, in mode `full`. */
export function createProduct(run: Run, command: ProductCreate): Outcome {
  const { state } = run;
  const { id, priceScale, sizeScale } = command;
  if (state.products.has(id)) return reject("exists", `product ${id} exists`);
  if (state.products.size >= limits.PRODUCTS_MAX) return reject("limit", "too many products");
  const base = state.currencies.get(command.baseCurrency);
  const quote = state.currencies.get(command.quoteCurrency);
  if (base === undefined || quote === undefined) return reject("not-found", "currency not found");
  if (base === quote) return reject("invalid", "base and quote currency are the same");
  if (base.scale < sizeScale) return reject("invalid", `sizeScale is at most the scale of ${base.id}, ${base.scale}`);
  if (quote.scale < priceScale + sizeScale) {
    return reject("invalid", `priceScale + sizeScale is at most the scale of ${quote.id}, ${quote.scale}`);
  }
  const product = newProduct(command, base, quote);
  product.modeSince = state.now;
  product.sequence = state.epoch * limits.EPOCH_SPAN;
  state.products.set(id, product);
  run.events.push({ type: "product", productId: id, at: state.now });
  return done;
}

/** Sets what a book admits. */
export function setMode(run: Run, { productId, mode, reason }: ModeSet): Outcome {
  const { state } = run;
  const product = state.products.get(productId);
  if (product === undefined) return reject("not-found", "Product not found");
  product.mode = mode;
  product.modeSince = state.now;
  product.modeReason = reason;
  run.events.push({ type: "mode", productId, sequence: nextSequence(product), at: state.now, mode, reason });
  if (!isStill(product)) state.expiries.recheck();
  reviewAllFreezes(run);
  return done;
}

/** An account without money. */
export function newAccount(id: string, rings?: Pick<Account, "fills" | "ledger" | "referenceOrder">): Account {
  return {
    id,
    balances: new Map(),
    stakes: new Map(),
    firstOpen: undefined,
    lastOpen: undefined,
    openCount: 0,
    clientIds: new Map(),
    closed: new Ring(limits.CLOSED_ORDERS_KEPT),
    newest: undefined,
    fills: rings?.fills ?? new Ring(limits.FILLS_KEPT),
    ledger: rings?.ledger ?? new Ring(limits.LEDGER_KEPT),
    entries: 0,
    references: new Set(rings?.referenceOrder.toArray()),
    referenceOrder: rings?.referenceOrder ?? new Ring(limits.REFERENCES_KEPT),
    cancelAfter: undefined,
  };
}

/** Makes an account. */
export function createAccount({ state }: Run, { accountId }: AccountCreate): Outcome {
  if (state.accounts.has(accountId)) return reject("exists", `account ${accountId} exists`);
  if (state.accounts.size >= limits.ACCOUNTS_MAX) return reject("limit", "too many accounts");
  state.accounts.set(accountId, newAccount(accountId));
  return done;
}

/** Lets a key speak for an account. */
export function issueKey({ state }: Run, { keyId, accountId, canTrade }: KeyIssue): Outcome {
  if (state.keys.has(keyId)) return reject("exists", `key ${keyId} exists`);
  if (!state.accounts.has(accountId)) return reject("not-found", "account not found");
  if (state.keys.size >= limits.KEYS_MAX) return reject("limit", "too many keys");
  state.keys.set(keyId, { keyId, accountId, canTrade, revoked: false });
  return done;
}

/** Ends a key; ending it again changes nothing. */
export function revokeKey({ state }: Run, { keyId }: KeyRevoke): Outcome {
  const key = state.keys.get(keyId);
  if (key === undefined) return reject("not-found", "key not found");
  if (key.revoked) return doneBefore;
  state.keys.set(keyId, { ...key, revoked: true });
  return done;
}

/** Credits or debits an account, once for each reference. */
export function changeBalance({ state }: Run, command: BalanceChange): Outcome {
  const { accountId, currency, reference } = command;
  const account = state.accounts.get(accountId);
  if (account === undefined) return reject("not-found", "account not found");
  if (!state.currencies.has(currency)) return reject("not-found", "currency not found");
  const amount = BigInt(command.amount);
  if (amount === 0n) return reject("invalid", "amount must be positive");
  if (reference === "") return reject("invalid", "reference is required");
  if (account.references.has(reference)) return doneBefore;
  if (command.type === "debit" && availableOf(account, currency) < amount) {
    return reject("insufficient-funds", "Insufficient funds");
  }
  account.references.add(reference);
  const forgotten = account.referenceOrder.push(reference);
  if (forgotten !== undefined) account.references.delete(forgotten);
  transfer(account, currency, command.type === "debit" ? -amount : amount, state.now, reference);
  return done;
}

/** Starts an epoch. An earlier or equal one changes nothing. */
export function startEpoch({ state }: Run, { epoch }: EpochStart): Outcome {
  if (epoch > limits.EPOCH_MAX) return reject("invalid", `epoch is at most ${limits.EPOCH_MAX}`);
  if (epoch <= state.epoch) return doneBefore;
  state.epoch = epoch;
  for (const product of state.products.values()) product.sequence = epoch * limits.EPOCH_SPAN;
  return done;
}
