/** Cancelling: one order, all of an account, and what time itself cancels. */
import type { CancelAfter, OrderCancel, OrdersCancelAll } from "./commands";
import type { Outcome } from "./events";
import { CANCEL_AFTER_MS_MAX } from "./limits";
import { close, openOrdersOf } from "./orders";
import { isStill, maintenance, reject } from "./place";
import type { Order, Run } from "./state";
import { arm, bridgeGap, fireDue } from "./switches";

/** Cancels one open order of the account. */
export function cancelOrder(run: Run, command: OrderCancel): Outcome {
  const account = run.state.accounts.get(command.accountId);
  if (account === undefined) return reject("not-found", "account not found");
  if ((command.orderId === undefined) === (command.clientOrderId === undefined)) {
    return reject("invalid", "either an order id or a client order id is required");
  }
  const order =
    command.orderId === undefined
      ? account.clientIds.get(command.clientOrderId ?? "")
      : run.state.orders.get(command.orderId);
  // Somebody else's order is as unknown as one that there is not.
  if (order?.account !== account) return reject("not-found", "order not found");
  if (command.productId !== undefined && command.productId !== order.product.id) {
    return reject("not-found", "order not found");
  }
  if (order.status !== "open") return reject("already-done", "Order already done");
  if (isStill(order.product)) return maintenance(order.product);
  close(run, order, "canceled");
  return { ok: true, kind: "cancelled", orderIds: [order.orderId] };
}

function closeAll(run: Run, orders: readonly Order[]): string[] {
  for (const order of orders) close(run, order, "canceled");
  return orders.map(({ orderId }) => orderId);
}

/** Cancels the account's open orders, oldest first. Orders in books where nothing may change stay; where they are all there are, it is refused. */
export function cancelAll(run: Run, command: OrdersCancelAll): Outcome {
  const account = run.state.accounts.get(command.accountId);
  if (account === undefined) return reject("not-found", "account not found");
  const { productId } = command;
  if (productId !== undefined && !run.state.products.has(productId)) return reject("not-found", "Product not found");
  const asked = openOrdersOf(account).filter(({ product }) => productId === undefined || product.id === productId);
  const free = asked.filter(({ product }) => !isStill(product));
  const [first] = asked;
  if (first !== undefined && free.length === 0) return maintenance(first.product);
  return { ok: true, kind: "cancelled", orderIds: closeAll(run, free) };
}

/** Sets the dead man's switch. */
export function setCancelAfter(run: Run, command: CancelAfter): Outcome {
  const account = run.state.accounts.get(command.accountId);
  if (account === undefined) return reject("not-found", "account not found");
  if (command.timeoutMs > CANCEL_AFTER_MS_MAX) {
    return reject("invalid", `timeout is at most ${CANCEL_AFTER_MS_MAX} ms`);
  }
  arm(run, account, command.timeoutMs);
  return { ok: true, kind: "done", duplicate: false };
}

/** Lets the machine's time pass to `at`: expires orders, fires switches. Time never goes back. */
export function letTimePass(run: Run, at: number): void {
  const { state } = run;
  if (at <= state.now) return;
  bridgeGap(state, at - state.now);
  state.now = at;
  for (;;) {
    const order = state.expiries.next(state.now, ({ product }) => !isStill(product));
    if (order === undefined) break;
    close(run, order, "canceled");
  }
  for (const account of fireDue(run)) closeAll(run, openOrdersOf(account));
}
