/** What anybody may read: products, books, trades, candles, currencies, time, and what each book admits. */
import { LosslessNumber, stringify } from "lossless-json";
import { z } from "zod";
import type { CandleView, MachineView, ProductView } from "../../machine/view";
import type { Exchange } from "../../node/exchange";
import { LIMITED, json, paged, refusal } from "../documented";
import { BookAnswers } from "../book-answers";
import { HttpError } from "../errors";
import { currencyJson, iso, levelJson, price, productJson, size, tradeJson } from "../format";
import { cursorHeaders, pageOf } from "../paging";
import { type Answer, type Route, route } from "../route";
import * as schemas from "../schemas";

/** Prices on each side that level 2 shows. Coinbase Exchange shows all of them; here a book has a bounded page. */
const LEVELS_MAX = 1_000;
/** Orders on each side that level 3 shows, best first: about 1 MB. Whoever needs a larger book whole follows the feed. */
const ORDERS_MAX = 10_000;
/** The granularity of spark lines, and how many points one has. */
const SPARK_SECONDS = 3_600;
const SPARK_POINTS = 24;

const JSON_TYPE = "application/json; charset=utf-8";
const GRANULARITIES = ["60", "300", "900", "3600", "21600", "86400"] as const;
const byProduct = z.object({ product_id: schemas.productId });
const byCurrency = z.object({ currency_id: schemas.shortText(16) });
const UNKNOWN = { 404: refusal("There is no such thing") };

/** A product that exists. @throws HttpError 404 */
function productIn(view: MachineView, id: string): ProductView {
  const product = view.product(id);
  if (product === undefined) throw new HttpError(404, "NotFound");
  return product;
}

/** JSON numbers, written digit by digit: candles are the one place where Coinbase Exchange sends decimals as numbers. */
function numbers(value: unknown): Answer {
  return { text: { type: JSON_TYPE, content: stringify(value) ?? "null" } };
}

function candleJson(product: ProductView, candle: CandleView): (number | LosslessNumber)[] {
  const prices = [candle.low, candle.high, candle.open, candle.close].map(
    (ticks) => new LosslessNumber(price(product, ticks)),
  );
  return [candle.start, ...prices, new LosslessNumber(size(product, candle.volume))];
}

function bookRoute({ view }: Exchange, monotonicMs: () => number): Route {
  const answers = new BookAnswers(monotonicMs);
  return route({
    method: "GET",
    path: "/products/{product_id}/book",
    access: "public",
    tag: "Market data",
    summary: "The book",
    description: `Level 1: the best price of each side. Level 2: the best ${String(LEVELS_MAX)} prices. Level 3: the best ${String(ORDERS_MAX)} open orders of each side, with the id in place of the number of orders. \`sequence\` is that of the feed's last message which is in it. Level 3 is written anew at most ten times a second, for all clients together.`,
    params: byProduct,
    query: z.object({ level: schemas.oneOf("1", "2", "3").default("1") }),
    responses: { 200: json("The book", schemas.book), ...LIMITED, ...UNKNOWN },
    handle: ({ params, query }) => {
      const product = productIn(view, params.product_id);
      const side = (which: "buy" | "sell"): unknown[] =>
        query.level === "3"
          ? view
              .openOrders(product.id, which)
              .slice(0, ORDERS_MAX)
              .map((order) => [
                price(product, order.price ?? 0),
                size(product, (order.size ?? 0) - order.filledSize),
                order.orderId,
              ])
          : view
              .levels(product.id, which, query.level === "1" ? 1 : LEVELS_MAX)
              .map((level) => levelJson(product, level));
      const { sequence, mode, id: productId } = product;
      const version = `${String(sequence)} ${String(view.now)} ${mode}`;
      const content = answers.bytesOf({ productId, level: query.level, version }, () => ({
        bids: side("buy"),
        asks: side("sell"),
        sequence,
        auction_mode: false,
        time: iso(view.now),
      }));
      return { text: { type: JSON_TYPE, content } };
    },
  });
}

