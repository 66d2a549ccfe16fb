/**
 * The state as canonical bytes, and back. Everything is in a fixed order, so that equal states give equal bytes; everything that follows from
 * something else (the book from the open orders, holds, counts, the queue of expiries) is left out and made anew.
 */
import { ExpiryQueue } from "./expiry";
import { volumeOf } from "./market";
import * as limits from "./limits";
import { newAccount, newProduct } from "./operators";
import { countOpen, keep, restInBook } from "./orders";
import { sorted } from "./reads";
import { Ring } from "./ring";
import { type Row, RowReader, RowWriter, UnknownSnapshot } from "./rows";
import type { Account, Candle, Fill, Order, Product, State, Transfer } from "./state";
import { emptyState } from "./state";
import type { AuditView, CurrencyView, KeyView, TradeView } from "./view";

const KIND = "twodoor-machine";
const VERSION = 1;
const FRAMES_A_LINE = 1_000;

const SIDES = ["buy", "sell"] as const;
const TYPES = ["limit", "market"] as const;
const TIMES = ["GTC", "GTT", "IOC", "FOK"] as const;
const PREVENTIONS = ["dc", "co", "cn", "cb"] as const;
const STATUSES = ["open", "done", "rejected"] as const;
const REASONS = ["filled", "canceled"] as const;
const LIQUIDITIES = ["maker", "taker"] as const;
const MODES = ["full", "limit-only", "post-only", "cancel-only", "read-only", "maintenance"] as const;

/** Lists that rows refer to by index. */
interface Lists {
  readonly currencies: readonly CurrencyView[];
  readonly products: readonly Product[];
  readonly accounts: readonly Account[];
}

/** The state's lines as bytes, in pieces that belong together in this order. */
export function snapshotLines(state: State): readonly Uint8Array[] {
  const out = new RowWriter();
  const currencies = sorted(state.currencies);
  const products = sorted(state.products);
  const accounts = sorted(state.accounts);
  const keys = sorted(state.keys);
  const fees = [...state.fees].sort(([one], [other]) => (one < other ? -1 : 1));
  out.add([KIND, VERSION]);
  out.add([state.sequence, state.epoch, state.now, state.placements, state.closings, state.undecodable]);
  out.add([currencies.length, products.length, accounts.length, keys.length, fees.length, state.orders.size]);
  for (const { id, name, scale } of currencies) out.add([id, name, scale]);
  for (const product of products) writeProduct(out, product);
  for (const [currency, amount] of fees) out.add([currency, amount]);
  const currencyIndex = new Map(currencies.map(({ id }, index) => [id, index]));
  const productIndex = new Map(products.map(({ id }, index) => [id, index]));
  for (const account of accounts) writeAccount(out, account, currencyIndex, productIndex);
  for (const { keyId, accountId, canTrade, revoked } of keys) out.add([keyId, accountId, canTrade, revoked]);
  const accountIndex = new Map(accounts.map((account, index) => [account, index]));
  // In the order of placement: orders enter the map so, and leave it without disturbing it.
  for (const order of state.orders.values()) {
    writeOrder(out, order, accountIndex.get(order.account) ?? -1, productIndex.get(order.product.id) ?? -1);
  }
  out.add([state.audit.total, state.audit.length, state.frameOrder.total, state.frameOrder.length]);
  for (const { sequence, at, operator, detail, accepted } of state.audit.toArray()) {
    out.add([sequence, at, operator, JSON.stringify(detail), accepted]);
  }
  const frames = state.frameOrder.toArray();
  for (let from = 0; from < frames.length; from += FRAMES_A_LINE) out.add(frames.slice(from, from + FRAMES_A_LINE));
  return out.finish();
}

