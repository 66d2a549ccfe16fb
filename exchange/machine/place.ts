/** Taking a new order: everything that can refuse it comes first, then it changes the state. */
import { levelAt, oppositeOf, sideOf } from "./book";
import type { OrderPlace } from "./commands";
import type { Outcome, Rejection } from "./events";
import { holdNeeded, spendableOn, stakeOf, valueOf } from "./ledger";
import { OPEN_ORDERS_MAX } from "./limits";
import { execute, wouldTrade } from "./matching";
import { formatDecimal } from "./money";
import { admit, keep, newOrder, retire } from "./orders";
import type { Account, Order, Product, Run } from "./state";
import { viewOf } from "./state";

/** A refusal. */
export function reject(code: Rejection["code"], message: string): Rejection {
  return { ok: false, code, message };
}

/** What a product in this mode says to whoever wants to change its book. */
export function maintenance(product: Product): Rejection {
  const how = product.mode === "read-only" ? " (read only)" : "";
  return reject("mode", `${product.id} is under maintenance${how}`);
}

/** Whether nothing may change in the product's book, not even by time. */
export function isStill(product: Product): boolean {
  return product.mode === "read-only" || product.mode === "maintenance";
}

function refusedByMode(product: Product, command: OrderPlace): Rejection | undefined {
  switch (product.mode) {
    case "full":
      return undefined;
    case "limit-only":
      return command.orderType === "market" ? reject("mode", "Limit only mode") : undefined;
    case "post-only":
      return command.orderType === "limit" && command.postOnly ? undefined : reject("mode", "Post only mode");
    case "cancel-only":
      return reject("mode", "Cancel only mode");
    case "read-only":
    case "maintenance":
      return maintenance(product);
  }
}

/** What the fields say against each other. */
function contradiction(command: OrderPlace, now: number): string | undefined {
  const { orderType, price, size, funds, timeInForce, expiresAt, postOnly } = command;
  if (orderType === "limit") {
    if (price === undefined) return "price is required";
    if (size === undefined) return "size is required";
    if (funds !== undefined) return "funds is not allowed for a limit order";
    if (postOnly && (timeInForce === "IOC" || timeInForce === "FOK")) return `post_only cannot be ${timeInForce}`;
  } else {
    if (price !== undefined) return "price is not allowed for a market order";
    if (size === undefined && funds === undefined) return "size or funds is required";
    if (postOnly) return "post_only is not allowed for a market order";
    if (timeInForce === "GTT") return "GTT is not allowed for a market order";
    if (timeInForce === "FOK" && funds !== undefined) return "FOK is not allowed with funds";
  }
  if ((timeInForce === "GTT") !== (expiresAt !== undefined))
    return "an expiry is required for GTT, and for nothing else";
  if (expiresAt !== undefined && expiresAt <= now) return "the order would expire in the past";
  return undefined;
}

function tooSmall(order: Order): Rejection | undefined {
  const { product, price, size, funds } = order;
  const value = price !== undefined && size !== undefined ? valueOf(product, price, size) : funds;
  if (value === undefined || (value >= product.minMarketFunds && value > 0n)) return undefined;
  const least = formatDecimal(product.minMarketFunds, product.quote.scale);
  return reject("invalid", `size is too small. Minimum value is ${least} ${product.quote.id}`);
}

/** A level's size stays a safe integer. */
function tooLarge(order: Order): Rejection | undefined {
  if (order.price === undefined || order.size === undefined) return undefined;
  const there = levelAt(sideOf(order.product, order.side), order.price)?.size ?? 0;
  if (order.size <= Number.MAX_SAFE_INTEGER - there) return undefined;
  return reject("limit", "size is too large for the book");
}

function canPay(order: Order): boolean {
  const available = spendableOn(order);
  if (order.orderType === "limit") return available >= holdNeeded(order);
  if (order.side === "sell") {
    return order.size === undefined ? available > 0n : available >= BigInt(order.size) * order.product.lotUnits;
  }
  return order.funds === undefined ? available > 0n : available >= order.funds;
}

/** An order that was refused but is remembered, so that a client who asks again learns why. */
function refuse(run: Run, order: Order, reason: string): void {
  order.status = "rejected";
  order.rejectReason = reason;
  run.state.placements += 1;
  keep(run.state, order);
  retire(run.state, order);
}

/** The order that the account knows by this id already. */
function original(account: Account, command: OrderPlace): Order | undefined {
  return command.clientOrderId === undefined ? undefined : account.clientIds.get(command.clientOrderId);
}

/** Takes, trades and rests an order; or refuses it. */
export function placeOrder(run: Run, command: OrderPlace): Outcome {
  const { state } = run;
  const account = state.accounts.get(command.accountId);
  if (account === undefined) return reject("not-found", "account not found");
  // Before the modes and the limits: whoever asks again must learn the truth whatever the exchange does now.
  const known = original(account, command);
  if (known !== undefined) return { ok: true, kind: "order", order: viewOf(known), duplicate: true };
  if (state.orders.has(command.orderId)) return reject("exists", "order id is already in use");
  const product = state.products.get(command.productId);
  if (product === undefined) return reject("not-found", "Product not found");
  const wrong = contradiction(command, state.now);
  if (wrong !== undefined) return reject("invalid", wrong);
  const refused = refusedByMode(product, command);
  if (refused !== undefined) return refused;
  if (stakeOf(account, product).open >= OPEN_ORDERS_MAX) {
    return reject("limit", `a maximum of ${OPEN_ORDERS_MAX} open orders is allowed on ${product.id}`);
  }
  const order = newOrder(state, account, product, command);
  const size = tooSmall(order) ?? tooLarge(order);
  if (size !== undefined) return size;
  if (!canPay(order)) return reject("insufficient-funds", "Insufficient funds");
  if (command.postOnly && wouldTrade(oppositeOf(product, order.side), order)) {
    refuse(run, order, "post only");
  } else {
    admit(run, order);
    execute(run, order);
  }
  return { ok: true, kind: "order", order: viewOf(order), duplicate: false };
}
