/** What clients may send and what they get, as zod schemas: they check requests, and the OpenAPI document is made from them. */
import { z } from "zod";
import { NumberText } from "./body";

const DECIMAL = /^\d{1,40}(?:\.\d{1,40})?$/;
const NUMBER = z.instanceof(NumberText).meta({ type: "number" });

const DECIMAL_ERROR = "a decimal such as 0.01, without sign or exponent";

/** A decimal without sign and exponent, sent as text or as a JSON number; comes out as text. At most 40 digits on each side of the point. */
export const decimal = z
  .union([z.string().regex(DECIMAL, { error: DECIMAL_ERROR }), NUMBER], { error: DECIMAL_ERROR })
  .transform((value) => (typeof value === "string" ? value : value.text))
  .refine((text) => DECIMAL.test(text), { error: DECIMAL_ERROR });

/** A whole number, sent as a JSON number or as text. */
export function whole(min: number, max: number): z.ZodType<number> {
  const error = `a whole number from ${String(min)} to ${String(max)}`;
  const number = z.instanceof(NumberText).meta({ type: "integer", minimum: min, maximum: max });
  return z
    .union([z.string().regex(/^\d{1,16}$/, { error }), number], { error })
    .transform((value) => (typeof value === "string" ? value : value.text))
    .refine((text) => /^\d{1,16}$/.test(text) && Number(text) >= min && Number(text) <= max, { error })
    .transform(Number);
}

/** A whole number in a query. */
export function wholeText(min: number, max: number): z.ZodType<number> {
  const error = `a whole number from ${String(min)} to ${String(max)}`;
  return z
    .string({ error })
    .regex(/^\d{1,16}$/, { error })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error })
    .meta({ minimum: min, maximum: max });
}

/** A text of at most so many characters, for what is only looked up or compared. */
export function shortText(max: number): z.ZodString {
  const error = `a text of at most ${String(max)} characters`;
  return z.string({ error }).max(max, { error });
}

/** `BTC-USD`; `BTC/USD` too, since that is what ccxt sends when it cancels. */
export const productId = z
  .string({ error: "a product such as BTC-USD" })
  .regex(/^[A-Z0-9]{1,12}[-/][A-Z0-9]{1,12}$/, { error: "a product such as BTC-USD" })
  .transform((id) => id.replace("/", "-"));

/** The client's own id of an order: a UUID as Coinbase Exchange asks, or any other id of these characters. */
export const clientOid = z
  .string({ error: "1 to 64 letters, digits, -, _, : or ." })
  .regex(/^[A-Za-z0-9._:-]{1,64}$/, { error: "1 to 64 letters, digits, -, _, : or ." });

/** One of these texts. */
export function oneOf<const T extends readonly [string, ...string[]]>(
  ...values: T
): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(values, { error: values.join(" | ") });
}

const boolean = z.boolean({ error: "true or false" });
const text = z.string();
/** A decimal in an answer. */
export const decimalText = z.string().regex(/^-?\d+(?:\.\d+)?$/);
const time = z.iso.datetime();

/** Where a page starts and how long it is; cursors come from CB-BEFORE and CB-AFTER. */
export const page = z.object({
  before: wholeText(0, Number.MAX_SAFE_INTEGER).optional().describe("Entries newer than this cursor"),
  after: wholeText(0, Number.MAX_SAFE_INTEGER).optional().describe("Entries older than this cursor"),
  limit: wholeText(1, 1_000).optional().describe("At most this many entries; 1,000 without"),
});

/** A time in a query, ISO 8601 or seconds of the epoch; comes out as milliseconds of the epoch. */
export const date = z
  .string({ error: "a time in ISO 8601 or in seconds of the epoch" })
  .max(40, { error: "a time in ISO 8601 or in seconds of the epoch" })
  .transform((value) => (/^\d{1,12}$/.test(value) ? Number(value) * 1_000 : Date.parse(value)))
  .refine((value) => Number.isFinite(value), { error: "a time in ISO 8601 or in seconds of the epoch" });

/** A new order. Members that are not named here are ignored, but for those that would make it another order. */
export const newOrder = z
  .object({
    type: oneOf("limit", "market").default("limit"),
    side: oneOf("buy", "sell"),
    product_id: productId,
    client_oid: clientOid.optional().describe("Your own id: the same one again is answered with the first order"),
    price: decimal.optional().describe("Of a limit order"),
    size: decimal.optional().describe("In the base currency"),
    funds: decimal.optional().describe("Of a market order without size: in the quote currency, fee included"),
    time_in_force: oneOf("GTC", "GTT", "IOC", "FOK").optional().describe("GTC without; a market order never stands"),
    cancel_after: oneOf("min", "hour", "day").optional().describe("With GTT alone"),
    post_only: boolean.optional(),
    stp: oneOf("dc", "co", "cn", "cb").optional().describe("Self-trade prevention; dc without"),
    profile_id: shortText(64).optional().describe("Must be the key's own"),
    stop: z.undefined({ error: "left out: there are no stop orders" }).optional(),
    stop_price: z.undefined({ error: "left out: there are no stop orders" }).optional(),
    stop_limit_price: z.undefined({ error: "left out: there are no stop orders" }).optional(),
    max_floor: z.undefined({ error: "left out: there are no iceberg orders" }).optional(),
  })
  .meta({ id: "NewOrder" });

