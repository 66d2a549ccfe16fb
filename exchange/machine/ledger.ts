/** Money: balances, holds, fees. Every movement has its counterpart, so that the sum over all accounts and the exchange changes with credits and debits alone. */
import type { FillView } from "./events";
import { BASIS_POINTS } from "./limits";
import type { Account, Balance, Fill, Order, Product, Stake, State } from "./state";
import { remainingSize } from "./state";

/** What makes a division by basis points round up. */
const TO_ROUND_UP = BASIS_POINTS - 1n;

/** The account's money in a currency; it begins with zero. */
function balanceOf(account: Account, currency: string): Balance {
  let balance = account.balances.get(currency);
  if (balance === undefined) {
    balance = { balance: 0n, hold: 0n };
    account.balances.set(currency, balance);
  }
  return balance;
}

/** What the account may still spend. */
export function availableOf(account: Account, currency: string): bigint {
  const balance = account.balances.get(currency);
  return balance === undefined ? 0n : balance.balance - balance.hold;
}

/** What the account has in the product. */
export function stakeOf(account: Account, product: Product): Stake {
  let stake = account.stakes.get(product.id);
  if (stake === undefined) {
    stake = { base: undefined, quote: undefined, open: 0 };
    account.stakes.set(product.id, stake);
  }
  return stake;
}

/** The account's money in the base currency of the order's product; it begins with zero. */
export function baseOf({ account, product, stake }: Order): Balance {
  return (stake.base ??= balanceOf(account, product.base.id));
}

/** The same in the quote currency. */
export function quoteOf({ account, product, stake }: Order): Balance {
  return (stake.quote ??= balanceOf(account, product.quote.id));
}

/** What the account may spend on the order. */
export function spendableOn({ account, product, side, stake }: Order): bigint {
  const known = side === "buy" ? stake.quote : stake.base;
  if (known !== undefined) return known.balance - known.hold;
  return availableOf(account, side === "buy" ? product.quote.id : product.base.id);
}

/** Ledger units of the quote currency in `size` lots at `price`. */
export function valueOf(product: Product, price: number, size: number): bigint {
  const steps = price * size;
  // A product that is a safe integer is exact as a number, and costs half.
  return (Number.isSafeInteger(steps) ? BigInt(steps) : BigInt(price) * BigInt(size)) * product.valueUnits;
}

/** Basis points into ledger units, rounded up. */
export function roundedUp(numerator: bigint): bigint {
  return (numerator + TO_ROUND_UP) / BASIS_POINTS;
}

/**
 * What must be held for the rest of an open limit order: of a sell what it sells; of a buy its value and its fee at the larger rate. Fees are rounded up
 * once for each order and not for each fill, so a hold is never a unit short however an order is cut up.
 */
export function holdNeeded(order: Order): bigint {
  if (order.status !== "open" || order.price === undefined) return 0n;
  const remaining = remainingSize(order);
  if (remaining === 0) return 0n;
  if (order.side === "sell") return BigInt(remaining) * order.product.lotUnits;
  const value = valueOf(order.product, order.price, remaining);
  return value + roundedUp(order.feeNumerator + value * order.product.holdFee) - order.fillFees;
}

/** Brings the hold in line with what is left of an order that rests, or rested, in the book. */
export function updateHold(order: Order): void {
  const needed = holdNeeded(order);
  if (needed === order.hold) return;
  const money = order.side === "buy" ? quoteOf(order) : baseOf(order);
  money.hold += needed - order.hold;
  order.hold = needed;
}

/** Credits or (negative) debits the account from outside, and writes it down. */
export function transfer(account: Account, currency: string, amount: bigint, at: number, reference: string): void {
  const money = balanceOf(account, currency);
  money.balance += amount;
  account.entries += 1;
  account.ledger.push({ entry: account.entries, currency, amount, balance: money.balance, at, reference });
}

/** One trade, of which both orders have their part. */
interface TradeTerms {
  readonly tradeId: number;
  readonly price: number;
  readonly size: number;
  readonly value: bigint;
  /** Ledger units of the base currency. */
  readonly lots: bigint;
}

/**
 * Books one side of a trade: money, fee, fill. The hold of the resting order follows; the other has none yet: what it may spend was
 * reckoned before it came to trade, and nothing else happens in between.
 *
 * @returns the fee.
 */
export function settle(state: State, order: Order, liquidity: FillView["liquidity"], terms: TradeTerms): bigint {
  const { account, product, side } = order;
  const { tradeId, price, size, value, lots } = terms;
  const base = baseOf(order);
  const quote = quoteOf(order);
  order.filledSize += size;
  order.executedValue += value;
  const fee = takeFee(state, order, value, liquidity === "maker" ? product.makerFee : product.takerFee);
  if (side === "buy") {
    base.balance += lots;
    quote.balance -= value + fee;
  } else {
    base.balance -= lots;
    quote.balance += value - fee;
  }
  if (liquidity === "maker") updateHold(order);
  const fill: Fill = {
    tradeId,
    productId: product.id,
    orderId: order.orderId,
    side,
    liquidity,
    price,
    size,
    value,
    fee,
    at: state.now,
    cursor: account.fills.total + 1,
    entry: account.entries + 1,
    baseBalance: base.balance,
    quoteBalance: quote.balance,
  };
  account.entries += fee > 0n ? 3 : 2;
  account.fills.push(fill);
  account.ledger.push(fill);
  return fee;
}

function takeFee(state: State, order: Order, value: bigint, rate: bigint): bigint {
  if (rate === 0n) return 0n;
  order.feeNumerator += value * rate;
  const fees = roundedUp(order.feeNumerator);
  const fee = fees - order.fillFees;
  if (fee === 0n) return fee;
  order.fillFees = fees;
  const currency = order.product.quote.id;
  state.fees.set(currency, (state.fees.get(currency) ?? 0n) + fee);
  return fee;
}
