/**
 * What clients saw and what nodes hold in the end: the judge's input. Amounts are integers (`bigint`) in any unit that is the same
 * throughout; times are milliseconds of one monotonic clock of the process that ran the clients.
 */

/** An order as an answer showed it. */
export interface SeenOrder {
  readonly orderId: string;
  readonly status: "open" | "done" | "rejected";
  readonly doneReason: "filled" | "canceled" | undefined;
  readonly filledSize: bigint;
}

/**
 * How a call ended. `ok`: with an order, or, of a cancel, done. `not-found`: nothing by this id. `already-done`: of a cancel. `refused`:
 * certainly nothing was done, nothing was learned. `unknown`: anything may have happened, or may still happen.
 */
export type Result =
  | { readonly outcome: "ok"; readonly order?: SeenOrder }
  | { readonly outcome: "not-found" | "already-done" | "refused" | "unknown" };

interface CallBase {
  /** Unique in the history. */
  readonly id: number;
  readonly client: string;
  /** The node that was asked; a restarted one keeps its name. */
  readonly node: string;
  readonly account: string;
  readonly invokedAt: number;
  readonly completedAt: number;
  /** The journal sequence that the answering node had applied, where it said so. */
  readonly sequence?: number;
  /** The answer said of itself that it may be old. */
  readonly stale?: boolean;
}

/** One call about one order, which the client knows by its own id. */
export interface OrderCall extends CallBase {
  readonly kind: "place" | "cancel" | "read";
  readonly clientOrderId: string;
  readonly result: Result;
  /** Of a place: its whole size, and whether it may rest in the book. */
  readonly size?: bigint;
  readonly rests?: boolean;
}

/** A call that cancels all of an account's open orders of one product. */
export interface CancelAllCall extends CallBase {
  readonly kind: "cancel-all";
  readonly product: string;
  readonly result:
    { readonly outcome: "ok"; readonly orderIds: readonly string[] } | { readonly outcome: "refused" | "unknown" };
}

/** One call of one client. */
export type Call = OrderCall | CancelAllCall;

/** One event that a client's stream showed. Across reconnects the client keeps its name and the connection's number rises. */
export interface FeedEvent {
  readonly client: string;
  readonly connection: number;
  readonly node: string;
  readonly product: string;
  readonly sequence: number;
  /** What happened, in a text that is the same wherever the same event is seen. */
  readonly what: string;
  /** The node said when the client came that it may be behind. */
  readonly isStale?: boolean;
}

/** A fill that an account's user stream showed, by push or by the fetch that follows a reconnect. */
export interface SeenFill {
  readonly client: string;
  readonly account: string;
  readonly product: string;
  readonly tradeId: number;
  readonly orderId: string;
  readonly size: bigint;
}

/** An order in a node's final state. `place`: where it stands among all orders, or its sequence: the same number on every node. */
export interface FinalOrder extends SeenOrder {
  readonly account: string;
  readonly clientOrderId: string;
  readonly product: string;
  readonly side: "buy" | "sell";
  readonly size: bigint;
  readonly place: number;
}

/** One side of one trade in a node's ledger. `value` is price times size in units of the quote currency. */
export interface FinalFill {
  readonly account: string;
  readonly product: string;
  readonly tradeId: number;
  readonly orderId: string;
  readonly side: "buy" | "sell";
  readonly size: bigint;
  readonly value: bigint;
  readonly fee: bigint;
}

/** Money of an account in one currency. */
export interface FinalBalance {
  readonly account: string;
  readonly currency: string;
  readonly balance: bigint;
  readonly hold: bigint;
}

/** What one node holds when everything has come to rest. */
export interface NodeState {
  readonly node: string;
  readonly orders: readonly FinalOrder[];
  readonly fills: readonly FinalFill[];
  readonly balances: readonly FinalBalance[];
}

/** Everything the judge is given. */
export interface History {
  readonly calls: readonly Call[];
  readonly events: readonly FeedEvent[];
  /** Fills that streams showed, and the accounts whose streams say that they missed none. */
  readonly seenFills: readonly SeenFill[];
  readonly streamedAccounts: readonly string[];
  readonly products: readonly { readonly id: string; readonly base: string; readonly quote: string }[];
  /** What each account was given. */
  readonly deposits: readonly { readonly account: string; readonly currency: string; readonly amount: bigint }[];
  readonly nodes: readonly NodeState[];
}

/** Something that must not be. `rule` names the kind, `sentence` says what was seen, where and when. */
export interface Finding {
  readonly rule:
    | "acknowledged-lost"
    | "acknowledged-twice"
    | "refused-present"
    | "unexplained-order"
    | "nodes-differ"
    | "unknown-flips"
    | "stale-read"
    | "order-not-linearizable"
    | "cancel-undone"
    | "sequence-back"
    | "event-replayed"
    | "event-differs"
    | "fill-missing"
    | "fill-invented"
    | "money"
    | "undecided";
  readonly sentence: string;
}

/** An order's name in findings and maps: the client's own id is unique only within its account. */
export function orderKey(account: string, clientOrderId: string): string {
  return `${account}/${clientOrderId}`;
}