function writeProduct(out: RowWriter, product: Product): void {
  const { id, base, quote, priceScale, sizeScale, minMarketFunds, makerFee, takerFee } = product;
  out.add([id, base.id, quote.id, priceScale, sizeScale, minMarketFunds, Number(makerFee), Number(takerFee)]);
  out.add([product.mode, product.modeSince, product.modeReason, product.sequence]);
  out.add([product.trades.total, product.trades.length]);
  for (const { price, size, side, at } of product.trades.toArray()) out.add([price, size, side, at]);
  for (const candles of product.candles) {
    out.add([candles.total, candles.length]);
    for (const candle of candles.toArray()) {
      out.add([candle.start, candle.low, candle.high, candle.open, candle.close, volumeOf(candle)]);
    }
  }
}

function writeAccount(
  out: RowWriter,
  account: Account,
  currencyIndex: ReadonlyMap<string, number>,
  productIndex: ReadonlyMap<string, number>,
): void {
  const { id, balances, closed, fills, ledger, referenceOrder, cancelAfter } = account;
  const money = [...balances].sort(([one], [other]) => (one < other ? -1 : 1));
  out.add([id, money.length, closed.total, cancelAfter?.timeoutMs, cancelAfter?.deadline, cancelAfter?.frozen]);
  for (const [currency, { balance }] of money) out.add([currencyIndex.get(currency), balance]);
  out.add([fills.total, fills.length, ledger.total, ledger.length, account.entries, referenceOrder.total]);
  for (const fill of fills.toArray()) {
    const { tradeId, productId, orderId, side, liquidity, price, size, value, fee, at, entry } = fill;
    const after = [fill.baseBalance, fill.quoteBalance];
    out.add([
      tradeId,
      productIndex.get(productId),
      orderId,
      side,
      liquidity,
      price,
      size,
      value,
      fee,
      at,
      entry,
      ...after,
    ]);
  }
  for (const row of ledger.toArray()) {
    if (!("reference" in row)) {
      // As many fills are kept as rows of the ledger, so a row's fill is always among them.
      out.add([row.cursor]);
      continue;
    }
    const { entry, currency, amount, balance, at, reference } = row;
    out.add([0, entry, currencyIndex.get(currency), amount, balance, at, reference]);
  }
  out.add(referenceOrder.toArray());
}

function writeOrder(out: RowWriter, order: Order, account: number, product: number): void {
  out.add([
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
  ]);
}

/** The state that `snapshotLines` wrote. @throws UnknownSnapshot for anything else. */
export function restoreState(bytes: Uint8Array): State {
  const reader = new RowReader(bytes);
  const head = reader.row();
  if (head.text() !== KIND) throw new UnknownSnapshot("this is no snapshot of the exchange");
  const version = head.int();
  if (version !== VERSION) throw new UnknownSnapshot(`this release reads snapshots of version 1, this is ${version}`);
  const state = emptyState(new ExpiryQueue());
  const counters = reader.row();
  state.sequence = counters.int();
  state.epoch = counters.int();
  state.now = counters.int();
  state.placements = counters.int();
  state.closings = counters.int();
  state.undecodable = counters.int();
  const counts = reader.row();
  const [currencies, products, accounts] = [counts.int(), counts.int(), counts.int()];
  const [keys, fees, orders] = [counts.int(), counts.int(), counts.int()];
  reader.rows(currencies, (row) => remember(state.currencies, readCurrency(row)));
  reader.rows(products, (row) => remember(state.products, readProduct(reader, row, state)));
  reader.rows(fees, (row) => state.fees.set(row.text(), row.big()));
  const known = { currencies: [...state.currencies.values()], products: [...state.products.values()] };
  const closings = new Map<Account, number>();
  reader.rows(accounts, (row) => remember(state.accounts, readAccount(reader, row, known, closings)));
  reader.rows(keys, (row) => {
    const key: KeyView = { keyId: row.text(), accountId: row.text(), canTrade: row.flag(), revoked: row.flag() };
    state.keys.set(key.keyId, key);
  });
  const lists: Lists = { ...known, accounts: [...state.accounts.values()] };
  reinstate(
    state,
    reader.rows(orders, (row) => readOrder(row, lists)),
    closings,
  );
  const restored = readTail(reader, state);
  if (!reader.isAtEnd) throw new UnknownSnapshot("the snapshot goes on after its end");
  return restored;
}

