/** What can be read from the machine without changing it. The REST surface, the feed and the healths know the machine by this alone. */
import type { ProductMode, Side } from "./commands";
import type { FillView, OrderView } from "./events";

/** A currency. */
export interface CurrencyView {
  readonly id: string;
  readonly name: string;
  readonly scale: number;
}

/** A product with its mode. */
export interface ProductView {
  readonly id: string;
  readonly baseCurrency: string;
  readonly quoteCurrency: string;
  readonly priceScale: number;
  readonly sizeScale: number;
  readonly minMarketFunds: bigint;
  readonly makerFeeBasisPoints: number;
  readonly takerFeeBasisPoints: number;
  readonly mode: ProductMode;
  readonly modeSince: number;
  readonly modeReason: string;
  /** Of the last event of its book, with the epoch in it: `epoch * 2^40 + n`. */
  readonly sequence: number;
}

/** One price of a book: ticks, lots in all, number of orders. */
export interface LevelView {
  readonly price: number;
  readonly size: number;
  readonly orders: number;
}

/** A trade as the public sees it; `side` is the maker's. */
export interface TradeView {
  readonly tradeId: number;
  readonly price: number;
  readonly size: number;
  readonly side: Side;
  readonly at: number;
}

/** A candle: `start` in seconds of the epoch, prices in ticks, volume in lots. */
export interface CandleView {
  readonly start: number;
  readonly low: number;
  readonly high: number;
  readonly open: number;
  readonly close: number;
  readonly volume: bigint;
}

/** The last 24 hours up to the machine's time. `undefined` where nothing was traded. */
export interface StatsView {
  readonly open: number | undefined;
  readonly high: number | undefined;
  readonly low: number | undefined;
  readonly last: number | undefined;
  readonly volume: bigint;
  readonly volume30Days: bigint;
}

/** Money of an account in one currency, in ledger units. `balance = available + hold`. */
export interface BalanceView {
  readonly currency: string;
  readonly balance: bigint;
  readonly hold: bigint;
  readonly available: bigint;
}

/** A change of an account's money, newest last. */
export interface LedgerEntryView {
  readonly cursor: number;
  readonly currency: string;
  readonly amount: bigint;
  readonly balance: bigint;
  readonly at: number;
  readonly kind: "transfer" | "match" | "fee";
  /** Of a trade. */
  readonly tradeId: number | undefined;
  readonly orderId: string | undefined;
  readonly productId: string | undefined;
  /** Of a transfer. */
  readonly reference: string | undefined;
}

/** A key that speaks for an account. */
export interface KeyView {
  readonly keyId: string;
  readonly accountId: string;
  readonly canTrade: boolean;
  readonly revoked: boolean;
}

/** What an operator did. `detail` is the command, which holds no secret. */
export interface AuditView {
  /** Position in the list, for paging. Rises by one. */
  readonly cursor: number;
  /** Of the journal's entry. */
  readonly sequence: number;
  readonly at: number;
  readonly operator: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly accepted: boolean;
}

/** A page of a list that grows at its end: entries with `before > cursor > after`, newest first, at most `limit`. */
export interface Page {
  readonly before?: number;
  readonly after?: number;
  readonly limit: number;
}

/** Which of an account's orders. */
export interface OrderFilter {
  readonly productId?: string;
  readonly statuses: readonly OrderView["status"][];
  readonly limit: number;
  /** Only orders placed before the order with this id. */
  readonly beforeOrderId?: string;
}

/** Reads of the state after the last applied entry. No read copies more than it returns. */
export interface MachineView {
  /** Sequence of the last applied entry; 0 before the first. */
  readonly sequence: number;
  readonly epoch: number;
  /** The machine's time: the largest `at` so far. */
  readonly now: number;
  currencies(): readonly CurrencyView[];
  currency(id: string): CurrencyView | undefined;
  products(): readonly ProductView[];
  product(id: string): ProductView | undefined;
  /** Best price first; at most `depth` levels. */
  levels(productId: string, side: Side, depth: number): LevelView[];
  /** Size at one price, 0 where there is none. */
  levelSize(productId: string, side: Side, price: number): number;
  /** Open orders, best price first, oldest first within a price. */
  openOrders(productId: string, side: Side): OrderView[];
  trades(productId: string, page: Page): TradeView[];
  /** Newest first; `granularity` one of 60, 300, 900, 3600, 21600, 86400 seconds. */
  candles(productId: string, granularity: number): CandleView[];
  stats(productId: string): StatsView;
  hasAccount(accountId: string): boolean;
  accountIds(): readonly string[];
  /** Every currency that the account ever held, and all others with zeros. */
  balances(accountId: string): BalanceView[];
  ledger(accountId: string, currency: string, page: Page): LedgerEntryView[];
  order(orderId: string): OrderView | undefined;
  orderByClientId(accountId: string, clientOrderId: string): OrderView | undefined;
  /** Newest first. */
  orders(accountId: string, filter: OrderFilter): OrderView[];
  openOrderCount(accountId: string): number;
  /** What is held for an open order: ledger units of the quote currency for a buy, of the base currency for a sell. 0 for any other id. */
  holdOf(orderId: string): bigint;
  fills(accountId: string, filter: { productId?: string; orderId?: string }, page: Page): FillView[];
  key(keyId: string): KeyView | undefined;
  keys(): readonly KeyView[];
  audit(page: Page): AuditView[];
  /** When the account's switch cancels; `undefined` while it is frozen, and without one. */
  cancelAfterDeadline(accountId: string): number | undefined;
  /** `frozen`: the account has a switch, which stands still while a book with its orders is not in full mode. */
  cancelAfterState(accountId: string): "armed" | "frozen" | "disarmed";
  /** Money that the exchange itself holds (fees), by currency. */
  feeBalances(): ReadonlyMap<string, bigint>;
  /** Whether any order or switch waits for time to pass: then nodes let the journal's time pass each second. */
  readonly hasTimers: boolean;
}
