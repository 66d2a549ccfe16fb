/** One machine with two accounts and a book, and short ways to speak to it. Prices are ticks of 0.01 USD, sizes lots of 0.01 BTC; a value is price times size in ledger units. */
import type { Command, OrderPlace, ProductCreate } from "../../../exchange/machine/commands";
import type { Applied, MachineEvent, OrderView, Outcome } from "../../../exchange/machine/events";
import { encodeFrame } from "../../../exchange/machine/frame";
import { Machine } from "../../../exchange/machine/machine";

export const operator = "op";
export const BTC_USD: ProductCreate = {
  type: "product-create",
  operator,
  id: "BTC-USD",
  baseCurrency: "BTC",
  quoteCurrency: "USD",
  priceScale: 2,
  sizeScale: 2,
  minMarketFunds: "10",
  makerFeeBasisPoints: 0,
  takerFeeBasisPoints: 0,
};

/** What the orders of these tests have in common. */
export const placed = {
  type: "order-place",
  productId: "BTC-USD",
  orderType: "limit",
  timeInForce: "GTC",
  postOnly: false,
  selfTradePrevention: "dc",
} as const;

export class Scene {
  machine = Machine.empty();
  at = 1_700_000_000_000;
  sequence = 0;
  ids = 0;
  applied: Applied[] = [];

  constructor(product: Partial<ProductCreate> = {}) {
    this.frame(
      { type: "currency-create", operator, id: "USD", name: "US Dollar", scale: 4 },
      { type: "currency-create", operator, id: "BTC", name: "Bitcoin", scale: 2 },
      { ...BTC_USD, ...product },
    );
    for (const accountId of ["ann", "bob"]) {
      this.frame({ type: "account-create", operator, accountId });
      this.fund(accountId, "USD", 1_000_000);
      this.fund(accountId, "BTC", 1_000);
    }
    this.applied = [];
  }

  frame(...commands: Command[]): Outcome[] {
    this.sequence += 1;
    const id = `frame-${this.sequence}`;
    const payload = encodeFrame({ v: 1, id, node: "node-a", at: this.at, commands });
    const applied = this.machine.apply(this.sequence, payload);
    this.applied.push(applied);
    return [...applied.outcomes];
  }
  /** Applies one command. */
  do(command: Command): Outcome {
    return this.frame(command)[0]!;
  }
  fund(accountId: string, currency: string, amount: number): void {
    this.do({ type: "credit", operator, accountId, currency, amount: String(amount), reference: `r${this.sequence}` });
  }
  /** Lets time pass, with a frame. */
  pass(ms: number): readonly MachineEvent[] {
    this.at += ms;
    this.frame({ type: "tick" });
    return this.applied.at(-1)!.events;
  }
  place(accountId: string, side: "buy" | "sell", order: Partial<OrderPlace>): Outcome {
    this.ids += 1;
    return this.do({ ...placed, orderId: `o${this.ids}`, accountId, side, ...order });
  }
  /** Places a limit order that must be taken, and gives it back as it stands. */
  limit(
    accountId: string,
    side: "buy" | "sell",
    price: number,
    size: number,
    more: Partial<OrderPlace> = {},
  ): OrderView {
    return orderOf(this.place(accountId, side, { price, size, ...more }));
  }
  market(accountId: string, side: "buy" | "sell", more: Partial<OrderPlace>): OrderView {
    return orderOf(this.place(accountId, side, { orderType: "market", timeInForce: "IOC", ...more }));
  }
  mode(mode: "full" | "limit-only" | "post-only" | "cancel-only" | "read-only" | "maintenance"): void {
    this.do({ type: "mode-set", operator, productId: "BTC-USD", mode, reason: "drill" });
  }
  order(id: string): OrderView {
    return this.machine.order(id)!;
  }
  /** Levels as `price x size`, best first. */
  book(side: "buy" | "sell"): string[] {
    return this.machine.levels("BTC-USD", side, 100).map(({ price, size }) => `${price} x ${size}`);
  }
  money(accountId: string): Record<string, [balance: bigint, hold: bigint]> {
    return Object.fromEntries(
      this.machine.balances(accountId).map(({ currency, balance, hold }) => [currency, [balance, hold]]),
    );
  }
  /** Events of the last frame, in short. */
  said(): string[] {
    return this.applied.at(-1)!.events.map(inShort);
  }
}

export function orderOf(outcome: Outcome): OrderView {
  if (!outcome.ok || outcome.kind !== "order") throw new Error(`no order: ${JSON.stringify(outcome)}`);
  return outcome.order;
}

function inShort(event: MachineEvent): string {
  switch (event.type) {
    case "received":
      return `received ${event.order.orderId}`;
    case "open":
      return `open ${event.order.orderId} ${event.remainingSize}`;
    case "match":
      return `match ${event.maker.orderId} ${event.taker.orderId} ${event.size} at ${event.price}`;
    case "change":
      return `change ${event.order.orderId} ${event.oldSize} to ${event.newSize}`;
    case "done":
      return `done ${event.order.orderId} ${event.reason} ${event.remainingSize}`;
    case "mode":
      return `mode ${event.mode}`;
    case "product":
      return `product ${event.productId}`;
    case "checkpoint":
      return `checkpoint ${event.node} ${event.atSequence} ${event.hash}`;
    case "cancel-after":
      return `${event.accountId} ${event.state}`;
  }
}
