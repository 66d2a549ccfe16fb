/** Orders as a busy market sends them, from a seed: limit orders around a price that wanders, half of them cancelled again. */
import type { Command, OrderCancel, OrderPlace } from "../machine/commands";
import { seeded } from "./measure";

/** Buyers and sellers are different accounts, so that nobody meets oneself: the other library knows no accounts. */
const ACCOUNTS_EACH = 100;
const PRODUCT = "BTC-USD";
/** Ticks to both sides of the wandering price. */
const SPREAD_TICKS = 60;
/** A cancel takes one of so many orders before it. */
const RECENT = 2_000;

/** What makes the product and funds the accounts. */
export function preparation(): Command[] {
  const operator = "bench";
  const accounts = ["buyer", "seller"].flatMap((kind) =>
    Array.from({ length: ACCOUNTS_EACH }, (_, number) => `${kind}-${String(number)}`),
  );
  return [
    { type: "currency-create", operator, id: "BTC", name: "Bitcoin", scale: 8 },
    { type: "currency-create", operator, id: "USD", name: "Dollar", scale: 16 },
    {
      ...{ type: "product-create", operator, id: PRODUCT, baseCurrency: "BTC", quoteCurrency: "USD" },
      ...{ priceScale: 2, sizeScale: 8, minMarketFunds: "1", makerFeeBasisPoints: 40, takerFeeBasisPoints: 60 },
    },
    ...accounts.flatMap((accountId): Command[] => [
      { type: "account-create", operator, accountId },
      { type: "credit", operator, accountId, currency: "BTC", amount: `1${"0".repeat(16)}`, reference: "btc" },
      { type: "credit", operator, accountId, currency: "USD", amount: `1${"0".repeat(28)}`, reference: "usd" },
    ]),
  ];
}

/** So many commands; the same ones for the same seed, other ids for another. About 45 in 100 are cancels, some of them of orders that are done. */
export function orders(count: number, seed = 1): (OrderPlace | OrderCancel)[] {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const run = String(seed).padStart(8, "0");
  const placed: OrderPlace[] = [];
  let middle = 5_000_000;
  return Array.from({ length: count }, (_, number) => {
    const recent = placed[placed.length - 1 - below(Math.min(RECENT, placed.length))];
    if (recent !== undefined && random() < 0.45) {
      return { type: "order-cancel", accountId: recent.accountId, orderId: recent.orderId };
    }
    middle += below(3) - 1;
    const isBuy = random() < 0.5;
    const order: OrderPlace = {
      type: "order-place",
      orderId: `${run}-0000-4000-8000-${String(number).padStart(12, "0")}`,
      accountId: `${isBuy ? "buyer" : "seller"}-${String(below(ACCOUNTS_EACH))}`,
      productId: PRODUCT,
      side: isBuy ? "buy" : "sell",
      orderType: "limit",
      price: middle + (isBuy ? -1 : 1) * (below(SPREAD_TICKS) - Math.floor(SPREAD_TICKS / 4)),
      size: 1_000_000 * (1 + below(20)),
      timeInForce: "GTC",
      postOnly: false,
      selfTradePrevention: "dc",
    };
    placed.push(order);
    return order;
  });
}