function remember<T extends { readonly id: string }>(map: Map<string, T>, item: T): void {
  map.set(item.id, item);
}

function readCurrency(row: Row): CurrencyView {
  return { id: row.text(), name: row.text(), scale: row.int() };
}

function found<T>(item: T | undefined): T {
  if (item === undefined) throw new UnknownSnapshot("the snapshot names something that is not in it");
  return item;
}

function readProduct(reader: RowReader, row: Row, state: State): Product {
  const id = row.text();
  const base = found(state.currencies.get(row.text()));
  const quote = found(state.currencies.get(row.text()));
  const [priceScale, sizeScale, minMarketFunds] = [row.int(), row.int(), row.text()];
  const [makerFeeBasisPoints, takerFeeBasisPoints] = [row.int(), row.int()];
  const now = reader.row();
  const [mode, modeSince, modeReason, sequence] = [now.word(MODES), now.int(), now.text(), now.int()];
  const counts = reader.row();
  const total = counts.int();
  const kept = counts.int();
  const trades = reader.rows(kept, (trade, index): TradeView => {
    const [price, size, side, at] = [trade.int(), trade.int(), trade.word(SIDES), trade.int()];
    return { tradeId: total - kept + index + 1, price, size, side, at };
  });
  const candles = limits.GRANULARITIES.map(() => {
    const many = reader.row();
    const all = many.int();
    return Ring.restored(limits.CANDLES_KEPT, all, reader.rows(many.int(), readCandle));
  });
  const history = { trades: Ring.restored(limits.TRADES_KEPT, total, trades), candles };
  const definition = { id, priceScale, sizeScale, minMarketFunds, makerFeeBasisPoints, takerFeeBasisPoints };
  return Object.assign(newProduct(definition, base, quote, history), { mode, modeSince, modeReason, sequence });
}

function readCandle(row: Row): Candle {
  const [start, low, high, open, close] = [row.int(), row.int(), row.int(), row.int(), row.int()];
  return { start, low, high, open, close, volume: 0, carried: row.big() };
}

function readAccount(
  reader: RowReader,
  row: Row,
  lists: Omit<Lists, "accounts">,
  closings: Map<Account, number>,
): Account {
  const id = row.text();
  const moneys = row.int();
  const closed = row.int();
  const [timeoutMs, deadline] = [row.maybeInt(), row.maybeInt()];
  const cancelAfter =
    timeoutMs === undefined || deadline === undefined ? undefined : { timeoutMs, deadline, frozen: row.flag() };
  const balances = reader.rows(moneys, (money) => {
    const { id: currency } = money.member(lists.currencies);
    return { currency, balance: money.big() };
  });
  const counts = reader.row();
  const [fillsTotal, fillsKept] = [counts.int(), counts.int()];
  const [ledgerTotal, ledgerKept, entries] = [counts.int(), counts.int(), counts.int()];
  const referencesTotal = counts.int();
  const fills = Ring.restored(
    limits.FILLS_KEPT,
    fillsTotal,
    reader.rows(fillsKept, (fill, index) => readFill(fill, lists, fillsTotal - fillsKept + index + 1)),
  );
  const ledger = reader.rows(ledgerKept, (entry) => readLedgerRow(entry, lists, fills));
  const account = newAccount(id, {
    fills,
    ledger: Ring.restored(limits.LEDGER_KEPT, ledgerTotal, ledger),
    referenceOrder: Ring.restored(limits.REFERENCES_KEPT, referencesTotal, reader.row().texts()),
  });
  for (const { currency, balance } of balances) account.balances.set(currency, { balance, hold: 0n });
  account.cancelAfter = cancelAfter;
  account.entries = entries;
  closings.set(account, closed);
  return account;
}

function readFill(row: Row, lists: Omit<Lists, "accounts">, cursor: number): Fill {
  const tradeId = row.int();
  const { id: productId } = row.member(lists.products);
  const orderId = row.text();
  const [side, liquidity] = [row.word(SIDES), row.word(LIQUIDITIES)];
  const [price, size, value, fee, at, entry] = [row.int(), row.int(), row.big(), row.big(), row.int(), row.int()];
  const after = { baseBalance: row.big(), quoteBalance: row.big() };
  return { tradeId, productId, orderId, side, liquidity, price, size, value, fee, at, cursor, entry, ...after };
}

