/** What a customer may read about its money: accounts (one for each currency), ledger, holds, fills, fees, profile, transfers. */
import { z } from "zod";
import { formatDecimal } from "../../machine/money";
import type { BalanceView, LedgerEntryView, MachineView } from "../../machine/view";
import type { Exchange } from "../../node/exchange";
import { SIGNED, json, paged, refusal } from "../documented";
import { HttpError } from "../errors";
import { derivedId, fillJson, iso, scalesOf } from "../format";
import { PAGE_LIMIT, cursorHeaders, pageOf } from "../paging";
import { type Answer, type Route, route } from "../route";
import * as schemas from "../schemas";
import { STALE, orMissing } from "../stale";

/** Entries of a list that a filter looks through: as many as the machine keeps. */
const ENTRIES_MAX = 10_000;
const GONE = { 404: refusal("The key's account has no such thing") };
const byAccount = z.object({ account_id: schemas.shortText(80) });
const TAG = "Accounts";

/** The id of the account that holds one currency of one customer. */
function accountIdOf(accountId: string, currency: string): string {
  return derivedId("account", accountId, currency);
}

const scaleOf = (view: MachineView, currency: string): number => view.currency(currency)?.scale ?? 0;

function accountJson(view: MachineView, accountId: string, balance: BalanceView): Record<string, unknown> {
  const amount = (value: bigint): string => formatDecimal(value, scaleOf(view, balance.currency));
  return {
    id: accountIdOf(accountId, balance.currency),
    currency: balance.currency,
    balance: amount(balance.balance),
    hold: amount(balance.hold),
    available: amount(balance.available),
    profile_id: accountId,
    trading_enabled: true,
    display_name: balance.currency,
  };
}

/** Runs a private read: waits until this node has seen everything, and marks the answer where it may not have. */
async function read(exchange: Exchange, answer: (isCurrent: boolean) => Answer): Promise<Answer> {
  const isCurrent = await exchange.caughtUp();
  const given = answer(isCurrent);
  return isCurrent ? given : { ...given, headers: { ...given.headers, ...STALE } };
}

/** The balance whose account has this id. @throws HttpError 404 or 503 */
function balanceIn(view: MachineView, accountId: string, id: string, isCurrent: boolean): BalanceView {
  const found = view.balances(accountId).find(({ currency }) => accountIdOf(accountId, currency) === id);
  return orMissing(found, isCurrent, "NotFound");
}

function balanceRoutes(exchange: Exchange): Route[] {
  const { view } = exchange;
  return [
    route({
      method: "GET",
      path: "/accounts",
      access: "view",
      tag: TAG,
      summary: "The balances, one account for each currency",
      responses: { 200: json("The accounts", z.array(schemas.account)), ...SIGNED },
      handle: (_input, { accountId }) =>
        read(exchange, () => ({
          body: view.balances(accountId).map((balance) => accountJson(view, accountId, balance)),
        })),
    }),
    route({
      method: "GET",
      path: "/accounts/{account_id}",
      access: "view",
      tag: TAG,
      summary: "One account",
      params: byAccount,
      responses: { 200: json("The account", schemas.account), ...SIGNED, ...GONE },
      handle: ({ params }, { accountId }) =>
        read(exchange, (isCurrent) => ({
          body: accountJson(view, accountId, balanceIn(view, accountId, params.account_id, isCurrent)),
        })),
    }),
  ];
}

function ledgerJson(view: MachineView, entry: LedgerEntryView): Record<string, unknown> {
  const amount = (value: bigint): string => formatDecimal(value, scaleOf(view, entry.currency));
  return {
    id: String(entry.cursor),
    amount: amount(entry.amount),
    balance: amount(entry.balance),
    created_at: iso(entry.at),
    type: entry.kind,
    details:
      entry.kind === "transfer"
        ? { transfer_type: entry.amount < 0n ? "withdraw" : "deposit", reference: entry.reference }
        : { order_id: entry.orderId, product_id: entry.productId, trade_id: String(entry.tradeId ?? "") },
  };
}

const dated = z.object({
  ...schemas.page.shape,
  start_date: schemas.date.optional().describe("Entries from then on"),
  end_date: schemas.date.optional().describe("Entries until then"),
});

