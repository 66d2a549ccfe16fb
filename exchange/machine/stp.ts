/** Self-trade prevention, as documented at https://docs.cdp.coinbase.com/exchange/concepts/matching-engine: the newer order's flag decides. */
import { close, nextSequence } from "./orders";
import { roundedUp, updateHold, valueOf } from "./ledger";
import type { Order, Run } from "./state";
import { remainingSize, viewOf } from "./state";

/**
 * Keeps the order from trading with one of the same account.
 *
 * @param overlap - lots of `maker` that the order could take.
 * @returns whether the order is still open and goes on.
 */
export function preventSelfTrade(run: Run, order: Order, maker: Order, overlap: number): boolean {
  switch (order.selfTradePrevention) {
    case "co":
      close(run, maker, "canceled");
      return true;
    case "cn":
      close(run, order, "canceled");
      return false;
    case "cb":
      close(run, maker, "canceled");
      close(run, order, "canceled");
      return false;
    case "dc":
      return decrement(run, order, maker, overlap);
  }
}

/** Cancels the smaller and takes its size off the larger; equal ones are both cancelled. */
function decrement(run: Run, order: Order, maker: Order, overlap: number): boolean {
  const left = remainingSize(maker);
  const byFundsAlone = order.size === undefined;
  // By funds alone the order has no size of its own: it is the smaller when its money does not reach for the whole of the other.
  const wanted = byFundsAlone ? overlap : remainingSize(order);
  if (left > wanted) {
    if (wanted > 0) shrink(run, maker, wanted);
    close(run, order, "canceled");
    return false;
  }
  close(run, maker, "canceled");
  if (left === wanted && !byFundsAlone) {
    close(run, order, "canceled");
    return false;
  }
  if (byFundsAlone) spendInVain(order, maker, left);
  else shrink(run, order, left);
  return true;
}

function shrink(run: Run, order: Order, lots: number): void {
  if (order.size === undefined) return;
  const oldSize = remainingSize(order);
  order.size -= lots;
  if (order.level !== undefined) {
    order.level.size -= lots;
    updateHold(order);
  }
  run.events.push({
    type: "change",
    productId: order.product.id,
    sequence: nextSequence(order.product),
    at: run.state.now,
    order: viewOf(order),
    oldSize,
    newSize: oldSize - lots,
  });
}

/** Takes off the funds what the trade would have cost; a sell's funds are its proceeds, without the fee. */
function spendInVain(order: Order, maker: Order, lots: number): void {
  if (order.funds === undefined || maker.price === undefined) return;
  const value = valueOf(order.product, maker.price, lots);
  const fee = order.side === "buy" ? roundedUp(value * order.product.takerFee) : 0n;
  const left = order.funds - order.executedValue - (order.side === "buy" ? order.fillFees : 0n);
  order.funds -= value + fee < left ? value + fee : left;
}
