/** The life of an order outside of trading: taken in, opened, closed, forgotten; and the client's ids for it. */
import type { OrderPlace } from "./commands";
import { rest, unrest } from "./book";
import { baseOf, quoteOf, stakeOf, updateHold } from "./ledger";
import type { Account, Order, Product, Run, State } from "./state";
import { remainingSize, viewOf } from "./state";
import { reviewFreeze } from "./switches";

/** The sequence of the product's next event. */
export function nextSequence(product: Product): number {
  product.sequence += 1;
  return product.sequence;
}

/** An order out of its command, not yet in any list. */
export function newOrder(state: State, account: Account, product: Product, command: OrderPlace): Order {
  return {
    orderId: command.orderId,
    clientOrderId: command.clientOrderId,
    account,
    product,
    side: command.side,
    orderType: command.orderType,
    price: command.price,
    size: command.size,
    funds: command.funds === undefined ? undefined : BigInt(command.funds),
    timeInForce: command.timeInForce,
    expiresAt: command.expiresAt,
    postOnly: command.postOnly,
    selfTradePrevention: command.selfTradePrevention,
    createdAt: state.now,
    placed: state.placements + 1,
    closed: 0,
    status: "open",
    doneAt: undefined,
    doneReason: undefined,
    rejectReason: undefined,
    filledSize: 0,
    executedValue: 0n,
    fillFees: 0n,
    feeNumerator: 0n,
    hold: 0n,
    stake: stakeOf(account, product),
    level: undefined,
    ahead: undefined,
    behind: undefined,
    openBefore: undefined,
    openAfter: undefined,
    older: undefined,
    newer: undefined,
  };
}

/** Makes the order findable: by its id, by the client's, in the account's list. */
export function keep(state: State, order: Order): void {
  const { account } = order;
  state.orders.set(order.orderId, order);
  if (order.clientOrderId !== undefined) account.clientIds.set(order.clientOrderId, order);
  order.older = account.newest;
  if (account.newest !== undefined) account.newest.newer = order;
  account.newest = order;
}

/** Rests what is left of an admitted order in the book, and holds for it. */
export function restInBook(order: Order, price: number): void {
  baseOf(order);
  quoteOf(order);
  rest(order, price);
  updateHold(order);
}

/** Counts an order among the account's open ones. */
export function countOpen(order: Order): void {
  const { account } = order;
  order.openBefore = account.lastOpen;
  if (account.lastOpen === undefined) account.firstOpen = order;
  else account.lastOpen.openAfter = order;
  account.lastOpen = order;
  account.openCount += 1;
  order.stake.open += 1;
}

function uncountOpen(order: Order): void {
  const { account, openBefore, openAfter } = order;
  if (openBefore === undefined) account.firstOpen = openAfter;
  else openBefore.openAfter = openAfter;
  if (openAfter === undefined) account.lastOpen = openBefore;
  else openAfter.openBefore = openBefore;
  order.openBefore = undefined;
  order.openAfter = undefined;
  account.openCount -= 1;
  order.stake.open -= 1;
}

/** The account's open orders, the one placed first first. */
export function openOrdersOf(account: Account): Order[] {
  const found: Order[] = [];
  for (let order = account.firstOpen; order !== undefined; order = order.openAfter) found.push(order);
  return found;
}

/** Takes a new order in: from here on it has a number and is open. */
export function admit(run: Run, order: Order): void {
  run.state.placements += 1;
  keep(run.state, order);
  countOpen(order);
  if (order.expiresAt !== undefined) run.state.expiries.add(order);
  if (order.account.cancelAfter !== undefined) reviewFreeze(run, order.account);
}

/** Puts an order among the account's closed ones; the oldest of too many is forgotten, with the client's id for it. */
export function retire(state: State, order: Order): void {
  state.closings += 1;
  order.closed = state.closings;
  order.doneAt = state.now;
  const forgotten = order.account.closed.push(order);
  if (forgotten !== undefined) forget(state, forgotten);
}

/** Ends an open order: out of the book, its hold back, its event. */
export function close(run: Run, order: Order, reason: "filled" | "canceled"): void {
  const { account, product } = order;
  unrest(order);
  order.status = "done";
  order.doneReason = reason;
  updateHold(order);
  uncountOpen(order);
  retire(run.state, order);
  if (order.expiresAt !== undefined) run.state.expiries.closed();
  const left = order.size === undefined ? 0 : remainingSize(order);
  run.events.push({
    type: "done",
    productId: product.id,
    sequence: nextSequence(product),
    at: run.state.now,
    order: viewOf(order),
    reason,
    remainingSize: left,
  });
  if (account.cancelAfter !== undefined) reviewFreeze(run, account);
}

function forget(state: State, order: Order): void {
  const { account } = order;
  state.orders.delete(order.orderId);
  if (order.clientOrderId !== undefined && account.clientIds.get(order.clientOrderId) === order) {
    account.clientIds.delete(order.clientOrderId);
  }
  if (order.older !== undefined) order.older.newer = order.newer;
  if (order.newer === undefined) account.newest = order.older;
  else order.newer.older = order.older;
  order.older = undefined;
  order.newer = undefined;
}
