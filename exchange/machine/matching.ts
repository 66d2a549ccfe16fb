/** Matching: best price first, oldest first within a price, at the resting order's price. */
import { bestLevel, crosses, oppositeOf } from "./book";
import { roundedUp, settle, spendableOn, valueOf } from "./ledger";
import { BASIS_POINTS } from "./limits";
import { remember } from "./market";
import { close, nextSequence, restInBook } from "./orders";
import type { BookSide, Level, Order, Run } from "./state";
import { remainingSize, viewOf } from "./state";
import { preventSelfTrade } from "./stp";

const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

/** Most lots that the money of a market buy pays for at `price`, fee included, exactly. */
function affordableLots(order: Order, price: number): bigint {
  const { product, fillFees, executedValue } = order;
  const budget = spendableOn(order);
  const money = order.funds === undefined ? budget : smaller(budget, order.funds - executedValue - fillFees);
  // The largest value v with v + roundedUp(feeNumerator + v * rate) - fillFees <= money.
  const spendable = BASIS_POINTS * (money + fillFees) - order.feeNumerator;
  const cost = (BASIS_POINTS + product.takerFee) * valueOf(product, price, 1);
  return spendable <= 0n ? 0n : spendable / cost;
}

/** Most lots that a market sell may sell at `price`: what there is, and no more than its funds ask for. */
function sellableLots(order: Order, price: number): bigint {
  const { product } = order;
  const lots = spendableOn(order) / product.lotUnits;
  if (order.funds === undefined) return lots;
  return smaller(lots, (order.funds - order.executedValue) / valueOf(product, price, 1));
}

/** Lots that the order takes at `price` if somebody has them. A limit order's money is held already. */
function lotsWanted(order: Order, price: number): number {
  const remaining = remainingSize(order);
  if (order.orderType === "limit") return remaining;
  const lots = order.side === "buy" ? affordableLots(order, price) : sellableLots(order, price);
  return lots < SAFE_MAX ? Math.min(remaining, Number(lots)) : remaining;
}

function trade(run: Run, order: Order, maker: Order, level: Level, size: number): void {
  const { state } = run;
  const { product } = order;
  const { price } = level;
  const value = valueOf(product, price, size);
  const terms = { tradeId: product.trades.total + 1, price, size, value, lots: BigInt(size) * product.lotUnits };
  level.size -= size;
  const makerFee = settle(state, maker, "maker", terms);
  const takerFee = settle(state, order, "taker", terms);
  remember(product, { tradeId: terms.tradeId, price, size, side: maker.side, at: state.now });
  run.events.push({
    type: "match",
    productId: product.id,
    sequence: nextSequence(product),
    at: state.now,
    tradeId: terms.tradeId,
    side: maker.side,
    price,
    size,
    maker: viewOf(maker),
    taker: viewOf(order),
    makerFee,
    takerFee,
  });
  if (remainingSize(maker) === 0) close(run, maker, "filled");
}

/** Trades while it can. @returns whether the order is still open; `broke` where its money ended first. */
function take(run: Run, order: Order): { readonly isOpen: boolean; readonly broke: boolean } {
  const against = oppositeOf(order.product, order.side);
  for (;;) {
    if (remainingSize(order) === 0) return { isOpen: true, broke: false };
    const level = bestLevel(against);
    const maker = level?.head;
    if (level === undefined || maker === undefined || !crosses(order.side, order.price, level.price)) {
      return { isOpen: true, broke: false };
    }
    const size = Math.min(lotsWanted(order, level.price), remainingSize(maker));
    if (size === 0) return { isOpen: true, broke: true };
    if (maker.account !== order.account) trade(run, order, maker, level, size);
    else if (!preventSelfTrade(run, order, maker, size)) return { isOpen: false, broke: false };
  }
}

/** Whether all of the order would trade at once: somebody else's lots at its prices, and the money for them. */
export function fillsWhole(order: Order): boolean {
  const { product } = order;
  let missing = remainingSize(order);
  let value = 0n;
  const { levels } = oppositeOf(product, order.side);
  for (let at = levels.length - 1; at >= 0 && missing > 0; at -= 1) {
    const level = levels[at];
    if (level === undefined || !crosses(order.side, order.price, level.price)) break;
    for (let maker = level.head; maker !== undefined && missing > 0; maker = maker.behind) {
      if (maker.account === order.account) {
        // Only "cancel oldest" lets the order go on whole.
        if (order.selfTradePrevention === "co") continue;
        return false;
      }
      const size = Math.min(missing, remainingSize(maker));
      missing -= size;
      value += valueOf(product, level.price, size);
    }
  }
  if (missing > 0) return false;
  if (order.orderType === "limit") return true;
  return order.side === "sell" || value + roundedUp(value * product.takerFee) <= spendableOn(order);
}

/** Whether the order would trade at once, with anybody. */
export function wouldTrade(against: BookSide, order: Order): boolean {
  const level = bestLevel(against);
  return level !== undefined && crosses(order.side, order.price, level.price);
}

/** Runs an admitted order through the book: trades, then rests or ends. */
export function execute(run: Run, order: Order): void {
  const { product } = order;
  const at = run.state.now;
  run.events.push({
    type: "received",
    productId: product.id,
    sequence: nextSequence(product),
    at,
    order: viewOf(order),
  });
  if (order.timeInForce === "FOK" && !fillsWhole(order)) {
    close(run, order, "canceled");
    return;
  }
  const { isOpen, broke } = take(run, order);
  if (!isOpen) return;
  if (order.size !== undefined && remainingSize(order) === 0) {
    close(run, order, "filled");
  } else if (order.orderType === "market") {
    // An order by funds is filled when its funds are spent, but for what buys no further lot.
    close(run, order, broke && order.funds !== undefined && order.filledSize > 0 ? "filled" : "canceled");
  } else if (order.timeInForce === "IOC" || order.timeInForce === "FOK" || order.price === undefined) {
    close(run, order, "canceled");
  } else {
    restInBook(order, order.price);
    run.events.push({
      type: "open",
      productId: product.id,
      sequence: nextSequence(product),
      at,
      order: viewOf(order),
      remainingSize: remainingSize(order),
    });
  }
}
