/** The machine's integers as Coinbase Exchange writes them: decimals as texts, times in ISO 8601. */
import { createHash } from "node:crypto";
import type { FillView, OrderView } from "../machine/events";
import { formatDecimal } from "../machine/money";
import type { CurrencyView, LevelView, MachineView, ProductView, TradeView } from "../machine/view";

/** A product with the scale of its quote currency, which its values have. */
export interface Scales {
  readonly product: ProductView;
  readonly quoteScale: number;
}

/** The scales of a product that exists. A product never loses its currencies. */
export function scalesOf(view: MachineView, product: ProductView): Scales {
  return { product, quoteScale: view.currency(product.quoteCurrency)?.scale ?? product.priceScale + product.sizeScale };
}

/** Milliseconds of the epoch in ISO 8601, as in `2014-11-07T08:19:27.028Z`. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Ticks as a decimal. */
export function price(product: ProductView, ticks: number): string {
  return formatDecimal(BigInt(ticks), product.priceScale);
}

/** Lots as a decimal. */
export function size(product: ProductView, lots: number | bigint): string {
  return formatDecimal(BigInt(lots), product.sizeScale);
}

/** The smallest step with so many decimals: `0.01` for 2. */
export function step(scale: number): string {
  return formatDecimal(1n, scale);
}

/**
 * An id in UUID form (version 8, RFC 9562) for what has none of its own, the same on every node: clients of Coinbase Exchange expect a UUID
 * for the account of one currency of one profile.
 */
export function derivedId(...parts: readonly string[]): string {
  const hex = createHash("sha256").update(parts.join("\n")).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The flags and texts that each mode of a product shows. */
export function productJson(view: MachineView, product: ProductView): Record<string, unknown> {
  const { mode, modeReason } = product;
  const isClosed = mode === "read-only" || mode === "maintenance";
  const quoteScale = view.currency(product.quoteCurrency)?.scale ?? 0;
  return {
    id: product.id,
    base_currency: product.baseCurrency,
    quote_currency: product.quoteCurrency,
    quote_increment: step(product.priceScale),
    base_increment: step(product.sizeScale),
    base_min_size: step(product.sizeScale),
    display_name: `${product.baseCurrency}/${product.quoteCurrency}`,
    min_market_funds: formatDecimal(product.minMarketFunds, quoteScale),
    margin_enabled: false,
    fx_stablecoin: false,
    post_only: mode === "post-only",
    limit_only: mode === "limit-only",
    cancel_only: mode === "cancel-only",
    trading_disabled: isClosed,
    auction_mode: false,
    // ccxt calls a product active while this is `online`: it stays so in every mode in which something can be done
    status: isClosed ? "offline" : "online",
    status_message: mode === "maintenance" ? `under maintenance: ${modeReason}` : mode === "full" ? "" : modeReason,
  };
}

/** A currency as `/currencies` shows it. */
export function currencyJson(currency: CurrencyView): Record<string, unknown> {
  return {
    id: currency.id,
    name: currency.name,
    min_size: step(currency.scale),
    status: "online",
    message: "",
    max_precision: step(currency.scale),
    convertible_to: [],
    details: {
      type: currency.scale <= 2 ? "fiat" : "crypto",
      symbol: null,
      sort_order: 0,
      push_payment_methods: [],
      group_types: [],
      display_name: currency.name,
    },
    default_network: "",
    supported_networks: [],
    display_name: currency.name,
  };
}

/** An order. Absent members are left out, as Coinbase Exchange does. */
export function orderJson({ product, quoteScale }: Scales, order: OrderView): Record<string, unknown> {
  const value = (amount: bigint): string => formatDecimal(amount, quoteScale);
  return {
    id: order.orderId,
    client_oid: order.clientOrderId,
    price: order.price === undefined ? undefined : price(product, order.price),
    size: order.size === undefined ? undefined : size(product, order.size),
    funds: order.funds === undefined ? undefined : value(order.funds),
    product_id: order.productId,
    profile_id: order.accountId,
    side: order.side,
    stp: order.selfTradePrevention,
    type: order.orderType,
    time_in_force: order.timeInForce,
    expire_time: order.expiresAt === undefined ? undefined : iso(order.expiresAt),
    post_only: order.postOnly,
    created_at: iso(order.createdAt),
    done_at: order.doneAt === undefined ? undefined : iso(order.doneAt),
    done_reason: order.doneReason,
    reject_reason: order.rejectReason,
    fill_fees: value(order.fillFees),
    filled_size: size(product, order.filledSize),
    executed_value: value(order.executedValue),
    status: order.status,
    settled: order.status === "done",
  };
}

/** One side of one trade. */
export function fillJson({ product, quoteScale }: Scales, fill: FillView): Record<string, unknown> {
  return {
    trade_id: fill.tradeId,
    product_id: fill.productId,
    order_id: fill.orderId,
    user_id: fill.accountId,
    profile_id: fill.accountId,
    liquidity: fill.liquidity === "taker" ? "T" : "M",
    price: price(product, fill.price),
    size: size(product, fill.size),
    fee: formatDecimal(fill.fee, quoteScale),
    created_at: iso(fill.at),
    side: fill.side,
    settled: true,
  };
}

/** A trade as the public sees it; `side` is the maker's. */
export function tradeJson(product: ProductView, trade: TradeView): Record<string, unknown> {
  return {
    trade_id: trade.tradeId,
    side: trade.side,
    size: size(product, trade.size),
    price: price(product, trade.price),
    time: iso(trade.at),
  };
}

/** A price of a book: `[price, size, number of orders]`. */
export function levelJson(product: ProductView, level: LevelView): [string, string, number] {
  return [price(product, level.price), size(product, level.size), level.orders];
}
