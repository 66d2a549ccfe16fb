/**
 * The commands of the exchange: everything that changes its state, as it stands in the journal. Integers only: prices in ticks
 * (`10^-priceScale` of the quote currency), sizes in lots (`10^-sizeScale` of the base currency), amounts in ledger units
 * (`10^-scale` of their currency) as strings of digits, times in milliseconds of the Unix epoch. Time and ids come with the command;
 * the machine has neither a clock nor chance.
 */

/** What a book admits. `full`: everything; `limit-only`: no market orders; `post-only`: nothing that would trade; `cancel-only`: no new orders; `read-only`: neither orders nor cancels; `maintenance`: like `read-only`, and announced as such. */
export type ProductMode = "full" | "limit-only" | "post-only" | "cancel-only" | "read-only" | "maintenance";
/** Side of an order. */
export type Side = "buy" | "sell";
/** How long an order stands: until cancelled, until a time, what trades at once, or all of it at once. */
export type TimeInForce = "GTC" | "GTT" | "IOC" | "FOK";
/** What happens when an account would trade with itself: decrease both and cancel the smaller, cancel the oldest, the newest, or both. */
export type SelfTradePrevention = "dc" | "co" | "cn" | "cb";

/** A currency that accounts can hold. `scale`: decimals of a ledger unit, 0 to 18. */
export interface CurrencyCreate {
  type: "currency-create";
  operator: string;
  id: string;
  name: string;
  scale: number;
}

/**
 * A pair that can be traded. `priceScale` and `sizeScale` are decimals of a tick and of a lot; the base's scale must be at least `sizeScale`, the quote's at least
 * `priceScale + sizeScale`, so that no value is ever rounded. Fees are in basis points of the value, rounded up to a ledger unit.
 */
export interface ProductCreate {
  type: "product-create";
  operator: string;
  id: string;
  baseCurrency: string;
  quoteCurrency: string;
  priceScale: number;
  sizeScale: number;
  /** Smallest value of an order, in ledger units of the quote currency. */
  minMarketFunds: string;
  makerFeeBasisPoints: number;
  takerFeeBasisPoints: number;
}

/** What a book admits from here on. */
export interface ModeSet {
  type: "mode-set";
  operator: string;
  productId: string;
  mode: ProductMode;
  reason: string;
}

/** A customer's account (a profile, in Coinbase's words): balances in every currency, orders, keys. */
export interface AccountCreate {
  type: "account-create";
  operator: string;
  accountId: string;
}

/** Lets a key speak for an account. The secret is not here: nodes derive it (see `node/api-keys.ts`). */
export interface KeyIssue {
  type: "key-issue";
  operator: string;
  keyId: string;
  accountId: string;
  /** What the key may do. `view` is always included. */
  canTrade: boolean;
}

/** Ends a key for good. */
export interface KeyRevoke {
  type: "key-revoke";
  operator: string;
  keyId: string;
}

/** Puts money into an account, or takes free money out of it. `amount`: ledger units, positive. `reference` is unique for each account: the same one again changes nothing and is answered with the first. */
export interface BalanceChange {
  type: "credit" | "debit";
  operator: string;
  accountId: string;
  currency: string;
  amount: string;
  reference: string;
}

/** A new order. */
export interface OrderPlace {
  type: "order-place";
  /** UUID, made by the node that took the order. */
  orderId: string;
  accountId: string;
  productId: string;
  /** The client's own id, unique for each account; the duplicate is answered with the original. */
  clientOrderId?: string;
  side: Side;
  orderType: "limit" | "market";
  /** Ticks; of a limit order. */
  price?: number;
  /** Lots; of a limit order, and of a market order without `funds`. */
  size?: number;
  /** Ledger units of the quote currency, fee included; of a market order without `size`. */
  funds?: string;
  timeInForce: TimeInForce;
  /** Milliseconds of the epoch; of GTT. */
  expiresAt?: number;
  postOnly: boolean;
  selfTradePrevention: SelfTradePrevention;
}

/** Cancels one order of the account, by either id. `productId`, where given, must be the order's. `operator` where one does it for the account. */
export interface OrderCancel {
  type: "order-cancel";
  accountId: string;
  orderId?: string;
  clientOrderId?: string;
  productId?: string;
  operator?: string;
}

/** Cancels the account's open orders, of one product or of all. */
export interface OrdersCancelAll {
  type: "orders-cancel-all";
  accountId: string;
  productId?: string;
  operator?: string;
}

/** The dead man's switch: unless said again within `timeoutMs`, the account's orders are cancelled. 0 disarms it. */
export interface CancelAfter {
  type: "cancel-after";
  accountId: string;
  timeoutMs: number;
}

/** Lets time pass: the frame's `at` is all it says. */
export interface Tick {
  type: "tick";
}

/** Starts a new epoch: every sequence continues above anything that an earlier epoch can have sent. A lower or equal one changes nothing. */
export interface EpochStart {
  type: "epoch-start";
  operator: string;
  epoch: number;
}

/** A node's hash of the state after the entry `atSequence`. Nodes compare it with their own; the state does not change. */
export interface Checkpoint {
  type: "checkpoint";
  atSequence: number;
  hash: string;
}

/** Every command of version 1. */
export type Command =
  | CurrencyCreate
  | ProductCreate
  | ModeSet
  | AccountCreate
  | KeyIssue
  | KeyRevoke
  | BalanceChange
  | OrderPlace
  | OrderCancel
  | OrdersCancelAll
  | CancelAfter
  | Tick
  | EpochStart
  | Checkpoint;

/** One entry of the journal: commands of one node that were waiting together. The same `id` again is the same frame again and changes nothing. */
export interface Frame {
  v: 1;
  /** UUID; also the journal's de-duplication id. */
  id: string;
  /** Name of the node that wrote it, for operators. */
  node: string;
  /** The node's clock when it wrote the frame. The machine's time is the largest so far: it never goes back. */
  at: number;
  commands: Command[];
}