function ledgerRoute(exchange: Exchange): Route {
  const { view } = exchange;
  return route({
    method: "GET",
    path: "/accounts/{account_id}/ledger",
    access: "view",
    tag: TAG,
    summary: "What changed the balance, newest first",
    params: byAccount,
    query: dated,
    responses: { 200: paged("The entries", schemas.ledgerEntry), ...SIGNED, ...GONE },
    handle: ({ params, query }, { accountId }) =>
      read(exchange, (isCurrent) => {
        const { currency } = balanceIn(view, accountId, params.account_id, isCurrent);
        const { start_date: start, end_date: end } = query;
        const page = pageOf(query);
        const isDated = start !== undefined || end !== undefined;
        const entries = view
          .ledger(accountId, currency, isDated ? { ...page, limit: ENTRIES_MAX } : page)
          .filter(({ at }) => at >= (start ?? -Infinity) && at <= (end ?? Infinity))
          .slice(0, page.limit);
        return {
          body: entries.map((entry) => ledgerJson(view, entry)),
          headers: cursorHeaders(entries.map(({ cursor }) => cursor)),
        };
      }),
  });
}

function holdsRoute(exchange: Exchange): Route {
  const { view } = exchange;
  return route({
    method: "GET",
    path: "/accounts/{account_id}/holds",
    access: "view",
    tag: TAG,
    summary: "What open orders hold of the balance",
    params: byAccount,
    query: z.object({ limit: schemas.page.shape.limit }),
    responses: { 200: json("The holds", z.array(schemas.hold)), ...SIGNED, ...GONE },
    handle: ({ params, query }, { accountId }) =>
      read(exchange, (isCurrent) => {
        const { currency } = balanceIn(view, accountId, params.account_id, isCurrent);
        const holds = view.orders(accountId, { statuses: ["open"], limit: ENTRIES_MAX }).filter((order) => {
          const product = view.product(order.productId);
          return currency === (order.side === "buy" ? product?.quoteCurrency : product?.baseCurrency);
        });
        return {
          body: holds.slice(0, query.limit ?? PAGE_LIMIT).map((order) => ({
            id: derivedId("hold", order.orderId),
            created_at: iso(order.createdAt),
            amount: formatDecimal(view.holdOf(order.orderId), scaleOf(view, currency)),
            type: "order",
            ref: order.orderId,
          })),
        };
      }),
  });
}

function transferJson(view: MachineView, accountId: string, entry: LedgerEntryView): Record<string, unknown> {
  const isOut = entry.amount < 0n;
  return {
    id: derivedId("transfer", accountId, entry.currency, String(entry.cursor)),
    type: isOut ? "withdraw" : "deposit",
    created_at: iso(entry.at),
    completed_at: iso(entry.at),
    processed_at: iso(entry.at),
    canceled_at: null,
    account_id: accountIdOf(accountId, entry.currency),
    user_id: accountId,
    profile_id: accountId,
    user_nonce: null,
    amount: formatDecimal(isOut ? -entry.amount : entry.amount, scaleOf(view, entry.currency)),
    currency: entry.currency,
    details: { reference: entry.reference },
  };
}

const transferQuery = z.object({
  type: schemas.oneOf("deposit", "withdraw").optional(),
  limit: schemas.page.shape.limit,
});

/** Transfers of these currencies, newest first. */
function transfersIn(
  view: MachineView,
  accountId: string,
  currencies: readonly string[],
  query: z.output<typeof transferQuery>,
): Record<string, unknown>[] {
  return currencies
    .flatMap((currency) => view.ledger(accountId, currency, { limit: ENTRIES_MAX }))
    .filter(
      ({ kind, amount }) =>
        kind === "transfer" && (query.type === undefined || (query.type === "withdraw") === amount < 0n),
    )
    .sort((a, b) => b.at - a.at)
    .slice(0, query.limit ?? PAGE_LIMIT)
    .map((entry) => transferJson(view, accountId, entry));
}

function transferRoutes(exchange: Exchange): Route[] {
  const { view } = exchange;
  const description = "Deposits and withdrawals are credits and debits by an operator; they are complete at once.";
  return [
    route({
      method: "GET",
      path: "/transfers",
      access: "view",
      tag: TAG,
      summary: "Deposits and withdrawals, newest first",
      description,
      query: transferQuery,
      responses: { 200: json("The transfers", z.array(schemas.transfer)), ...SIGNED },
      handle: ({ query }, { accountId }) =>
        read(exchange, () => {
          const currencies = view.balances(accountId).map(({ currency }) => currency);
          return { body: transfersIn(view, accountId, currencies, query) };
        }),
    }),
    route({
      method: "GET",
      path: "/accounts/{account_id}/transfers",
      access: "view",
      tag: TAG,
      summary: "Deposits and withdrawals of one currency, newest first",
      description,
      params: byAccount,
      query: transferQuery,
      responses: { 200: json("The transfers", z.array(schemas.transfer)), ...SIGNED, ...GONE },
      handle: ({ params, query }, { accountId }) =>
        read(exchange, (isCurrent) => {
          const { currency } = balanceIn(view, accountId, params.account_id, isCurrent);
          return { body: transfersIn(view, accountId, [currency], query) };
        }),
    }),
  ];
}

