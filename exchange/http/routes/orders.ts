/** Orders: place, cancel, read. A command is answered after the journal's quorum has it and this node has applied it. */
import { z } from "zod";
import type { Command, OrderPlace } from "../../machine/commands";
import type { OrderView } from "../../machine/events";
import { parseDecimal } from "../../machine/money";
import type { MachineView, ProductView } from "../../machine/view";
import type { Exchange } from "../../node/exchange";
import { CHANGING, SIGNED, json, paged, refusal } from "../documented";
import { HttpError } from "../errors";
import { iso, orderJson, scalesOf, step } from "../format";
import { PAGE_LIMIT, cursorHeaders } from "../paging";
import { type Answer, type Route, route } from "../route";
import * as schemas from "../schemas";
import { STALE, orMissing } from "../stale";
import { submitted } from "../submitted";

/** Orders of an account that a filter by date looks through: more than the machine keeps. */
const ORDERS_MAX = 20_000;
const MILLISECONDS = { min: 60_000, hour: 3_600_000, day: 86_400_000 };
const GONE = { 404: refusal("There is no such order") };
const NO_PRODUCT = { 404: refusal("There is no such product") };

type NewOrder = z.output<typeof schemas.newOrder>;

function orderAnswer(view: MachineView, order: OrderView): Record<string, unknown> {
  const product = view.product(order.productId);
  if (product === undefined) throw new Error(`order of the unknown product ${order.productId}`);
  return orderJson(scalesOf(view, product), order);
}

/** Whole units of a decimal that fit into a safe integer. @throws HttpError 400 in the words that ccxt knows */
function units(name: "price" | "size", text: string, scale: number): number {
  const value = parseDecimal(text, scale);
  if (value === undefined) throw new HttpError(400, `${name} too precise. Smallest unit is ${step(scale)}`);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new HttpError(400, `${name} too large`);
  if (value === 0n) {
    throw new HttpError(
      400,
      name === "price"
        ? `price too small. Minimum is ${step(scale)}`
        : `size is too small. Minimum size is ${step(scale)}`,
    );
  }
  return Number(value);
}

/** Checks what depends on several members. @throws HttpError 400 */
function checkShape(order: NewOrder): void {
  const isLimit = order.type === "limit";
  const timeInForce = order.time_in_force;
  if (isLimit && order.price === undefined) throw new HttpError(400, "price is required for a limit order");
  if (isLimit && order.size === undefined) throw new HttpError(400, "size is required for a limit order");
  if (isLimit && order.funds !== undefined) throw new HttpError(400, "funds is for market orders");
  if (!isLimit && (order.size === undefined) === (order.funds === undefined)) {
    throw new HttpError(400, "a market order needs either size or funds");
  }
  if (!isLimit && order.price !== undefined) throw new HttpError(400, "price is for limit orders");
  if (!isLimit && timeInForce === "GTT") throw new HttpError(400, "time_in_force GTT is for limit orders");
  if (order.post_only === true && (!isLimit || timeInForce === "IOC" || timeInForce === "FOK")) {
    throw new HttpError(400, "post_only is for limit orders with time_in_force GTC or GTT");
  }
  if ((timeInForce === "GTT") !== (order.cancel_after !== undefined)) {
    throw new HttpError(400, "cancel_after and time_in_force GTT need each other");
  }
}

/** The command for a new order. @throws HttpError 400 */
function placeCommand(exchange: Exchange, accountId: string, order: NewOrder, product: ProductView): OrderPlace {
  checkShape(order);
  if (order.profile_id !== undefined && order.profile_id !== accountId) {
    throw new HttpError(400, "profile_id is not the key's own");
  }
  const quoteScale = exchange.view.currency(product.quoteCurrency)?.scale ?? 0;
  const funds = order.funds === undefined ? undefined : parseDecimal(order.funds, quoteScale);
  if (order.funds !== undefined && funds === undefined) {
    throw new HttpError(400, `funds too precise. Smallest unit is ${step(quoteScale)}`);
  }
  if (funds === 0n) throw new HttpError(400, "funds is too small");
  const isMarket = order.type === "market";
  return {
    type: "order-place",
    orderId: exchange.newId(),
    accountId,
    productId: product.id,
    ...(order.client_oid === undefined ? {} : { clientOrderId: order.client_oid }),
    side: order.side,
    orderType: order.type,
    ...(order.price === undefined ? {} : { price: units("price", order.price, product.priceScale) }),
    ...(order.size === undefined ? {} : { size: units("size", order.size, product.sizeScale) }),
    ...(funds === undefined ? {} : { funds: funds.toString() }),
    timeInForce: isMarket && order.time_in_force !== "FOK" ? "IOC" : (order.time_in_force ?? "GTC"),
    ...(order.cancel_after === undefined ? {} : { expiresAt: exchange.clock() + MILLISECONDS[order.cancel_after] }),
    postOnly: order.post_only ?? false,
    selfTradePrevention: order.stp ?? "dc",
  };
}

