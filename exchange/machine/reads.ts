/** Reads of the state, for `Machine`. */
import { levelAt, sideOf } from "./book";
import { openOrdersOf } from "./orders";
import type { Side } from "./commands";
import type { FillView, OrderView } from "./events";
import type { Fill, Order, Product, State, Transfer } from "./state";
import { viewOf } from "./state";
import type { BalanceView, LedgerEntryView, LevelView, OrderFilter, Page, ProductView, StatsView } from "./view";

/** Of a product that there is not. */
export const NO_STATS: StatsView = {
  open: undefined,
  high: undefined,
  low: undefined,
  last: undefined,
  volume: 0n,
  volume30Days: 0n,
};

/** The values by their keys, which are compared by code unit: no locale of a node may matter. */
export function sorted<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
}

/** A product as others see it. */
export function productView(product: Product): ProductView {
  return {
    id: product.id,
    baseCurrency: product.base.id,
    quoteCurrency: product.quote.id,
    priceScale: product.priceScale,
    sizeScale: product.sizeScale,
    minMarketFunds: product.minMarketFunds,
    makerFeeBasisPoints: Number(product.makerFee),
    takerFeeBasisPoints: Number(product.takerFee),
    mode: product.mode,
    modeSince: product.modeSince,
    modeReason: product.modeReason,
    sequence: product.sequence,
  };
}

/** The best `depth` levels, best first. */
export function levels(product: Product | undefined, side: Side, depth: number): LevelView[] {
  if (product === undefined) return [];
  const all = sideOf(product, side).levels;
  const best = all.slice(Math.max(0, all.length - Math.max(0, depth))).reverse();
  return best.map(({ price, size, orders }) => ({ price, size, orders }));
}

/** Lots at a price. */
export function levelSize(product: Product | undefined, side: Side, price: number): number {
  return product === undefined ? 0 : (levelAt(sideOf(product, side), price)?.size ?? 0);
}

/** Every order of one side, best price first. */
export function openOrders(product: Product | undefined, side: Side): OrderView[] {
  const found: OrderView[] = [];
  if (product === undefined) return found;
  const all = sideOf(product, side).levels;
  for (let at = all.length - 1; at >= 0; at -= 1) {
    for (let order = all[at]?.head; order !== undefined; order = order.behind) found.push(viewOf(order));
  }
  return found;
}

/** Money in every currency, by the currency's id. */
export function balances(state: State, accountId: string): BalanceView[] {
  const account = state.accounts.get(accountId);
  if (account === undefined) return [];
  return sorted(state.currencies).map(({ id }) => {
    const { balance, hold } = account.balances.get(id) ?? { balance: 0n, hold: 0n };
    return { currency: id, balance, hold, available: balance - hold };
  });
}

/** The order's view, where there is an order. */
export function viewIf(order: Order | undefined): OrderView | undefined {
  return order === undefined ? undefined : viewOf(order);
}

/** An account's orders, the one placed last first. */
export function orders(state: State, accountId: string, filter: OrderFilter): OrderView[] {
  const account = state.accounts.get(accountId);
  const found: OrderView[] = [];
  if (account === undefined) return found;
  const start = filter.beforeOrderId === undefined ? undefined : state.orders.get(filter.beforeOrderId);
  // An order that is forgotten, or never was, or somebody else's: there is nothing before it that this account could be shown.
  if (filter.beforeOrderId !== undefined && start?.account !== account) return found;
  const accepts = (order: Order): boolean =>
    filter.statuses.includes(order.status) && (filter.productId === undefined || filter.productId === order.product.id);
  // Open orders alone have a list of their own, which is short: the other one may have 10,000 closed ones on the way.
  if (filter.statuses.every((status) => status === "open")) {
    const open = openOrdersOf(account).reverse();
    const before = open.filter((order) => accepts(order) && (start === undefined || order.placed < start.placed));
    return before.slice(0, filter.limit).map(viewOf);
  }
  let order = start === undefined ? account.newest : start.older;
  for (; order !== undefined && found.length < filter.limit; order = order.older) {
    if (accepts(order)) found.push(viewOf(order));
  }
  return found;
}

/** An account's ledger in one currency, newest first: a fill is an entry in each of its currencies, and one for its fee. */
export function ledger(state: State, accountId: string, currency: string, page: Page): LedgerEntryView[] {
  const found: LedgerEntryView[] = [];
  const rows = state.accounts.get(accountId)?.ledger;
  const [after, before] = [page.after ?? 0, page.before ?? Infinity];
  for (let number = rows?.total ?? 0; found.length < page.limit; number -= 1) {
    const row = rows?.at(number);
    if (row === undefined || row.entry + 2 <= after) break;
    if (row.entry >= before) continue;
    for (const entry of entriesOf(state, row)) {
      const fits = entry.currency === currency && entry.cursor > after && entry.cursor < before;
      if (fits && found.length < page.limit) found.push(entry);
    }
  }
  return found;
}

/** The entries of a row, newest first. */
function entriesOf(state: State, row: Fill | Transfer): LedgerEntryView[] {
  if ("reference" in row) {
    const { entry, currency, amount, balance, at, reference } = row;
    const none = { tradeId: undefined, orderId: undefined, productId: undefined };
    return [{ cursor: entry, currency, amount, balance, at, kind: "transfer", ...none, reference }];
  }
  const product = state.products.get(row.productId);
  if (product === undefined) return [];
  const { entry, side, size, value, fee, at, baseBalance, quoteBalance, tradeId, orderId, productId } = row;
  const about = { tradeId, orderId, productId, reference: undefined };
  const [base, quote] = [product.base.id, product.quote.id];
  const lots = BigInt(size) * product.lotUnits;
  const [bought, paid] = side === "buy" ? [lots, -value] : [-lots, value];
  const match = { at, kind: "match" as const, ...about };
  const entries: LedgerEntryView[] = [
    { cursor: entry + 1, currency: quote, amount: paid, balance: quoteBalance + fee, ...match },
    { cursor: entry, currency: base, amount: bought, balance: baseBalance, ...match },
  ];
  if (fee === 0n) return entries;
  const charged = { cursor: entry + 2, currency: quote, amount: -fee, balance: quoteBalance };
  return [{ ...charged, at, kind: "fee", ...about }, ...entries];
}

/** An account's fills, newest first. */
export function fills(
  state: State,
  accountId: string,
  filter: { productId?: string; orderId?: string },
  page: Page,
): FillView[] {
  const { productId, orderId } = filter;
  const accepts = (fill: Fill): boolean =>
    (productId === undefined || fill.productId === productId) && (orderId === undefined || fill.orderId === orderId);
  return (state.accounts.get(accountId)?.fills.page(page, accepts) ?? []).map((fill) => ({
    tradeId: fill.tradeId,
    productId: fill.productId,
    orderId: fill.orderId,
    accountId,
    side: fill.side,
    liquidity: fill.liquidity,
    price: fill.price,
    size: fill.size,
    fee: fill.fee,
    at: fill.at,
    cursor: fill.cursor,
  }));
}
