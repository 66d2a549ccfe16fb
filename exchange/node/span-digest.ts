/**
 * What a span of entries did, as one digest that grows with each: outcomes, events, and at some entries the balances of an account that they
 * touched. It costs about as much as writing a line for each event, and no walk over the state. Every node that applied the whole span the same way has
 * the same digest; each span begins anew, so that a node needs nothing of the past to take part.
 */
import { type Hash, createHash } from "node:crypto";
import type { Applied, MachineEvent, OrderView, Outcome } from "../machine/events";
import type { Machine } from "../machine/machine";

/** Entries of one span; it ends at multiples of this. */
export const CHECKPOINT_EVERY = 1_000;
/** So often in a span the balances of the account that was touched last are taken in: each time would cost more than the orders. */
const SAMPLES = 10;
/** Changes with what the digest takes in: nodes of another release are not compared then. */
const VERSION = "1";
/** Text is hashed once it is so long. */
const TEXT_MAX = 16_384;

/** The digests of one node. */
export class SpanDigest {
  readonly #machine: Pick<Machine, "balances" | "feeBalances">;
  readonly #every: number;
  #hash: Hash | undefined;
  #text = "";
  #touched = "";
  #next = 0;

  /** @param every - entries of a span: a multiple of 10. */
  constructor(machine: Pick<Machine, "balances" | "feeBalances">, every = CHECKPOINT_EVERY) {
    this.#machine = machine;
    this.#every = every;
  }

  /**
   * To be called after each entry.
   *
   * @returns `VERSION:SHA-256` in hexadecimal at the last entry of a span that this node has applied from its first on.
   */
  add(applied: Applied): string | undefined {
    const { sequence } = applied;
    if (sequence !== this.#next) this.#hash = undefined;
    this.#next = sequence + 1;
    if ((sequence - 1) % this.#every === 0) this.#begin();
    if (this.#hash === undefined) return undefined;
    this.#takeIn(applied);
    if (sequence % (this.#every / SAMPLES) === 0) this.#sample();
    if (this.#text.length >= TEXT_MAX) this.#flush();
    return sequence % this.#every === 0 ? this.#end() : undefined;
  }

  #begin(): void {
    this.#hash = createHash("sha256");
    this.#text = "";
    this.#touched = "";
  }

  #takeIn({ sequence, frameId, duplicate, outcomes, events }: Applied): void {
    this.#text += `${String(sequence)} ${frameId}${duplicate ? " again" : ""}\n`;
    for (const outcome of outcomes) this.#text += outcomeLine(outcome);
    for (const event of events) {
      this.#text += eventLine(event);
      if ("order" in event) this.#touched = event.order.accountId;
      else if (event.type === "match") this.#touched = event.maker.accountId;
    }
  }

  #sample(): void {
    if (this.#touched === "") return;
    for (const { currency, balance, hold } of this.#machine.balances(this.#touched)) {
      if (balance !== 0n) this.#text += `$ ${currency} ${String(balance)} ${String(hold)}\n`;
    }
  }

  #flush(): void {
    this.#hash?.update(this.#text);
    this.#text = "";
  }

  #end(): string | undefined {
    for (const [currency, amount] of this.#machine.feeBalances()) this.#text += `% ${currency} ${String(amount)}\n`;
    this.#flush();
    const digest = this.#hash?.digest("hex");
    this.#hash = undefined;
    return digest === undefined ? undefined : `${VERSION}:${digest}`;
  }
}

function orderText({ orderId, status, filledSize, executedValue, fillFees }: OrderView): string {
  return `${orderId} ${status} ${String(filledSize)} ${String(executedValue)} ${String(fillFees)}`;
}

/** No messages: a better wording must not make releases differ. */
function outcomeLine(outcome: Outcome): string {
  if (!outcome.ok) return `! ${outcome.code}\n`;
  switch (outcome.kind) {
    case "order":
      return `= ${orderText(outcome.order)}${outcome.duplicate ? " again" : ""}\n`;
    case "cancelled":
      return `- ${outcome.orderIds.join(" ")}\n`;
    case "done":
      return outcome.duplicate ? ". again\n" : ".\n";
  }
}

function eventLine(event: MachineEvent): string {
  const when = `${event.type} ${String(event.at)}`;
  const head = "sequence" in event ? `${when} ${event.productId} ${String(event.sequence)}` : when;
  switch (event.type) {
    case "received": {
      const { orderId, accountId, side, price, size, funds } = event.order;
      return `${head} ${orderId} ${accountId} ${side} ${String(price)} ${String(size)} ${String(funds)}\n`;
    }
    case "open":
      return `${head} ${event.order.orderId} ${String(event.remainingSize)}\n`;
    case "match": {
      const { tradeId, side, price, size, maker, taker, makerFee, takerFee } = event;
      const trade = `${String(tradeId)} ${side} ${String(price)} ${String(size)} ${String(makerFee)} ${String(takerFee)}`;
      return `${head} ${trade} ${maker.orderId} ${taker.orderId}\n`;
    }
    case "change":
      return `${head} ${event.order.orderId} ${String(event.oldSize)} ${String(event.newSize)}\n`;
    case "done":
      return `${head} ${orderText(event.order)} ${event.reason} ${String(event.remainingSize)}\n`;
    case "mode":
      return `${head} ${event.mode}\n`;
    case "product":
      return `${head} ${event.productId}\n`;
    case "checkpoint":
      return `${head} ${String(event.atSequence)}\n`;
    case "cancel-after":
      return `${head} ${event.accountId} ${event.state}\n`;
  }
}
