/** The resting orders of a product: price levels in order, first in, first out within a level. */
import type { Side } from "./commands";
import type { BookSide, Level, Order, Product } from "./state";
import { remainingSize } from "./state";

/** An empty side. */
export function emptySide(side: Side): BookSide {
  return { side, levels: [] };
}

/** The side on which an order of `side` rests. */
export function sideOf(product: Product, side: Side): BookSide {
  return side === "buy" ? product.buys : product.sells;
}

/** The side against which an order of `side` trades. */
export function oppositeOf(product: Product, side: Side): BookSide {
  return side === "buy" ? product.sells : product.buys;
}

/** The level with the best price. */
export function bestLevel(side: BookSide): Level | undefined {
  return side.levels[side.levels.length - 1];
}

/** Whether an order at `price` (without: a market order) trades at the price of the opposite side. */
export function crosses(side: Side, price: number | undefined, opposite: number): boolean {
  if (price === undefined) return true;
  return side === "buy" ? price >= opposite : price <= opposite;
}

/** Position of the price among the levels, or where it would have to be put in. */
function positionOf(side: BookSide, price: number): number {
  const { levels } = side;
  const rising = side.side === "buy";
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = levels[middle];
    if (there !== undefined && (rising ? there.price < price : there.price > price)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The level of a price. */
export function levelAt(side: BookSide, price: number): Level | undefined {
  const level = side.levels[positionOf(side, price)];
  return level?.price === price ? level : undefined;
}

/** Puts what is left of a limit order behind the others of its price. */
export function rest(order: Order, price: number): void {
  const side = sideOf(order.product, order.side);
  const position = positionOf(side, price);
  let level = side.levels[position];
  if (level?.price !== price) {
    level = { price, size: 0, orders: 0, head: undefined, tail: undefined };
    if (position === side.levels.length) side.levels.push(level);
    else side.levels.splice(position, 0, level);
  }
  order.level = level;
  order.ahead = level.tail;
  if (level.tail === undefined) level.head = order;
  else level.tail.behind = order;
  level.tail = order;
  level.size += remainingSize(order);
  level.orders += 1;
}

/** Takes an order out of the book, with what is left of it. */
export function unrest(order: Order): void {
  const level = order.level;
  if (level === undefined) return;
  if (order.ahead === undefined) level.head = order.behind;
  else order.ahead.behind = order.behind;
  if (order.behind === undefined) level.tail = order.ahead;
  else order.behind.ahead = order.ahead;
  level.size -= remainingSize(order);
  level.orders -= 1;
  order.level = undefined;
  order.ahead = undefined;
  order.behind = undefined;
  if (level.orders > 0) return;
  const side = sideOf(order.product, order.side);
  const position = positionOf(side, level.price);
  if (position === side.levels.length - 1) side.levels.pop();
  else side.levels.splice(position, 1);
}
