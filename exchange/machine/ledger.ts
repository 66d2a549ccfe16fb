/** Money: balances, holds, fees. Every movement has its counterpart, so that the sum over all accounts and the exchange changes with credits and debits alone. */
import type { FillView } from "./events";
import { BASIS_POINTS } from "./limits";
import type { Account, Balance, Order, Product, State } from "./state";
import { remainingSize } from "./state";
import type { LedgerEntryView } from "./view";

/** The account's money in a currency; it begins with zero. */
export function balanceOf(account: Account, currency: string): Balance {
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

/** The currency that the order pays with. */
export function payingCurrency(order: Pick<Order, "product" | "side">): string {
  return order.side === "buy" ? order.product.quote.id : order.product.base.id;
}

/** Ledger units of the quote currency in `size` lots at `price`. */
export function valueOf(product: Product, price: number, size: number): bigint {
  return BigInt(price) * BigInt(size) * product.valueUnits;
}

/** Basis points into ledger units, rounded up. */
export function roundedUp(numerator: bigint): bigint {
  return (numerator + BASIS_POINTS - 1n) / BASIS_POINTS;
}

/**
 * What must be held for the rest of an open limit order: of a sell what it sells; of a buy its value and its fee at the larger rate. Fees are rounded up
 * once for each order and not for each fill, so a hold is never a unit short however an order is cut up.
 */
export function holdNeeded(order: Order): bigint {
  if (order.status !== "open" || order.price === undefined) return 0n;
  const remaining = remainingSize(order);
  if (order.side === "sell") return BigInt(remaining) * order.product.lotUnits;
  const value = valueOf(order.product, order.price, remaining);
  return value + roundedUp(order.feeNumerator + value * order.product.holdFee) - order.fillFees;
}

/** Brings the hold in line with what is left of the order. */
export function updateHold(order: Order): void {
  const needed = holdNeeded(order);
  if (needed === order.hold) return;
  balanceOf(order.account, payingCurrency(order)).hold += needed - order.hold;
  order.hold = needed;
}

/** Adds money (or takes it, negative) and writes it down. */
export function move(
  account: Account,
  currency: string,
  amount: bigint,
  about: Pick<LedgerEntryView, "at" | "kind" | "tradeId" | "orderId" | "productId" | "reference">,
): void {
  const money = balanceOf(account, currency);
  money.balance += amount;
  account.ledger.push({
    cursor: account.ledger.total + 1,
    currency,
    amount,
    balance: money.balance,
    at: about.at,
    kind: about.kind,
    tradeId: about.tradeId,
    orderId: about.orderId,
    productId: about.productId,
    reference: about.reference,
  });
}

/** One trade, of which both orders have their part. */
export interface TradeTerms {
  readonly tradeId: number;
  readonly price: number;
  readonly size: number;
  readonly value: bigint;
}

/** Books one side of a trade: money, fee, hold, fill. @returns the fee. */
export function settle(state: State, order: Order, liquidity: FillView["liquidity"], terms: TradeTerms): bigint {
  const { account, product } = order;
  const { tradeId, price, size, value } = terms;
  const rate = liquidity === "maker" ? product.makerFee : product.takerFee;
  order.filledSize += size;
  order.executedValue += value;
  order.feeNumerator += value * rate;
  const fees = roundedUp(order.feeNumerator);
  const fee = fees - order.fillFees;
  order.fillFees = fees;
  order.view = undefined;
  const about = { at: state.now, tradeId, orderId: order.orderId, productId: product.id, reference: undefined };
  const lots = BigInt(size) * product.lotUnits;
  const match = { ...about, kind: "match" as const };
  move(account, product.base.id, order.side === "buy" ? lots : -lots, match);
  move(account, product.quote.id, order.side === "buy" ? -value : value, match);
  if (fee > 0n) {
    move(account, product.quote.id, -fee, { ...about, kind: "fee" });
    state.fees.set(product.quote.id, (state.fees.get(product.quote.id) ?? 0n) + fee);
  }
  updateHold(order);
  account.fills.push({
    tradeId,
    productId: product.id,
    orderId: order.orderId,
    accountId: account.id,
    side: order.side,
    liquidity,
    price,
    size,
    fee,
    at: state.now,
    cursor: account.fills.total + 1,
  });
  return fee;
}
