/** What applying a command did: its outcome for whoever sent it, and the events that feeds publish. */
import type { ProductMode, SelfTradePrevention, Side, TimeInForce } from "./commands";

/** An order as it stands. Integers as in `commands.ts`; `bigint` amounts are ledger units of the quote currency. */
export interface OrderView {
  readonly orderId: string;
  readonly clientOrderId: string | undefined;
  readonly accountId: string;
  readonly productId: string;
  readonly side: Side;
  readonly orderType: "limit" | "market";
  readonly price: number | undefined;
  readonly size: number | undefined;
  readonly funds: bigint | undefined;
  readonly timeInForce: TimeInForce;
  readonly expiresAt: number | undefined;
  readonly postOnly: boolean;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly createdAt: number;
  readonly status: "open" | "done" | "rejected";
  readonly doneAt: number | undefined;
  readonly doneReason: "filled" | "canceled" | undefined;
  /** Of a rejected order, such as a post-only one that would have traded. */
  readonly rejectReason: string | undefined;
  readonly filledSize: number;
  readonly executedValue: bigint;
  readonly fillFees: bigint;
}

/** One side of one trade. */
export interface FillView {
  readonly tradeId: number;
  readonly productId: string;
  readonly orderId: string;
  readonly accountId: string;
  readonly side: Side;
  readonly liquidity: "maker" | "taker";
  readonly price: number;
  readonly size: number;
  readonly fee: bigint;
  readonly at: number;
  /** Position in the account's list, for paging. Rises by one. */
  readonly cursor: number;
}

/** Why a command changed nothing. The message is the exchange's own text, as clients of Coinbase Exchange know it. */
export interface Rejection {
  readonly ok: false;
  readonly code: "invalid" | "not-found" | "insufficient-funds" | "mode" | "limit" | "exists" | "already-done";
  readonly message: string;
}

/** What a command did. */
export type Outcome =
  | { readonly ok: true; readonly kind: "order"; readonly order: OrderView; readonly duplicate: boolean }
  | { readonly ok: true; readonly kind: "cancelled"; readonly orderIds: readonly string[] }
  | { readonly ok: true; readonly kind: "done"; readonly duplicate: boolean }
  | Rejection;

interface BookEvent {
  readonly productId: string;
  /** The product's sequence, with the epoch in it. Rises by one with each event of the product within an epoch. */
  readonly sequence: number;
  readonly at: number;
}

/** Events in the order in which they happened. Those of a book carry its sequence. */
export type MachineEvent =
  | (BookEvent & { readonly type: "received"; readonly order: OrderView })
  | (BookEvent & { readonly type: "open"; readonly order: OrderView; readonly remainingSize: number })
  | (BookEvent & {
      readonly type: "match";
      readonly tradeId: number;
      /** The maker's. */
      readonly side: Side;
      readonly price: number;
      readonly size: number;
      readonly maker: OrderView;
      readonly taker: OrderView;
      readonly makerFee: bigint;
      readonly takerFee: bigint;
    })
  | (BookEvent & {
      readonly type: "change";
      readonly order: OrderView;
      readonly oldSize: number;
      readonly newSize: number;
    })
  | (BookEvent & {
      readonly type: "done";
      readonly order: OrderView;
      readonly reason: "filled" | "canceled";
      readonly remainingSize: number;
    })
  | (BookEvent & { readonly type: "mode"; readonly mode: ProductMode; readonly reason: string })
  | { readonly type: "product"; readonly productId: string; readonly at: number }
  | {
      /** What a node says its state hashes to; others compare it with theirs. */
      readonly type: "checkpoint";
      readonly node: string;
      readonly atSequence: number;
      readonly hash: string;
      readonly at: number;
    }
  | {
      readonly type: "cancel-after";
      readonly accountId: string;
      readonly at: number;
      readonly state: "armed" | "disarmed" | "fired" | "frozen";
    };

/** What one frame did. `outcomes[i]` belongs to `commands[i]`; a frame that was applied before has no outcomes and `duplicate`; bytes that are no frame have an empty id. */
export interface Applied {
  readonly sequence: number;
  readonly frameId: string;
  readonly duplicate: boolean;
  readonly outcomes: readonly Outcome[];
  readonly events: readonly MachineEvent[];
  /** The node that wrote the frame; empty for bytes that are no frame. */
  readonly node: string;
  /** That node's clock when it wrote the frame; 0 for bytes that are no frame. */
  readonly at: number;
}
