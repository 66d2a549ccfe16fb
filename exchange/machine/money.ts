/** Exact decimals: texts of clients to whole units and back. No floating point and no rounding anywhere. */

/** Most digits of a decimal text, both sides of the point together: more than any ledger amount, few enough to be cheap. */
const DIGITS_MAX = 40;

const DECIMAL = /^(\d+)(?:\.(\d+))?$/;

/** `10^exponent`, for whole exponents from 0. */
export function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/**
 * Whole units of `10^-scale` in a decimal text, exactly. `undefined` for anything but plain digits with at most one point between digits: signs,
 * exponents, spaces, `.5`, `5.`, more than 40 digits, and digits other than 0 beyond the scale (`"1.234"` at scale 2; `"1.230"` is fine).
 */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  if (text.length > DIGITS_MAX + 1) return undefined;
  const match = DECIMAL.exec(text);
  const whole = match?.[1];
  if (whole === undefined) return undefined;
  const fraction = match?.[2] ?? "";
  if (whole.length + fraction.length > DIGITS_MAX) return undefined;
  const kept = fraction.slice(0, scale);
  if (/[1-9]/.test(fraction.slice(scale))) return undefined;
  return BigInt(whole + kept.padEnd(scale, "0"));
}

/** A decimal text with exactly `scale` decimals: `formatDecimal(150n, 2)` is `"1.50"`. Negative values keep their sign. */
export function formatDecimal(value: bigint | number, scale: number): string {
  const amount = BigInt(value);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(scale + 1, "0");
  const sign = amount < 0n ? "-" : "";
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