const fillsQuery = z.object({
  product_id: schemas.productId.optional(),
  order_id: z.uuid({ error: "the id of an order" }).optional(),
  ...dated.shape,
});

function fillsRoute(exchange: Exchange): Route {
  const { view } = exchange;
  return route({
    method: "GET",
    path: "/fills",
    access: "view",
    rate: "fills",
    tag: TAG,
    summary: "The account's sides of trades, newest first",
    description:
      "All of the account without a product or an order; the last 10,000 are kept. Cursors are positions in the account's list.",
    query: fillsQuery,
    responses: { 200: paged("The fills", schemas.fill), ...SIGNED },
    handle: ({ query }, { accountId }) =>
      read(exchange, () => {
        const { product_id: productId, order_id: orderId, start_date: start, end_date: end } = query;
        const page = pageOf(query);
        const isDated = start !== undefined || end !== undefined;
        const filter = {
          ...(productId === undefined ? {} : { productId }),
          ...(orderId === undefined ? {} : { orderId }),
        };
        const fills = view
          .fills(accountId, filter, isDated ? { ...page, limit: ENTRIES_MAX } : page)
          .filter(({ at }) => at >= (start ?? -Infinity) && at <= (end ?? Infinity))
          .slice(0, page.limit);
        return {
          body: fills.map((fill) => {
            const product = view.product(fill.productId);
            if (product === undefined) throw new Error(`fill of the unknown product ${fill.productId}`);
            return fillJson(scalesOf(view, product), fill);
          }),
          headers: cursorHeaders(fills.map(({ cursor }) => cursor)),
        };
      }),
  });
}

function feesRoute({ view }: Exchange): Route {
  return route({
    method: "GET",
    path: "/fees",
    access: "view",
    tag: TAG,
    summary: "The rates of fees",
    description:
      "Fees belong to products here, and are the same for every account: these are the largest of all products.",
    responses: {
      200: json(
        "The rates",
        z.looseObject({
          maker_fee_rate: schemas.decimalText,
          taker_fee_rate: schemas.decimalText,
          usd_volume: z.null(),
        }),
      ),
      ...SIGNED,
    },
    handle: () => {
      const rate = (points: readonly number[]): string => formatDecimal(BigInt(Math.max(0, ...points)), 4);
      return {
        body: {
          maker_fee_rate: rate(view.products().map(({ makerFeeBasisPoints }) => makerFeeBasisPoints)),
          taker_fee_rate: rate(view.products().map(({ takerFeeBasisPoints }) => takerFeeBasisPoints)),
          usd_volume: null,
        },
      };
    },
  });
}

function profileRoutes(): Route[] {
  const profileJson = (accountId: string): Record<string, unknown> => ({
    id: accountId,
    user_id: accountId,
    name: "default",
    active: true,
    is_default: true,
    has_margin: false,
  });
  return [
    route({
      method: "GET",
      path: "/profiles",
      access: "view",
      tag: TAG,
      summary: "The key's profile, which is its account",
      responses: { 200: json("One profile", z.array(schemas.profile)), ...SIGNED },
      handle: (_input, { accountId }) => ({ body: [profileJson(accountId)] }),
    }),
    route({
      method: "GET",
      path: "/profiles/{profile_id}",
      access: "view",
      tag: TAG,
      summary: "One profile",
      params: z.object({ profile_id: schemas.shortText(80) }),
      responses: { 200: json("The profile", schemas.profile), ...SIGNED, ...GONE },
      handle: ({ params }, { accountId }) => {
        if (params.profile_id !== accountId) throw new HttpError(404, "NotFound");
        return { body: profileJson(accountId) };
      },
    }),
  ];
}

/** Every route about a customer's money. */
export function accountRoutes(exchange: Exchange): Route[] {
  return [
    ...balanceRoutes(exchange),
    ledgerRoute(exchange),
    holdsRoute(exchange),
    ...transferRoutes(exchange),
    fillsRoute(exchange),
    feesRoute(exchange),
    ...profileRoutes(),
  ];
}
