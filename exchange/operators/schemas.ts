/** What operators may send. Unknown members are refused: a mistyped one would otherwise be a silent default. */
import { z } from "zod";
import { decimal, oneOf, productId, whole } from "../http/schemas";

const named = (what: string, pattern: RegExp): z.ZodString => z.string({ error: what }).regex(pattern, { error: what });

const currencyId = named("1 to 12 capital letters and digits", /^[A-Z0-9]{1,12}$/);
/** An account's id. */
export const accountId = named(
  "1 to 64 letters, digits, ., _, : or -, a letter or digit first",
  /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/,
);
/** A key's id. */
export const keyId = named(
  "1 to 64 letters, digits, ., _, : or -, a letter or digit first",
  /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/,
);
const reason = named("1 to 200 characters without line breaks", /^[\x20-\x7e\u00a0-\uffff]{1,200}$/);
const scale = whole(0, 18);
const basisPoints = whole(0, 10_000);

/** A currency; `scale` is the number of decimals of its smallest unit. */
export const currencyBody = z.strictObject({
  id: currencyId,
  name: named("1 to 64 characters", /^[\x20-\x7e\u00a0-\uffff]{1,64}$/),
  scale,
});

/** A product. Fees are in hundredths of a percent. */
export const productBody = z.strictObject({
  base_currency: currencyId,
  quote_currency: currencyId,
  price_scale: scale.describe("Decimals of a price"),
  size_scale: scale.describe("Decimals of a size"),
  min_market_funds: decimal.describe("Smallest value of an order, in the quote currency"),
  maker_fee_basis_points: basisPoints,
  taker_fee_basis_points: basisPoints,
});

/** What a book admits. */
export const modeBody = z.strictObject({
  product_id: productId,
  mode: oneOf("full", "limit-only", "post-only", "cancel-only", "read-only", "maintenance"),
  reason,
});

/** A new account. */
export const accountBody = z.strictObject({ account_id: accountId });

/** A new key. */
export const keyBody = z.strictObject({
  account_id: accountId,
  key_id: keyId.optional().describe("A random one without"),
  can_trade: z.boolean({ error: "true or false" }).optional().describe("True without; false: the key can only read"),
});

/** Money into an account, or free money out of it. */
export const balanceBody = z.strictObject({
  kind: oneOf("credit", "debit"),
  account_id: accountId,
  currency: currencyId,
  amount: decimal,
  reference: named(
    "1 to 64 letters, digits, ., _, : or -, a letter or digit first",
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/,
  ),
});

/** Which orders of an account. */
export const cancelBody = z.strictObject({
  account_id: accountId,
  product_id: productId.optional(),
  order_id: z.uuid({ error: "the id of an order" }).optional(),
});

/** A new epoch. */
export const epochBody = z.strictObject({ epoch: whole(1, 8_000) });
