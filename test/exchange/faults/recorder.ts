/** Sends orders, cancels and reads to nodes, and writes down what came back in the judge's words. Every order has a client id. */
import type { Answer, Client, NoAnswer } from "../support/client";
import { sandboxKey } from "../support/client";
import type { Call, CancelAllCall, OrderCall, SeenOrder } from "./history";

/** Amounts of sizes and money as integers of 10^-18. */
const DECIMALS = 18;

/** A decimal text as an integer of 10^-18. @throws when it is none, or has more decimals. */
export function units(text: unknown): bigint {
  const [, whole, decimals = ""] = /^(\d+)(?:\.(\d{0,18}))?$/.exec(String(text)) ?? [];
  if (whole === undefined) throw new Error(`not a decimal: ${String(text)}`);
  return BigInt(whole + decimals.padEnd(DECIMALS, "0"));
}

/** An order as the exchange answers with it. */
export function seenOrder(body: unknown): SeenOrder | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { id, status, done_reason, filled_size } = body as Record<string, unknown>;
  if (typeof id !== "string" || filled_size === undefined) return undefined;
  const doneReason = done_reason === "filled" || done_reason === "canceled" ? done_reason : undefined;
  const shown = status === "done" || status === "rejected" ? status : "open";
  return { orderId: id, status: shown, doneReason, filledSize: units(filled_size) };
}

/** A node that can be asked. */
export interface Door {
  readonly name: string;
  /** Base URL; may change when the node is started anew. */
  readonly url: string;
}

/** What a client wants placed. Decimal texts. */
export interface Placing {
  readonly clientOrderId: string;
  readonly side: "buy" | "sell";
  readonly size: string;
  readonly price?: string;
  readonly timeInForce?: "GTC" | "IOC" | "FOK";
}

/** An answer that neither the exchange's documents nor ours allow. */
export interface Oddity {
  readonly call: number;
  readonly sentence: string;
}

/** Everything that was recorded. */
export interface Recorded {
  readonly calls: Call[];
  readonly oddities: Oddity[];
}

interface Asked {
  readonly id: number;
  readonly client: string;
  readonly node: string;
  readonly account: string;
  readonly invokedAt: number;
}

const PRODUCT = "BTC-USD";

/** How the answer to a command ended. 503 and 504 that speak of an unknown outcome, and lost answers, are unknown; every other no is certain. */
function commandOutcome(answer: Answer | NoAnswer): "ok" | "refused" | "unknown" | "odd" {
  if (answer.kind === "none") return answer.wasSent ? "unknown" : "refused";
  if (answer.status === 200) return "ok";
  if (answer.status === 504) return "unknown";
  if (answer.status === 503) return answer.text.includes("outcome unknown") ? "unknown" : "refused";
  return [400, 401, 403, 404, 429].includes(answer.status) ? "refused" : "odd";
}

/** Records the calls of many clients into one list; ids are given in the order of asking. */
export class Recorder implements Recorded {
  readonly calls: Call[];
  readonly oddities: Oddity[] = [];
  readonly #client: Client;
  readonly #now: () => number;
  #next: number;

  /** @param now - milliseconds of a monotonic clock. @param earlier - calls recorded before, over the same book. */
  constructor(client: Client, now: () => number, earlier: readonly Call[] = []) {
    this.calls = [...earlier];
    this.#next = 1 + earlier.length;
    this.#client = client;
    this.#now = now;
  }