function tickerRoute({ view }: Exchange): Route {
  return route({
    method: "GET",
    path: "/products/{product_id}/ticker",
    access: "public",
    tag: "Market data",
    summary: "The last trade, the best prices and the volume of 24 hours",
    description: "What does not exist yet, such as the last trade of a new product, is left out.",
    params: byProduct,
    responses: { 200: json("The ticker", schemas.ticker), ...LIMITED, ...UNKNOWN },
    handle: ({ params }) => {
      const product = productIn(view, params.product_id);
      const [last] = view.trades(product.id, { limit: 1 });
      const [bid] = view.levels(product.id, "buy", 1);
      const [ask] = view.levels(product.id, "sell", 1);
      return {
        body: {
          trade_id: last?.tradeId,
          price: last === undefined ? undefined : price(product, last.price),
          size: last === undefined ? undefined : size(product, last.size),
          time: last === undefined ? undefined : iso(last.at),
          bid: bid === undefined ? undefined : price(product, bid.price),
          ask: ask === undefined ? undefined : price(product, ask.price),
          volume: size(product, view.stats(product.id).volume),
        },
      };
    },
  });
}

function tradesRoute({ view }: Exchange): Route {
  return route({
    method: "GET",
    path: "/products/{product_id}/trades",
    access: "public",
    tag: "Market data",
    summary: "The last trades, newest first",
    description: "`side` is the maker's. Cursors are trade ids.",
    params: byProduct,
    query: schemas.page,
    responses: { 200: paged("The trades", schemas.trade), ...LIMITED, ...UNKNOWN },
    handle: ({ params, query }) => {
      const product = productIn(view, params.product_id);
      const trades = view.trades(product.id, pageOf(query));
      return {
        body: trades.map((trade) => tradeJson(product, trade)),
        headers: cursorHeaders(trades.map(({ tradeId }) => tradeId)),
      };
    },
  });
}

function candlesRoute({ view }: Exchange): Route {
  return route({
    method: "GET",
    path: "/products/{product_id}/candles",
    access: "public",
    tag: "Market data",
    summary: "Candles, newest first",
    description:
      "`[start in seconds, low, high, open, close, volume]` as numbers. At most 300; a time without trades has none.",
    params: byProduct,
    query: z.object({
      granularity: schemas
        .oneOf(...GRANULARITIES)
        .default("60")
        .describe("Seconds"),
      start: schemas.date.optional(),
      end: schemas.date.optional(),
    }),
    responses: { 200: json("The candles", z.array(z.array(z.number()))), ...LIMITED, ...UNKNOWN },
    handle: ({ params, query }) => {
      const product = productIn(view, params.product_id);
      const { start = -Infinity, end = Infinity } = query;
      const candles = view
        .candles(product.id, Number(query.granularity))
        .filter((candle) => candle.start * 1_000 >= start && candle.start * 1_000 <= end);
      return numbers(candles.map((candle) => candleJson(product, candle)));
    },
  });
}

function statsRoute({ view }: Exchange): Route {
  return route({
    method: "GET",
    path: "/products/{product_id}/stats",
    access: "public",
    tag: "Market data",
    summary: "The last 24 hours",
    description: "Prices are 0 where nothing was traded.",
    params: byProduct,
    responses: { 200: json("The figures", schemas.stats), ...LIMITED, ...UNKNOWN },
    handle: ({ params }) => {
      const product = productIn(view, params.product_id);
      const stats = view.stats(product.id);
      return {
        body: {
          open: price(product, stats.open ?? 0),
          high: price(product, stats.high ?? 0),
          low: price(product, stats.low ?? 0),
          last: price(product, stats.last ?? 0),
          volume: size(product, stats.volume),
          volume_30day: size(product, stats.volume30Days),
        },
      };
    },
  });
}

