/** The state from the bytes that `snapshot-rows.ts` wrote. What follows from something else (the book, holds, counts, the queue of expiries) is made anew. */
import { ExpiryQueue } from "./expiry";
import { stakeOf } from "./ledger";
import * as limits from "./limits";
import { newAccount, newProduct } from "./operators";
import { countOpen, keep, restInBook } from "./orders";
import { Ring } from "./ring";
import { type Row, RowReader, UnknownSnapshot } from "./rows";
import { FRAMES_A_LINE, KIND, VERSION } from "./snapshot-rows";
import type { Account, Candle, Fill, Order, Product, State, Transfer } from "./state";
import { emptyState } from "./state";
import type { AuditView, CurrencyView, KeyView, TradeView } from "./view";

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

/** The state that `snapshotRows` wrote. @throws UnknownSnapshot for anything else. */
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
  reader.rows(currencies, (row) => {
    remember(state.currencies, readCurrency(row));
  });
  reader.rows(products, (row) => {
    remember(state.products, readProduct(reader, row, state));
  });
  reader.rows(fees, (row) => state.fees.set(row.text(), row.big()));
  const known = { currencies: [...state.currencies.values()], products: [...state.products.values()] };
  const closings = new Map<Account, number>();
  reader.rows(accounts, (row) => {
    remember(state.accounts, readAccount(reader, row, known, closings));
  });
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
  const account = row.member(lists.accounts);
  const product = row.member(lists.products);
  // Fields are read in the order in which they stand here.
  return {
    account,
    product,
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
    stake: stakeOf(account, product),
    level: undefined,
    ahead: undefined,
    behind: undefined,
    openBefore: undefined,
    openAfter: undefined,
    older: undefined,
    newer: undefined,
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