/** The dead man's switch. */
export const cancelAfter = z
  .object({
    timeout_seconds: whole(0, 86_400).describe(
      "Seconds until all orders are cancelled, unless this is said again; 0 disarms",
    ),
  })
  .meta({ id: "CancelAfter" });

/** Answers. `loose`: members may be added. */
export const error = z.looseObject({ message: text }).meta({ id: "Error" });
/** See `error`. */
export const product = z
  .looseObject({
    id: text,
    base_currency: text,
    quote_currency: text,
    quote_increment: decimalText,
    base_increment: decimalText,
    base_min_size: decimalText,
    display_name: text,
    min_market_funds: decimalText,
    post_only: z.boolean(),
    limit_only: z.boolean(),
    cancel_only: z.boolean(),
    trading_disabled: z.boolean(),
    auction_mode: z.boolean(),
    status: z.enum(["online", "offline"]),
    status_message: text,
  })
  .meta({ id: "Product" });
/** See `error`. */
export const currency = z
  .looseObject({ id: text, name: text, min_size: decimalText, status: text, max_precision: decimalText })
  .meta({ id: "Currency" });
/** Price, size, and the number of orders (an id at level 3). Not a tuple: tools that read the document do not all know `prefixItems`. */
const bookEntry = z.array(z.union([decimalText, z.uuid(), z.number().int()])).length(3);
/** See `error`. */
export const book = z
  .looseObject({
    sequence: z.number().int(),
    time,
    auction_mode: z.boolean(),
    bids: z.array(bookEntry),
    asks: z.array(bookEntry),
  })
  .meta({ id: "Book" });
/** See `error`. */
export const ticker = z
  .looseObject({
    trade_id: z.number().int().optional(),
    price: decimalText.optional(),
    size: decimalText.optional(),
    time: time.optional(),
    bid: decimalText.optional(),
    ask: decimalText.optional(),
    volume: decimalText,
  })
  .meta({ id: "Ticker" });
/** See `error`. */
export const trade = z
  .looseObject({
    trade_id: z.number().int(),
    side: z.enum(["buy", "sell"]),
    size: decimalText,
    price: decimalText,
    time,
  })
  .meta({ id: "Trade" });
/** See `error`. */
export const stats = z
  .looseObject({
    open: decimalText,
    high: decimalText,
    low: decimalText,
    last: decimalText,
    volume: decimalText,
    volume_30day: decimalText,
  })
  .meta({ id: "Stats" });
/** See `error`. */
export const order = z
  .looseObject({
    id: z.uuid(),
    client_oid: text.optional(),
    price: decimalText.optional(),
    size: decimalText.optional(),
    funds: decimalText.optional(),
    product_id: text,
    profile_id: text,
    side: z.enum(["buy", "sell"]),
    stp: z.enum(["dc", "co", "cn", "cb"]),
    type: z.enum(["limit", "market"]),
    time_in_force: z.enum(["GTC", "GTT", "IOC", "FOK"]),
    expire_time: time.optional(),
    post_only: z.boolean(),
    created_at: time,
    done_at: time.optional(),
    done_reason: z.enum(["filled", "canceled"]).optional(),
    reject_reason: text.optional(),
    fill_fees: decimalText,
    filled_size: decimalText,
    executed_value: decimalText,
    status: z.enum(["open", "done", "rejected"]),
    settled: z.boolean(),
  })
  .meta({ id: "Order" });
/** See `error`. */
export const fill = z
  .looseObject({
    trade_id: z.number().int(),
    product_id: text,
    order_id: z.uuid(),
    liquidity: z.enum(["T", "M"]),
    price: decimalText,
    size: decimalText,
    fee: decimalText,
    created_at: time,
    side: z.enum(["buy", "sell"]),
    settled: z.boolean(),
  })
  .meta({ id: "Fill" });
/** See `error`. */
export const account = z
  .looseObject({
    id: z.uuid(),
    currency: text,
    balance: decimalText,
    hold: decimalText,
    available: decimalText,
    profile_id: text,
    trading_enabled: z.boolean(),
  })
  .meta({ id: "Account" });
/** See `error`. */
export const ledgerEntry = z
  .looseObject({
    id: text,
    amount: decimalText,
    balance: decimalText,
    created_at: time,
    type: z.enum(["transfer", "match", "fee"]),
    details: z.looseObject({}),
  })
  .meta({ id: "LedgerEntry" });
/** See `error`. */
export const hold = z
  .looseObject({ id: z.uuid(), created_at: time, amount: decimalText, type: z.literal("order"), ref: z.uuid() })
  .meta({ id: "Hold" });
/** See `error`. */
export const transfer = z
  .looseObject({
    id: z.uuid(),
    type: z.enum(["deposit", "withdraw"]),
    created_at: time,
    completed_at: time,
    account_id: z.uuid(),
    amount: decimalText,
    currency: text,
    details: z.looseObject({}),
  })
  .meta({ id: "Transfer" });
/** See `error`. */
export const profile = z
  .looseObject({
    id: text,
    user_id: text,
    name: text,
    active: z.boolean(),
    is_default: z.boolean(),
    has_margin: z.boolean(),
  })
  .meta({ id: "Profile" });
