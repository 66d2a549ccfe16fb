/** What the public sees of the past: trades, candles, statistics. Kept by count; the time in them is the machine's. */
import { CANDLES_KEPT, GRANULARITIES } from "./limits";
import { Ring } from "./ring";
import type { Candle, Product } from "./state";
import type { CandleView, StatsView, TradeView } from "./view";

const DAY_SECONDS = 86_400;
const STATS_SECONDS = 300;
const MONTH_SECONDS = 21_600;

/** No candles yet, for each granularity. */
export function emptyCandles(): Ring<Candle>[] {
  return GRANULARITIES.map(() => new Ring<Candle>(CANDLES_KEPT));
}

/** Writes a trade down. */
export function remember(product: Product, trade: TradeView): void {
  product.trades.push(trade);
  const seconds = Math.floor(trade.at / 1000);
  const { price, size } = trade;
  for (let index = 0; index < GRANULARITIES.length; index += 1) {
    const start = seconds - (seconds % (GRANULARITIES[index] ?? 1));
    const candles = product.candles[index];
    const last = candles?.last;
    if (last?.start !== start) {
      candles?.push({ start, low: price, high: price, open: price, close: price, volume: size, carried: 0n });
      continue;
    }
    if (price < last.low) last.low = price;
    if (price > last.high) last.high = price;
    last.close = price;
    if (last.volume > Number.MAX_SAFE_INTEGER - size) {
      last.carried += BigInt(last.volume);
      last.volume = 0;
    }
    last.volume += size;
  }
}

/** All lots of a candle. */
export function volumeOf(candle: Candle): bigint {
  return candle.carried + BigInt(candle.volume);
}

/** The candles of one granularity, newest first; none for a granularity that there is not. */
export function candlesOf(product: Product, granularity: number): CandleView[] {
  const candles = product.candles[GRANULARITIES.indexOf(granularity)];
  return (candles?.page({ limit: CANDLES_KEPT }) ?? []).map((candle) => {
    const { start, low, high, open, close } = candle;
    return { start, low, high, open, close, volume: volumeOf(candle) };
  });
}

/** The candles that end after `seconds` ago, oldest first. */
function since(product: Product, granularity: number, nowSeconds: number, seconds: number): Candle[] {
  const candles = product.candles[GRANULARITIES.indexOf(granularity)];
  const found = candles?.page({ limit: CANDLES_KEPT }, ({ start }) => start + granularity > nowSeconds - seconds);
  return (found ?? []).reverse();
}

/**
 * The last 24 hours by 5-minute candles and the last 30 days by 6-hour candles: the oldest candle counts whole, so up to that much more is in
 * the sums. `last` is the last trade whenever it was.
 */
export function statsOf(product: Product, now: number): StatsView {
  const seconds = Math.floor(now / 1000);
  const day = since(product, STATS_SECONDS, seconds, DAY_SECONDS);
  const month = since(product, MONTH_SECONDS, seconds, 30 * DAY_SECONDS);
  const sum = (candles: readonly Candle[]): bigint => candles.reduce((total, candle) => total + volumeOf(candle), 0n);
  return {
    open: day[0]?.open,
    high: day.length === 0 ? undefined : Math.max(...day.map(({ high }) => high)),
    low: day.length === 0 ? undefined : Math.min(...day.map(({ low }) => low)),
    last: product.trades.last?.price,
    volume: sum(day),
    volume30Days: sum(month),
  };
}
