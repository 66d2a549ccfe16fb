/**
 * The operators' routes. Whatever changes something is a command in the journal with the operator's name, and so in the audit trail of every
 * node. Requests are signed like customers', with a key of `OPERATOR_KEYS` and without a passphrase.
 */
import { z } from "zod";
import { parseDecimal, formatDecimal } from "../machine/money";
import type { Command } from "../machine/commands";
import type { Outcome } from "../machine/events";
import type { KeyRing } from "../node/api-keys";
import type { Exchange } from "../node/exchange";
import { CHANGING, LIMITED, json, paged, refusal } from "../http/documented";
import { HttpError } from "../http/errors";
import { iso } from "../http/format";
import { cursorHeaders, pageOf } from "../http/paging";
import { type Answer, type Route, type RouteDefinition, route } from "../http/route";
import { page } from "../http/schemas";
import { STALE } from "../http/stale";
import { submitted } from "../http/submitted";
import * as schemas from "./schemas";

const TAG = "Operators";
const DONE = z.looseObject({ sequence: z.number().int(), duplicate: z.boolean() });
const READING = { ...LIMITED, 401: refusal("The signature or the timestamp is wrong") };
const GONE = { 404: refusal("There is no such thing") };

/** What an operator's command did. @throws HttpError */
function performed(exchange: Exchange, command: Command): Promise<Exclude<Outcome, { ok: false }>> {
  return submitted(exchange, command, "command", "ask for /operator/audit");
}

/** A route whose body becomes one command. */
function commandRoute<B extends z.ZodType>(
  exchange: Exchange,
  definition: Pick<RouteDefinition<z.ZodType, z.ZodType, B>, "path" | "summary" | "description"> & { body: B },
  commandOf: (body: z.output<B>, operator: string) => Command,
): Route {
  return route({
    ...definition,
    method: "POST",
    access: "operator",
    tag: TAG,
    responses: { 200: json("Done, and in the journal", DONE), ...CHANGING, ...GONE },
    handle: async ({ body }, { operator }) => done(exchange, await performed(exchange, commandOf(body, operator))),
  });
}

function done(exchange: Exchange, outcome: Exclude<Outcome, { ok: false }>): Answer {
  return { body: { sequence: exchange.view.sequence, duplicate: "duplicate" in outcome && outcome.duplicate } };
}

/** One problem of one field, in the one shape. */
function problem(path: string, expected: string, got: string, fix: string): HttpError {
  return new HttpError(400, `${path} must be ${expected}, got ${got}; ${fix}`, {}, [{ path, expected, got, fix }]);
}

/** Ledger units of an amount. @throws HttpError 400 */
function amountOf(exchange: Exchange, path: string, currencyId: string, text: string): string {
  const currency = exchange.view.currency(currencyId);
  if (currency === undefined) {
    throw problem("currency", "a currency that exists", JSON.stringify(currencyId), "create it first");
  }
  const units = parseDecimal(text, currency.scale);
  if (units === undefined || units === 0n) {
    const expected = `a positive amount with at most ${String(currency.scale)} decimals`;
    throw problem(path, expected, JSON.stringify(text), "write it with fewer decimals, or use another currency");
  }
  return units.toString();
}

function marketRoutes(exchange: Exchange): Route[] {
  return [
    commandRoute(
      exchange,
      { path: "/operator/currencies", summary: "Create a currency", body: schemas.currencyBody },
      (body, operator) => ({ type: "currency-create", operator, ...body }),
    ),
    commandRoute(
      exchange,
      {
        path: "/operator/products",
        summary: "Create a product",
        description:
          "Starts in mode full. The base currency needs at least `size_scale` decimals, the quote currency at least `price_scale + size_scale`, so that no value is rounded.",
        body: schemas.productBody,
      },
      (body, operator) => ({
        type: "product-create",
        operator,
        id: `${body.base_currency}-${body.quote_currency}`,
        baseCurrency: body.base_currency,
        quoteCurrency: body.quote_currency,
        priceScale: body.price_scale,
        sizeScale: body.size_scale,
        minMarketFunds: amountOf(exchange, "min_market_funds", body.quote_currency, body.min_market_funds),
        makerFeeBasisPoints: body.maker_fee_basis_points,
        takerFeeBasisPoints: body.taker_fee_basis_points,
      }),
    ),
    commandRoute(
      exchange,
      {
        path: "/operator/modes",
        summary: "Set what a book admits",
        description: "The reason is public: it stands in `/status`, in the products and on the feed.",
        body: schemas.modeBody,
      },
      (body, operator) => ({
        type: "mode-set",
        operator,
        productId: body.product_id,
        mode: body.mode,
        reason: body.reason,
      }),
    ),
    commandRoute(
      exchange,
      {
        path: "/operator/epoch",
        summary: "Start a new epoch",
        description:
          "After a journal was made anew: all sequences continue above anything that was ever sent. A lower or equal epoch changes nothing.",
        body: schemas.epochBody,
      },
      (body, operator) => ({ type: "epoch-start", operator, epoch: body.epoch }),
    ),
  ];
}