function placeRoute(exchange: Exchange): Route {
  return route({
    method: "POST",
    path: "/orders",
    access: "trade",
    tag: "Orders",
    summary: "Place an order",
    description:
      "A `client_oid` that the account has used already is answered with 200 and the first order, whatever else the request says: after an answer that says that the outcome is unknown, send the same again or ask for `/orders/client:{client_oid}`. Without a `client_oid` two requests are two orders.",
    body: schemas.newOrder,
    responses: { 200: json("The order as it stands", schemas.order), ...CHANGING },
    handle: async ({ body }, { accountId }) => {
      const product = exchange.view.product(body.product_id);
      if (product === undefined) throw new HttpError(400, "Product not found");
      const command = placeCommand(exchange, accountId, body, product);
      const ask =
        body.client_oid === undefined
          ? `ask by order id ${command.orderId}`
          : `ask by client_oid ${body.client_oid} (order id ${command.orderId} unless it came before)`;
      const outcome = await submitted(exchange, command, "order", ask);
      if (outcome.kind !== "order") throw new Error(`placing an order did ${outcome.kind}`);
      return { body: orderAnswer(exchange.view, outcome.order) };
    },
  });
}

const which = { product_id: schemas.productId.optional(), profile_id: schemas.shortText(64).optional() };
const cancelWhich = z.object(which);
/** A mistyped name here would cancel more than was asked for: Coinbase Exchange documents 400 for `?Product_id=BTC-USD` too. */
const cancelAllWhich = z.strictObject(which);

/** The one value of a member that may stand in the query and in the body. @throws HttpError 400 */
function agreed(name: string, ...values: readonly (string | undefined)[]): string | undefined {
  const said = [...new Set(values.filter((value) => value !== undefined))];
  if (said.length > 1) throw new HttpError(400, `${name} in the query and in the body are not the same`);
  return said[0];
}

function cancelAllRoute(exchange: Exchange): Route {
  return route({
    method: "DELETE",
    path: "/orders",
    access: "trade",
    tag: "Orders",
    summary: "Cancel all open orders, or those of one product",
    description: "Product and profile may stand in the query or in the body; anything else there is refused.",
    query: cancelAllWhich,
    body: cancelAllWhich,
    isBodyOptional: true,
    responses: { 200: json("Ids of the cancelled orders", z.array(z.uuid())), ...CHANGING, ...NO_PRODUCT },
    handle: async ({ query, body }, { accountId }) => {
      const productId = agreed("product_id", query.product_id, body.product_id);
      if ((agreed("profile_id", query.profile_id, body.profile_id) ?? accountId) !== accountId) {
        throw new HttpError(400, "profile_id is not the key's own");
      }
      if (productId !== undefined && exchange.view.product(productId) === undefined) {
        throw new HttpError(404, "Product not found");
      }
      const command: Command = {
        type: "orders-cancel-all",
        accountId,
        ...(productId === undefined ? {} : { productId }),
      };
      const outcome = await submitted(exchange, command, "cancel", "ask for the open orders");
      if (outcome.kind !== "cancelled") throw new Error(`cancelling orders did ${outcome.kind}`);
      return { body: outcome.orderIds };
    },
  });
}

/** By the exchange's id, or, with `client:` before it, by the client's own. */
type Named = { readonly orderId: string } | { readonly clientOrderId: string };

/**
 * Reads which order a path names. `/orders/{order_id}` and `/orders/client:{client_oid}` are one pattern to the router.
 *
 * @throws HttpError 400
 */
