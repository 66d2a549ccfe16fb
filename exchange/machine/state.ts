/** The machine's state as it lives in memory. Nothing outside `machine/` sees these: reads hand out views, snapshots have their own form. */
import type { OrderPlace, ProductMode, SelfTradePrevention, Side, TimeInForce } from "./commands";
import type { ExpiryQueue } from "./expiry";
import type { FillView, MachineEvent, OrderView } from "./events";
import { AUDIT_KEPT, FRAMES_KEPT } from "./limits";
import { Ring } from "./ring";
import type { AuditView, CurrencyView, KeyView, TradeView } from "./view";

/** Money of one account in one currency, in ledger units. */
export interface Balance {
  balance: bigint;
  hold: bigint;
}

/** A candle while trades may still change it. */
export interface Candle {
  readonly start: number;
  low: number;
  high: number;
  readonly open: number;
  close: number;
  /** Lots, while they are a safe integer; what was before is in `carried`. */
  volume: number;
  carried: bigint;
}

/** One side of one trade, for the account's fills and its ledger both: what a view says follows from it. */
export interface Fill {
  readonly tradeId: number;
  readonly productId: string;
  readonly orderId: string;
  readonly side: Side;
  readonly liquidity: FillView["liquidity"];
  readonly price: number;
  readonly size: number;
  readonly value: bigint;
  readonly fee: bigint;
  readonly at: number;
  /** Number of the fill in the account's list. */
  readonly cursor: number;
  /** Number of its first ledger entry: of the base currency, then the quote currency, then the fee where there is one. */
  readonly entry: number;
  /** Money of the account right after. */
  readonly baseBalance: bigint;
  readonly quoteBalance: bigint;
}

/** Money that came from or went to the outside. `entry`: number in the account's ledger. */
export interface Transfer {
  readonly entry: number;
  readonly currency: string;
  readonly amount: bigint;
  readonly balance: bigint;
  readonly at: number;
  readonly reference: string;
}

/** The orders at one price, oldest first, as a linked list: an order leaves it without a search. */
export interface Level {
  readonly price: number;
  /** Sum of what is left of its orders; always a safe integer, since an order that would exceed it is refused. */
  size: number;
  orders: number;
  head: Order | undefined;
  tail: Order | undefined;
}

/** One side of a book. `levels` is sorted from the worst price to the best, so that what happens most, at the best price, moves nothing. */
export interface BookSide {
  readonly side: Side;
  readonly levels: Level[];
}

/** A product with its book and its history. */
export interface Product {
  readonly id: string;
  readonly base: CurrencyView;
  readonly quote: CurrencyView;
  readonly priceScale: number;
  readonly sizeScale: number;
  readonly minMarketFunds: bigint;
  readonly makerFee: bigint;
  readonly takerFee: bigint;
  /** The larger of the two rates: what a buyer's hold reckons with. */
  readonly holdFee: bigint;
  /** Ledger units of the base currency in a lot. */
  readonly lotUnits: bigint;
  /** Ledger units of the quote currency in a tick times a lot. */
  readonly valueUnits: bigint;
  mode: ProductMode;
  modeSince: number;
  modeReason: string;
  sequence: number;
  readonly buys: BookSide;
  readonly sells: BookSide;
  readonly trades: Ring<TradeView>;
  /** One list for each of `GRANULARITIES`. */
  readonly candles: readonly Ring<Candle>[];
}

/** The dead man's switch of an account. Frozen: it waits for a book and has no deadline. */
export interface Switch {
  timeoutMs: number;
  deadline: number;
  frozen: boolean;
}

/** What an account has in a product. Kept from its first order there on, so that no later one searches for it. */
export interface Stake {
  /** Its money in the base currency; `undefined` while it never had any. */
  base: Balance | undefined;
  /** The same in the quote currency. */
  quote: Balance | undefined;
  /** Open orders, for the limit and the frozen switch. */
  open: number;
}

/** An account. */
export interface Account {
  readonly id: string;
  readonly balances: Map<string, Balance>;
  /** By product id, at most one for each product. */
  readonly stakes: Map<string, Stake>;
  /** Its open orders, a linked list in the order of placement. */
  firstOpen: Order | undefined;
  lastOpen: Order | undefined;
  openCount: number;
  /** Every order that is kept, by the client's id. */
  readonly clientIds: Map<string, Order>;
  /** In the order of closing. */
  closed: Ring<Order>;
  newest: Order | undefined;
  readonly fills: Ring<Fill>;
  readonly ledger: Ring<Fill | Transfer>;
  /** Ledger entries so far; a fill makes two, or three with a fee. */
  entries: number;
  readonly references: Set<string>;
  readonly referenceOrder: Ring<string>;
  cancelAfter: Switch | undefined;
}

