/** Asks a node for everything it holds of the accounts under load, in the judge's words, over the same surface that clients use. */
import type { Answer, Client } from "../support/client";
import { sandboxKey } from "../support/client";
import type { FinalBalance, FinalFill, FinalOrder, History, NodeState } from "./history";
import { ACCOUNTS } from "./load";
import { seenOrder, units, type Door } from "./recorder";

const ONE = 10n ** 18n;
const PAGES_MAX = 500;

/** What DESIGN gives each account of the sandbox. */
export const DEPOSITS: History["deposits"] = ACCOUNTS.flatMap((account) =>
  [
    ["BTC", 1_000n],
    ["ETH", 10_000n],
    ["USD", 100_000_000n],
  ].map(([currency, amount]) => ({ account, currency: String(currency), amount: BigInt(amount ?? 0) * ONE })),
);

/** The product under load. */
export const PRODUCTS: History["products"] = [{ id: "BTC-USD", base: "BTC", quote: "USD" }];

async function get(client: Client, door: Door, account: string, path: string): Promise<Answer> {
  const answer = await client.call(door.url, "GET", path, undefined, sandboxKey(account));
  if (answer.kind === "answer" && answer.status === 200 && !answer.stale) return answer;
  const what = answer.kind === "answer" ? `${String(answer.status)} ${answer.text}` : answer.reason;
  throw new Error(`${door.name} ${path}: ${what}`);
}

/** All pages of a list, newest first, by the `CB-AFTER` header (https://docs.cdp.coinbase.com/exchange/rest-api/pagination). */
async function pages(client: Client, door: Door, account: string, path: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let after = "";
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await get(client, door, account, `${path}&limit=100${after}`);
    const batch = answer.body as Record<string, unknown>[];
    rows.push(...batch);
    const next = answer.headers["cb-after"];
    if (batch.length === 0 || typeof next !== "string" || next === "") return rows;
    after = `&after=${encodeURIComponent(next)}`;
  }
  throw new Error(`${door.name} ${path}: more than ${String(PAGES_MAX)} pages`);
}

async function ordersOf(client: Client, door: Door, account: string): Promise<FinalOrder[]> {
  const rows = await pages(client, door, account, "/orders?status=all");
  return rows.reverse().map((row, place) => {
    const seen = seenOrder(row);
    if (seen === undefined) throw new Error(`${door.name}: not an order: ${JSON.stringify(row)}`);
    const side = row["side"] === "buy" ? "buy" : "sell";
    return {
      ...seen,
      account,
      clientOrderId: String(row["client_oid"]),
      product: String(row["product_id"]),
      side,
      size: units(row["size"]),
      place,
    };
  });
}

/** The account's fills. */
export async function fillsOf(client: Client, door: Door, account: string): Promise<FinalFill[]> {
  const rows = await pages(client, door, account, "/fills?product_id=BTC-USD");
  return rows.map((row) => {
    const size = units(row["size"]);
    return {
      account,
      product: String(row["product_id"]),
      tradeId: Number(row["trade_id"]),
      orderId: String(row["order_id"]),
      side: row["side"] === "buy" ? "buy" : "sell",
      size,
      value: (units(row["price"]) * size) / ONE,
      fee: units(row["fee"]),
    };
  });
}

async function balancesOf(client: Client, door: Door, account: string): Promise<FinalBalance[]> {
  const answer = await get(client, door, account, "/accounts");
  const rows = answer.body as Record<string, unknown>[];
  return rows.map((row) => ({
    account,
    currency: String(row["currency"]),
    balance: units(row["balance"]),
    hold: units(row["hold"]),
  }));
}

/** What the node holds of these accounts. Only while nothing changes are the parts of one moment. @throws when a read fails or may be old. */
export async function stateOf(client: Client, door: Door, accounts: readonly string[] = ACCOUNTS): Promise<NodeState> {
  const orders: FinalOrder[] = [];
  const fills: FinalFill[] = [];
  const balances: FinalBalance[] = [];
  for (const account of accounts) {
    orders.push(...(await ordersOf(client, door, account)));
    fills.push(...(await fillsOf(client, door, account)));
    balances.push(...(await balancesOf(client, door, account)));
  }
  return { node: door.name, orders, fills, balances };
}