function accountRoutes(exchange: Exchange): Route[] {
  const { view } = exchange;
  return [
    commandRoute(
      exchange,
      { path: "/operator/accounts", summary: "Create an account", body: schemas.accountBody },
      (body, operator) => ({ type: "account-create", operator, accountId: body.account_id }),
    ),
    route({
      method: "GET",
      path: "/operator/accounts",
      access: "operator",
      tag: TAG,
      summary: "Ids of all accounts",
      responses: { 200: json("The ids", z.array(z.string())), ...READING },
      handle: async () => read(await exchange.caughtUp(), view.accountIds()),
    }),
    route({
      method: "GET",
      path: "/operator/accounts/{account_id}",
      access: "operator",
      tag: TAG,
      summary: "Balances, open orders and dead man's switch of one account",
      params: z.object({ account_id: schemas.accountId }),
      responses: { 200: json("The account", z.looseObject({ account_id: z.string() })), ...READING, ...GONE },
      handle: async ({ params: { account_id: accountId } }) => {
        const isCurrent = await exchange.caughtUp();
        if (!view.hasAccount(accountId))
          throw new HttpError(isCurrent ? 404 : 503, isCurrent ? "NotFound" : "this node may be behind; ask again");
        const deadline = view.cancelAfterDeadline(accountId);
        return read(isCurrent, {
          account_id: accountId,
          balances: view.balances(accountId).map(({ currency, balance, hold, available }) => {
            const scale = view.currency(currency)?.scale ?? 0;
            const [whole, held, free] = [balance, hold, available].map((units) => formatDecimal(units, scale));
            return { currency, balance: whole, hold: held, available: free };
          }),
          open_orders: view.openOrderCount(accountId),
          cancel_after: deadline === undefined ? null : iso(deadline),
          cancel_after_state: view.cancelAfterState(accountId),
        });
      },
    }),
    commandRoute(
      exchange,
      {
        path: "/operator/balances",
        summary: "Credit or debit an account",
        description:
          "The reference is unique for each account: the same one again changes nothing, so that an unknown outcome can be sent again.",
        body: schemas.balanceBody,
      },
      (body, operator) => ({
        type: body.kind,
        operator,
        accountId: body.account_id,
        currency: body.currency,
        amount: amountOf(exchange, "amount", body.currency, body.amount),
        reference: body.reference,
      }),
    ),
  ];
}

function read(isCurrent: boolean, body: unknown): Answer {
  return { body, headers: isCurrent ? {} : STALE };
}

function keyRoutes(exchange: Exchange, keys: KeyRing): Route[] {
  const { view } = exchange;
  return [
    route({
      method: "POST",
      path: "/operator/keys",
      access: "operator",
      tag: TAG,
      summary: "Issue a key",
      description:
        "Answers secret and passphrase. They are stored nowhere: every node derives them from the master secret, and this answer is the only place where they are told. A `key_id` of your own makes the request safe to send again.",
      body: schemas.keyBody,
      responses: {
        200: json(
          "The key",
          z.looseObject({
            key_id: z.string(),
            account_id: z.string(),
            can_trade: z.boolean(),
            secret: z.string(),
            passphrase: z.string(),
          }),
        ),
        ...CHANGING,
        ...GONE,
      },
      handle: async ({ body }, { operator }) => {
        const keyId = body.key_id ?? exchange.newId();
        if (!keys.canIssue) throw new HttpError(400, "keys cannot be issued: API_KEY_MASTER is not set on this node");
        const canTrade = body.can_trade ?? true;
        await performed(exchange, { type: "key-issue", operator, keyId, accountId: body.account_id, canTrade });
        return {
          body: { key_id: keyId, account_id: body.account_id, can_trade: canTrade, ...keys.credentialsOf(keyId) },
        };
      },
    }),
    route({
      method: "GET",
      path: "/operator/keys",
      access: "operator",
      tag: TAG,
      summary: "All keys, without secrets",
      responses: { 200: json("The keys", z.array(z.looseObject({ key_id: z.string() }))), ...READING },
      handle: async () => {
        const isCurrent = await exchange.caughtUp();
        const all = view.keys().map(({ keyId, accountId, canTrade, revoked }) => ({
          key_id: keyId,
          account_id: accountId,
          can_trade: canTrade,
          revoked,
        }));
        return read(isCurrent, all);
      },
    }),
    route({
      method: "DELETE",
      path: "/operator/keys/{key_id}",
      access: "operator",
      tag: TAG,
      summary: "Revoke a key for good",
      description: "Holds on each node as soon as it has applied the command.",
      params: z.object({ key_id: schemas.keyId }),
      responses: { 200: json("Done, and in the journal", DONE), ...CHANGING, ...GONE },
      handle: async ({ params }, { operator }) =>
        done(exchange, await performed(exchange, { type: "key-revoke", operator, keyId: params.key_id })),
    }),
  ];
}