function readLedgerRow(row: Row, lists: Omit<Lists, "accounts">, fills: Ring<Fill>): Fill | Transfer {
  const cursor = row.int();
  if (cursor > 0) return found(fills.at(cursor));
  const entry = row.int();
  const { id: currency } = row.member(lists.currencies);
  return { entry, currency, amount: row.big(), balance: row.big(), at: row.int(), reference: row.text() };
}

function readOrder(row: Row, lists: Lists): Order {
  // Fields are read in the order in which they stand here.
  return {
    account: row.member(lists.accounts),
    product: row.member(lists.products),
    orderId: row.text(),
    clientOrderId: row.maybeText(),
    side: row.word(SIDES),
    orderType: row.word(TYPES),
    price: row.maybeInt(),
    size: row.maybeInt(),
    funds: row.maybeBig(),
    timeInForce: row.word(TIMES),
    expiresAt: row.maybeInt(),
    postOnly: row.flag(),
    selfTradePrevention: row.word(PREVENTIONS),
    createdAt: row.int(),
    placed: row.int(),
    closed: row.int(),
    status: row.word(STATUSES),
    doneAt: row.maybeInt(),
    doneReason: row.maybeWord(REASONS),
    rejectReason: row.maybeText(),
    filledSize: row.int(),
    executedValue: row.big(),
    fillFees: row.big(),
    feeNumerator: row.big(),
    hold: 0n,
    baseMoney: undefined,
    quoteMoney: undefined,
    level: undefined,
    ahead: undefined,
    behind: undefined,
    older: undefined,
    newer: undefined,
    view: undefined,
  };
}

/** Puts the orders, which come in the order of placement, back where they belong. */
function reinstate(state: State, orders: readonly Order[], closings: ReadonlyMap<Account, number>): void {
  for (const order of orders) {
    keep(state, order);
    if (order.status !== "open") continue;
    countOpen(order);
    restInBook(order, found(order.price));
    if (order.expiresAt !== undefined) state.expiries.add(order);
  }
  const closed = new Map<Account, Order[]>();
  const inOrder = orders.filter((order) => order.closed > 0).sort((one, other) => one.closed - other.closed);
  for (const order of inOrder) {
    const list = closed.get(order.account);
    if (list === undefined) closed.set(order.account, [order]);
    else list.push(order);
  }
  for (const account of state.accounts.values()) {
    account.closed = Ring.restored(limits.CLOSED_ORDERS_KEPT, closings.get(account) ?? 0, closed.get(account) ?? []);
    if (account.cancelAfter !== undefined) state.armed.set(account.id, account);
  }
}

function readTail(reader: RowReader, state: State): State {
  const counts = reader.row();
  const [auditTotal, auditKept, framesTotal, framesKept] = [counts.int(), counts.int(), counts.int(), counts.int()];
  const audit = reader.rows(auditKept, (row, index): AuditView => {
    const [sequence, at, operator, detail] = [row.int(), row.int(), row.text(), row.text()];
    const cursor = auditTotal - auditKept + index + 1;
    return { cursor, sequence, at, operator, detail: readDetail(detail), accepted: row.flag() };
  });
  const lines = reader.rows(Math.ceil(framesKept / FRAMES_A_LINE), (row) => row.texts());
  const frames = lines.flat();
  return {
    ...state,
    audit: Ring.restored(limits.AUDIT_KEPT, auditTotal, audit),
    frameOrder: Ring.restored(limits.FRAMES_KEPT, framesTotal, frames),
    frames: new Set(frames),
  };
}

function readDetail(text: string): Record<string, unknown> {
  const detail: unknown = JSON.parse(text);
  if (typeof detail !== "object" || detail === null) throw new UnknownSnapshot("an entry of the audit is no object");
  return { ...detail };
}