function productRoutes({ view }: Exchange): Route[] {
  return [
    route({
      method: "GET",
      path: "/products",
      access: "public",
      tag: "Market data",
      summary: "All products",
      responses: { 200: json("The products", z.array(schemas.product)), ...LIMITED },
      handle: () => ({ body: view.products().map((product) => productJson(view, product)) }),
    }),
    route({
      method: "GET",
      path: "/products/spark-lines",
      access: "public",
      tag: "Market data",
      summary: "A day of each product in hours",
      description: "`[start in seconds, low, high, open, close]` as numbers, newest first, by product.",
      responses: { 200: json("The lines", z.record(z.string(), z.array(z.array(z.number())))), ...LIMITED },
      handle: () => {
        const line = (product: ProductView): unknown[] =>
          view
            .candles(product.id, SPARK_SECONDS)
            .slice(0, SPARK_POINTS)
            .map((candle) => candleJson(product, candle).slice(0, -1));
        return numbers(Object.fromEntries(view.products().map((product) => [product.id, line(product)])));
      },
    }),
    route({
      method: "GET",
      path: "/products/{product_id}",
      access: "public",
      tag: "Market data",
      summary: "One product",
      params: byProduct,
      responses: { 200: json("The product", schemas.product), ...LIMITED, ...UNKNOWN },
      handle: ({ params }) => ({ body: productJson(view, productIn(view, params.product_id)) }),
    }),
  ];
}

function currencyRoutes({ view }: Exchange): Route[] {
  return [
    route({
      method: "GET",
      path: "/currencies",
      access: "public",
      tag: "Market data",
      summary: "All currencies",
      responses: { 200: json("The currencies", z.array(schemas.currency)), ...LIMITED },
      handle: () => ({ body: view.currencies().map(currencyJson) }),
    }),
    route({
      method: "GET",
      path: "/currencies/{currency_id}",
      access: "public",
      tag: "Market data",
      summary: "One currency",
      params: byCurrency,
      responses: { 200: json("The currency", schemas.currency), ...LIMITED, ...UNKNOWN },
      handle: ({ params }) => {
        const currency = view.currency(params.currency_id);
        if (currency === undefined) throw new HttpError(404, "NotFound");
        return { body: currencyJson(currency) };
      },
    }),
  ];
}

function statusRoutes(exchange: Exchange): Route[] {
  const { view } = exchange;
  return [
    route({
      method: "GET",
      path: "/time",
      access: "public",
      tag: "Market data",
      summary: "This node's wall clock",
      responses: {
        200: json("The time", z.looseObject({ iso: z.iso.datetime(), epoch: z.number() })),
        ...LIMITED,
      },
      handle: () => ({ body: { iso: iso(exchange.clock()), epoch: exchange.clock() / 1_000 } }),
    }),
    route({
      method: "GET",
      path: "/status",
      access: "public",
      tag: "Market data",
      summary: "What each book admits, since when and why",
      description:
        "Not part of Coinbase Exchange's surface. Answered from what this node has applied, in every region.",
      responses: {
        200: json(
          "The modes",
          z.looseObject({
            epoch: z.number().int(),
            sequence: z.number().int(),
            time: z.iso.datetime(),
            products: z.array(
              z.looseObject({
                id: z.string(),
                mode: z.string(),
                since: z.iso.datetime(),
                reason: z.string(),
                sequence: z.number().int(),
              }),
            ),
          }),
        ),
        ...LIMITED,
      },
      handle: () => ({
        body: {
          epoch: view.epoch,
          sequence: view.sequence,
          time: iso(view.now),
          cloud: exchange.place.cloud,
          region: exchange.place.region,
          products: view.products().map(({ id, mode, modeSince, modeReason, sequence }) => ({
            id,
            mode,
            since: iso(modeSince),
            reason: modeReason,
            epoch: view.epoch,
            sequence,
          })),
        },
      }),
    }),
  ];
}

/** Every public route. @param monotonicMs - a clock that never goes back. */
export function marketDataRoutes(exchange: Exchange, monotonicMs: () => number): Route[] {
  return [
    ...statusRoutes(exchange),
    ...productRoutes(exchange),
    bookRoute(exchange, monotonicMs),
    tickerRoute(exchange),
    tradesRoute(exchange),
    candlesRoute(exchange),
    statsRoute(exchange),
    ...currencyRoutes(exchange),
  ];
}