function orderRoutes(exchange: Exchange): Route[] {
  return [
    route({
      method: "DELETE",
      path: "/operator/orders",
      access: "operator",
      tag: TAG,
      summary: "Cancel for an account: one order, those of one product, or all",
      body: schemas.cancelBody,
      responses: { 200: json("Ids of the cancelled orders", z.array(z.uuid())), ...CHANGING, ...GONE },
      handle: async ({ body }, { operator }) => {
        const { account_id: accountId, product_id: productId, order_id: orderId } = body;
        const product = productId === undefined ? {} : { productId };
        const outcome = await performed(
          exchange,
          orderId === undefined
            ? { type: "orders-cancel-all", accountId, operator, ...product }
            : { type: "order-cancel", accountId, operator, orderId, ...product },
        );
        if (outcome.kind !== "cancelled") throw new Error(`cancelling orders did ${outcome.kind}`);
        return { body: outcome.orderIds };
      },
    }),
  ];
}

function auditRoute(exchange: Exchange): Route {
  const { view } = exchange;
  return route({
    method: "GET",
    path: "/operator/audit",
    access: "operator",
    tag: TAG,
    summary: "What operators did, newest first",
    description: "The last 10,000. Cursors are positions in the trail.",
    query: page,
    responses: {
      200: paged(
        "The entries",
        z.looseObject({
          sequence: z.number().int(),
          at: z.iso.datetime(),
          operator: z.string(),
          accepted: z.boolean(),
        }),
      ),
      ...READING,
    },
    handle: async ({ query }) => {
      const isCurrent = await exchange.caughtUp();
      const entries = view.audit(pageOf(query));
      const answer = read(
        isCurrent,
        entries.map(({ sequence, at, operator, detail, accepted }) => ({
          sequence,
          at: iso(at),
          operator,
          accepted,
          detail,
        })),
      );
      return { ...answer, headers: { ...answer.headers, ...cursorHeaders(entries.map(({ cursor }) => cursor)) } };
    },
  });
}

function lookRoutes(exchange: Exchange): Route[] {
  const { view } = exchange;
  return [
    route({
      method: "GET",
      path: "/operator/health",
      access: "operator",
      needsState: false,
      tag: TAG,
      summary: "Why this node or this region does not take traffic",
      responses: {
        200: json(
          "Both healths with their reasons",
          z.looseObject({ ready: z.looseObject({}), region: z.looseObject({}) }),
        ),
        ...READING,
      },
      handle: () => ({
        body: {
          place: exchange.place,
          sequence: view.sequence,
          epoch: view.epoch,
          time: iso(view.now),
          ready: exchange.ready(),
          region: exchange.region(),
        },
      }),
    }),
    route({
      method: "GET",
      path: "/operator/fees",
      access: "operator",
      tag: TAG,
      summary: "What the exchange itself holds",
      responses: { 200: json("Amounts by currency", z.record(z.string(), z.string())), ...READING },
      handle: async () => {
        const isCurrent = await exchange.caughtUp();
        const amounts = [...view.feeBalances()].map(([currency, units]) => [
          currency,
          formatDecimal(units, view.currency(currency)?.scale ?? 0),
        ]);
        return read(isCurrent, Object.fromEntries(amounts));
      },
    }),
  ];
}

/** Every route of the operators. */
export function operatorRoutes(exchange: Exchange, keys: KeyRing): Route[] {
  return [
    ...marketRoutes(exchange),
    ...accountRoutes(exchange),
    ...keyRoutes(exchange, keys),
    ...orderRoutes(exchange),
    auditRoute(exchange),
    ...lookRoutes(exchange),
  ];
}