function namedBy(id: string): Named {
  if (id.startsWith("client:")) {
    const clientOrderId = id.slice("client:".length);
    if (!/^[A-Za-z0-9._:-]{1,64}$/.test(clientOrderId)) throw new HttpError(400, "Invalid client_oid");
    return { clientOrderId };
  }
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new HttpError(400, "Invalid order id");
  return { orderId: id.toLowerCase() };
}

async function cancelOne(
  exchange: Exchange,
  accountId: string,
  id: string,
  productId: string | undefined,
): Promise<Answer> {
  const named = namedBy(id);
  const command: Command = {
    type: "order-cancel",
    accountId,
    ...named,
    ...(productId === undefined ? {} : { productId }),
  };
  const outcome = await submitted(exchange, command, "cancel", `ask for /orders/${id}`);
  if (outcome.kind !== "cancelled") throw new Error(`cancelling an order did ${outcome.kind}`);
  // The id by which it was named: https://docs.cdp.coinbase.com/api-reference/exchange-api/rest-api/orders/cancel-an-order
  return { body: "orderId" in named ? named.orderId : named.clientOrderId };
}

async function readOne(exchange: Exchange, accountId: string, id: string): Promise<Answer> {
  const named = namedBy(id);
  const isCurrent = await exchange.caughtUp();
  const { view } = exchange;
  const order = "orderId" in named ? view.order(named.orderId) : view.orderByClientId(accountId, named.clientOrderId);
  const own = order?.accountId === accountId ? order : undefined;
  const found = orMissing(own, isCurrent, "NotFound");
  return { body: orderAnswer(view, found), headers: isCurrent ? {} : STALE };
}

/** Each of the two ways to name an order is a page of its own in the document; the router sends both to the first. */
const NAMES = [
  { path: "/orders/{order_id}", params: z.object({ order_id: schemas.shortText(80) }), by: "by the exchange's id" },
  {
    path: "/orders/client:{client_oid}",
    params: z.object({ client_oid: schemas.shortText(80) }),
    by: "by your own id",
  },
] as const;

function oneOrderRoutes(exchange: Exchange): Route[] {
  return NAMES.flatMap(({ path, params, by }) => {
    const idIn = (given: { order_id: string } | { client_oid: string }): string =>
      "order_id" in given ? given.order_id : `client:${given.client_oid}`;
    return [
      route({
        method: "GET",
        path,
        access: "view",
        tag: "Orders",
        summary: `One order, ${by}`,
        description:
          "Where this node cannot learn whether it has seen everything: an order that it knows comes with the header `exchange-stale: true`, one that it does not know is 503, not 404.",
        params,
        responses: { 200: json("The order", schemas.order), ...SIGNED, ...GONE },
        handle: (input, { accountId }) => readOne(exchange, accountId, idIn(input.params)),
      }),
      route({
        method: "DELETE",
        path,
        access: "trade",
        tag: "Orders",
        summary: `Cancel one order, ${by}`,
        description: "A product in the query or in the body must be the order's.",
        params,
        query: cancelWhich,
        body: cancelWhich,
        isBodyOptional: true,
        responses: { 200: json("The id by which it was named", z.string()), ...CHANGING, ...GONE },
        handle: (input, { accountId }) =>
          cancelOne(
            exchange,
            accountId,
            idIn(input.params),
            agreed("product_id", input.query.product_id, input.body.product_id),
          ),
      }),
    ];
  });
}

const STATUSES: Record<string, readonly OrderView["status"][]> = {
  open: ["open"],
  pending: ["open"],
  active: ["open"],
  received: ["open"],
  done: ["done"],
  settled: ["done"],
  rejected: ["rejected"],
  all: ["open", "done", "rejected"],
};

const status = schemas.oneOf("open", "pending", "active", "received", "done", "settled", "rejected", "all");
const cursor = z.uuid({ error: "the id of an order" }).transform((id) => id.toLowerCase());
const listQuery = z.object({
  product_id: schemas.productId.optional(),
  status: z
    .union([status, z.array(status)], { error: "open | pending | active | received | done | settled | rejected | all" })
    .optional()
    .describe("Open orders without; may come several times"),
  before: cursor.optional().describe("Orders placed after this one"),
  after: cursor.optional().describe("Orders placed before this one"),
  limit: schemas.wholeText(1, 1_000).optional(),
  start_date: schemas.date.optional().describe("Orders created from then on"),
  end_date: schemas.date.optional().describe("Orders created until then"),
  sorting: schemas.oneOf("asc", "desc").optional(),
});