  /** Places an order, and says how that ended. */
  async place(client: string, door: Door, account: string, order: Placing): Promise<OrderCall["result"]> {
    const body = {
      product_id: PRODUCT,
      client_oid: order.clientOrderId,
      side: order.side,
      size: order.size,
      ...(order.price === undefined
        ? { type: "market" }
        : { type: "limit", price: order.price, time_in_force: order.timeInForce ?? "GTC" }),
    };
    const { asked, answer } = await this.#ask(client, door, account, "POST", "/orders", body);
    const result = this.#placed(asked, answer);
    const rests = order.price !== undefined && (order.timeInForce ?? "GTC") === "GTC";
    this.#write({
      ...asked,
      ...this.#marks(answer),
      kind: "place",
      clientOrderId: order.clientOrderId,
      result,
      size: units(order.size),
      rests,
    });
    return result;
  }

  /** Cancels an order by its own id or by the client's. */
  async cancel(
    client: string,
    door: Door,
    account: string,
    clientOrderId: string,
    orderId?: string,
  ): Promise<OrderCall["result"]> {
    const path = orderId === undefined ? `/orders/client:${clientOrderId}` : `/orders/${orderId}`;
    const { asked, answer } = await this.#ask(client, door, account, "DELETE", path);
    const result = this.#cancelled(asked, answer);
    this.#write({ ...asked, ...this.#marks(answer), kind: "cancel", clientOrderId, result });
    return result;
  }

  /** Reads an order by its own id or by the client's. */
  async read(
    client: string,
    door: Door,
    account: string,
    clientOrderId: string,
    orderId?: string,
  ): Promise<OrderCall["result"]> {
    const path = orderId === undefined ? `/orders/client:${clientOrderId}` : `/orders/${orderId}`;
    const { asked, answer } = await this.#ask(client, door, account, "GET", path);
    const result = this.#found(asked, answer);
    this.#write({ ...asked, ...this.#marks(answer), kind: "read", clientOrderId, result });
    return result;
  }

  /** Cancels all of an account's open orders. */
  async cancelAll(client: string, door: Door, account: string): Promise<CancelAllCall["result"]> {
    const { asked, answer } = await this.#ask(client, door, account, "DELETE", `/orders?product_id=${PRODUCT}`);
    const outcome = commandOutcome(answer);
    const body = answer.kind === "answer" ? answer.body : undefined;
    const isList = Array.isArray(body) && body.every((id) => typeof id === "string");
    if (outcome === "odd" || (outcome === "ok" && !isList)) this.#odd(asked, answer);
    const result: CancelAllCall["result"] =
      outcome === "ok" && isList
        ? { outcome, orderIds: body.map(String) }
        : { outcome: outcome === "refused" ? "refused" : "unknown" };
    this.#write({ ...asked, ...this.#marks(answer), kind: "cancel-all", product: PRODUCT, result });
    return result;
  }

  #placed(asked: Asked, answer: Answer | NoAnswer): OrderCall["result"] {
    const outcome = commandOutcome(answer);
    if (outcome === "ok" && answer.kind === "answer") {
      const order = seenOrder(answer.body);
      if (order !== undefined) return { outcome: "ok", order };
    }
    if (outcome === "refused" || outcome === "unknown") return { outcome };
    this.#odd(asked, answer);
    return { outcome: "unknown" };
  }

  #cancelled(asked: Asked, answer: Answer | NoAnswer): OrderCall["result"] {
    if (answer.kind === "answer" && answer.status === 404) return { outcome: "not-found" };
    if (answer.kind === "answer" && answer.status === 400 && /already done/i.test(answer.text))
      return { outcome: "already-done" };
    const outcome = commandOutcome(answer);
    if (outcome !== "odd") return { outcome };
    this.#odd(asked, answer);
    return { outcome: "unknown" };
  }

  #found(asked: Asked, answer: Answer | NoAnswer): OrderCall["result"] {
    if (answer.kind !== "answer") return { outcome: "refused" };
    if (answer.status === 404) return { outcome: "not-found" };
    const order = answer.status === 200 ? seenOrder(answer.body) : undefined;
    if (order !== undefined) return { outcome: "ok", order };
    if (![503, 504, 429].includes(answer.status)) this.#odd(asked, answer);
    // A read that learned nothing says nothing.
    return { outcome: "refused" };
  }

  async #ask(client: string, door: Door, account: string, method: string, path: string, body?: unknown) {
    const asked: Asked = { id: this.#next++, client, node: door.name, account, invokedAt: this.#now() };
    const answer = await this.#client.call(door.url, method, path, body, sandboxKey(account));
    return { asked, answer };
  }

  #marks(answer: Answer | NoAnswer): { completedAt: number; sequence?: number; stale?: boolean } {
    const completedAt = this.#now();
    if (answer.kind !== "answer") return { completedAt };
    return {
      completedAt,
      stale: answer.stale,
      ...(answer.sequence === undefined ? {} : { sequence: answer.sequence }),
    };
  }

  #odd(asked: Asked, answer: Answer | NoAnswer): void {
    const what = answer.kind === "answer" ? `${String(answer.status)} ${answer.text.slice(0, 200)}` : answer.reason;
    this.oddities.push({ call: asked.id, sentence: `${asked.node} answered call ${String(asked.id)} with ${what}` });
  }

  #write(call: Call): void {
    this.calls.push(call);
  }
}