/** An order. What `OrderView` says, and its places in the book and in the account. */
export interface Order {
  readonly orderId: string;
  readonly clientOrderId: string | undefined;
  readonly account: Account;
  readonly product: Product;
  readonly side: Side;
  readonly orderType: OrderPlace["orderType"];
  readonly price: number | undefined;
  size: number | undefined;
  funds: bigint | undefined;
  readonly timeInForce: TimeInForce;
  readonly expiresAt: number | undefined;
  readonly postOnly: boolean;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly createdAt: number;
  /** Number of the placement, over all accounts: its priority within a price. */
  readonly placed: number;
  /** Number of the closing, over all accounts; 0 while open. */
  closed: number;
  status: OrderView["status"];
  doneAt: number | undefined;
  doneReason: OrderView["doneReason"];
  rejectReason: string | undefined;
  filledSize: number;
  executedValue: bigint;
  fillFees: bigint;
  /** Sum of value times basis points over its fills: an order's fees are this, rounded up once. */
  feeNumerator: bigint;
  /** Ledger units that are held for what is left of it, while it rests in the book. */
  hold: bigint;
  /** The account's in the product. */
  readonly stake: Stake;
  level: Level | undefined;
  ahead: Order | undefined;
  behind: Order | undefined;
  /** Neighbours among the account's open orders. */
  openBefore: Order | undefined;
  openAfter: Order | undefined;
  /** Neighbours among all that are kept of the account's. */
  older: Order | undefined;
  newer: Order | undefined;
}

/** Everything. */
export interface State {
  sequence: number;
  epoch: number;
  now: number;
  placements: number;
  closings: number;
  /** Entries that were no frame at all. */
  undecodable: number;
  readonly currencies: Map<string, CurrencyView>;
  readonly products: Map<string, Product>;
  readonly accounts: Map<string, Account>;
  readonly keys: Map<string, KeyView>;
  readonly orders: Map<string, Order>;
  readonly fees: Map<string, bigint>;
  readonly audit: Ring<AuditView>;
  readonly frames: Set<string>;
  readonly frameOrder: Ring<string>;
  readonly expiries: ExpiryQueue<Order>;
  /** Accounts whose switch is armed. */
  readonly armed: Map<string, Account>;
}

/** What a command works with: the state, and the events of its frame so far. */
export interface Run {
  readonly state: State;
  readonly events: MachineEvent[];
}

/** The state before the first entry. */
export function emptyState(expiries: ExpiryQueue<Order>): State {
  return {
    sequence: 0,
    epoch: 0,
    now: 0,
    placements: 0,
    closings: 0,
    undecodable: 0,
    currencies: new Map(),
    products: new Map(),
    accounts: new Map(),
    keys: new Map(),
    orders: new Map(),
    fees: new Map(),
    audit: new Ring(AUDIT_KEPT),
    frames: new Set(),
    frameOrder: new Ring(FRAMES_KEPT),
    expiries,
    armed: new Map(),
  };
}

/** Lots of the order that are neither filled nor taken off it; of a market order by funds alone, as many as there may be. */
export function remainingSize(order: Order): number {
  return (order.size ?? Number.MAX_SAFE_INTEGER) - order.filledSize;
}

/** The order as it stands now, for others to keep. Made anew each time: one kept with each order would be most of the memory, and seldom be asked for again. */
export function viewOf(order: Order): OrderView {
  return {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    accountId: order.account.id,
    productId: order.product.id,
    side: order.side,
    orderType: order.orderType,
    price: order.price,
    size: order.size,
    funds: order.funds,
    timeInForce: order.timeInForce,
    expiresAt: order.expiresAt,
    postOnly: order.postOnly,
    selfTradePrevention: order.selfTradePrevention,
    createdAt: order.createdAt,
    status: order.status,
    doneAt: order.doneAt,
    doneReason: order.doneReason,
    rejectReason: order.rejectReason,
    filledSize: order.filledSize,
    executedValue: order.executedValue,
    fillFees: order.fillFees,
  };
}