function listed(view: MachineView, accountId: string, query: z.output<typeof listQuery>): OrderView[] {
  const wanted = [...new Set([query.status ?? "open"].flat().flatMap((name) => STATUSES[name] ?? []))];
  const limit = query.limit ?? PAGE_LIMIT;
  const isPlain = query.before === undefined && query.start_date === undefined && query.end_date === undefined;
  const isWanted = (order: OrderView): boolean =>
    wanted.includes(order.status) && (query.product_id === undefined || order.productId === query.product_id);
  // The order that the cursor names may have closed since, or be of another product: it has its place all the same
  const narrow = { ...(query.product_id === undefined ? {} : { productId: query.product_id }), statuses: wanted };
  const orders = view.orders(accountId, {
    ...(query.before === undefined ? narrow : { statuses: STATUSES["all"] ?? [] }),
    limit: isPlain ? limit : ORDERS_MAX,
    ...(query.after === undefined ? {} : { beforeOrderId: query.after }),
  });
  const cut = query.before === undefined ? -1 : orders.findIndex(({ orderId }) => orderId === query.before);
  const newer = (cut < 0 ? orders : orders.slice(0, cut)).filter(isWanted);
  const { start_date: start = -Infinity, end_date: end = Infinity } = query;
  const page = newer.filter(({ createdAt }) => createdAt >= start && createdAt <= end).slice(0, limit);
  return query.sorting === "asc" ? page.reverse() : page;
}

function listRoute(exchange: Exchange): Route {
  return route({
    method: "GET",
    path: "/orders",
    access: "view",
    tag: "Orders",
    summary: "Orders of the account, newest first",
    description: "Of closed orders the last 10,000 are kept. Cursors are order ids.",
    query: listQuery,
    responses: { 200: paged("The orders", schemas.order), ...SIGNED },
    handle: async ({ query }, { accountId }) => {
      const isCurrent = await exchange.caughtUp();
      const orders = listed(exchange.view, accountId, query);
      return {
        body: orders.map((order) => orderAnswer(exchange.view, order)),
        headers: { ...cursorHeaders(orders.map(({ orderId }) => orderId)), ...(isCurrent ? {} : STALE) },
      };
    },
  });
}

function cancelAfterRoute(exchange: Exchange): Route {
  return route({
    method: "POST",
    path: "/orders/cancel-after",
    access: "trade",
    tag: "Orders",
    summary: "The dead man's switch",
    description:
      "Not part of Coinbase Exchange's surface. All orders of the account are cancelled when the time has passed without this being said again. The time does not run while a book with orders of the account is not in full mode (`state` is `frozen` and `trigger_time` null; the whole time begins anew with full mode), nor while the exchange itself was out of reach.",
    body: schemas.cancelAfter,
    responses: {
      200: json(
        "What holds now",
        z.looseObject({
          current_time: z.iso.datetime(),
          trigger_time: z.iso.datetime().nullable(),
          state: z.enum(["armed", "frozen", "disarmed"]),
        }),
      ),
      ...CHANGING,
    },
    handle: async ({ body }, { accountId }) => {
      const command: Command = { type: "cancel-after", accountId, timeoutMs: body.timeout_seconds * 1_000 };
      await submitted(exchange, command, "cancel-after", "say it again");
      const deadline = exchange.view.cancelAfterDeadline(accountId);
      return {
        body: {
          current_time: iso(exchange.view.now),
          trigger_time: deadline === undefined ? null : iso(deadline),
          state: exchange.view.cancelAfterState(accountId),
        },
      };
    },
  });
}

/** Every route about orders. */
export function orderRoutes(exchange: Exchange): Route[] {
  return [
    placeRoute(exchange),
    cancelAfterRoute(exchange),
    listRoute(exchange),
    cancelAllRoute(exchange),
    ...oneOrderRoutes(exchange),
  ];
}
