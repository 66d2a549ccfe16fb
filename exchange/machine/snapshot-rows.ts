/**
 * The state as lines of a snapshot. Everything is in a fixed order, so that equal states give equal lines; everything that follows from
 * something else (the book from the open orders, holds, counts, the queue of expiries) is left out. Lines are made one by one, as they are
 * asked for, so that whoever writes them down can let others have their turn in between.
 */
import { volumeOf } from "./market";
import { sorted } from "./reads";
import type { Cell } from "./rows";
import type { Account, Order, Product, State } from "./state";

/** What each snapshot begins with. */
export const KIND = "twodoor-machine";
/** Layout of the lines. */
export const VERSION = 1;
/** Frame ids of one line. */
export const FRAMES_A_LINE = 1_000;

/** A line; `undefined` for a piece of work that gives none. */
type Step = readonly Cell[] | undefined;

/** The state's lines, in their order. Nothing may change it until the last one has come. */
export function* snapshotRows(state: State): Generator<Step, void> {
  const currencies = sorted(state.currencies);
  const products = sorted(state.products);
  const accounts = yield* sortedInSteps(state.accounts, ({ id }) => id);
  const keys = yield* sortedInSteps(state.keys, ({ keyId }) => keyId);
  const fees = [...state.fees].sort(([one], [other]) => (one < other ? -1 : 1));
  yield [KIND, VERSION];
  yield [state.sequence, state.epoch, state.now, state.placements, state.closings, state.undecodable];
  yield [currencies.length, products.length, accounts.length, keys.length, fees.length, state.orders.size];
  for (const { id, name, scale } of currencies) yield [id, name, scale];
  for (const product of products) yield* productRows(product);
  yield* fees;
  const currencyIndex = new Map(currencies.map(({ id }, index) => [id, index]));
  const productIndex = new Map(products.map(({ id }, index) => [id, index]));
  const accountIndex = new Map<Account, number>();
  for (const account of accounts) {
    accountIndex.set(account, accountIndex.size);
    yield* accountRows(account, currencyIndex, productIndex);
  }
  for (const { keyId, accountId, canTrade, revoked } of keys) yield [keyId, accountId, canTrade, revoked];
  // In the order of placement: orders enter the map so, and leave it without disturbing it.
  for (const order of state.orders.values()) {
    yield orderRow(order, accountIndex.get(order.account) ?? -1, productIndex.get(order.product.id) ?? -1);
  }
  yield [state.audit.total, state.audit.length, state.frameOrder.total, state.frameOrder.length];
  for (const { sequence, at, operator, detail, accepted } of state.audit.toArray()) {
    yield [sequence, at, operator, JSON.stringify(detail), accepted];
  }
  const frames = state.frameOrder.toArray();
  for (let from = 0; from < frames.length; from += FRAMES_A_LINE) yield frames.slice(from, from + FRAMES_A_LINE);
}

function* productRows(product: Product): Generator<Step, void> {
  const { id, base, quote, priceScale, sizeScale, minMarketFunds, makerFee, takerFee } = product;
  yield [id, base.id, quote.id, priceScale, sizeScale, minMarketFunds, Number(makerFee), Number(takerFee)];
  yield [product.mode, product.modeSince, product.modeReason, product.sequence];
  yield [product.trades.total, product.trades.length];
  for (const { price, size, side, at } of product.trades.toArray()) yield [price, size, side, at];
  for (const candles of product.candles) {
    yield [candles.total, candles.length];
    for (const candle of candles.toArray()) {
      yield [candle.start, candle.low, candle.high, candle.open, candle.close, volumeOf(candle)];
    }
  }
}

function* accountRows(
  account: Account,
  currencyIndex: ReadonlyMap<string, number>,
  productIndex: ReadonlyMap<string, number>,
): Generator<Step, void> {
  const { id, balances, closed, fills, ledger, referenceOrder, cancelAfter } = account;
  const money = [...balances].sort(([one], [other]) => (one < other ? -1 : 1));
  yield [id, money.length, closed.total, cancelAfter?.timeoutMs, cancelAfter?.deadline, cancelAfter?.frozen];
  for (const [currency, { balance }] of money) yield [currencyIndex.get(currency), balance];
  yield [fills.total, fills.length, ledger.total, ledger.length, account.entries, referenceOrder.total];
  for (const fill of fills.toArray()) {
    const { tradeId, productId, orderId, side, liquidity, price, size, value, fee, at, entry } = fill;
    const { baseBalance, quoteBalance } = fill;
    const product = productIndex.get(productId);
    yield [tradeId, product, orderId, side, liquidity, price, size, value, fee, at, entry, baseBalance, quoteBalance];
  }
  for (const row of ledger.toArray()) {
    if (!("reference" in row)) {
      // As many fills are kept as rows of the ledger, so a row's fill is always among them.
      yield [row.cursor];
      continue;
    }
    const { entry, currency, amount, balance, at, reference } = row;
    yield [0, entry, currencyIndex.get(currency), amount, balance, at, reference];
  }
  yield referenceOrder.toArray();
}

function orderRow(order: Order, account: number, product: number): Step {
  return [
    account,
    product,
    order.orderId,
    order.clientOrderId,
    order.side,
    order.orderType,
    order.price,
    order.size,
    order.funds,
    order.timeInForce,
    order.expiresAt,
    order.postOnly,
    order.selfTradePrevention,
    order.createdAt,
    order.placed,
    order.closed,
    order.status,
    order.doneAt,
    order.doneReason,
    order.rejectReason,
    order.filledSize,
    order.executedValue,
    order.fillFees,
    order.feeNumerator,
  ];
}

/** Entries sorted at once, and merged in one step: one millisecond or two. */
const SORT_STEP = 2_048;

/** The values sorted by their id, with a step of nothing now and then: a hundred thousand at once would take a tenth of a second. */
function* sortedInSteps<T>(map: ReadonlyMap<string, T>, idOf: (item: T) => string): Generator<Step, T[]> {
  const before = (one: T, other: T): number => (idOf(one) < idOf(other) ? -1 : 1);
  const all = [...map.values()];
  let runs: T[][] = [];
  for (let from = 0; from < all.length; from += SORT_STEP) {
    runs.push(all.slice(from, from + SORT_STEP).sort(before));
    yield undefined;
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let index = 0; index < runs.length; index += 2)
      merged.push(yield* mergedInSteps(runs[index] ?? [], runs[index + 1] ?? [], idOf));
    runs = merged;
  }
  return runs[0] ?? [];
}

function* mergedInSteps<T>(left: readonly T[], right: readonly T[], idOf: (item: T) => string): Generator<Step, T[]> {
  const found: T[] = [];
  let [one, other] = [left[0], right[0]];
  let [at, otherAt] = [0, 0];
  while (one !== undefined || other !== undefined) {
    if (one !== undefined && (other === undefined || idOf(one) < idOf(other))) {
      found.push(one);
      at += 1;
      one = left[at];
    } else if (other !== undefined) {
      found.push(other);
      otherAt += 1;
      other = right[otherAt];
    }
    if (found.length % SORT_STEP === 0) yield undefined;
  }
  return found;
}
