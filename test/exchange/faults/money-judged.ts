/** Judges money to the last unit: two equal sides a trade, balances that are deposits and fills and nothing else, fills that streams showed. */
import type { FinalFill, Finding, History, NodeState } from "./history";

function money(sentence: string): Finding {
  return { rule: "money", sentence };
}

function byTrade(fills: readonly FinalFill[]): Map<string, FinalFill[]> {
  const trades = new Map<string, FinalFill[]>();
  for (const fill of fills) {
    const name = `${fill.product} trade ${String(fill.tradeId)}`;
    const sides = trades.get(name);
    if (sides === undefined) trades.set(name, [fill]);
    else sides.push(fill);
  }
  return trades;
}

/** Each trade has one buyer and one seller, of the same size and value. */
function tradeFindings({ node, fills }: NodeState): Finding[] {
  return [...byTrade(fills)].flatMap(([name, sides]) => {
    const buyers = sides.filter(({ side }) => side === "buy");
    const sellers = sides.filter(({ side }) => side === "sell");
    const [buyer, seller] = [buyers[0], sellers[0]];
    if (buyer === undefined || seller === undefined || sides.length !== 2) {
      return [money(`${name} in ${node} has ${String(buyers.length)} buyers and ${String(sellers.length)} sellers`)];
    }
    if (buyer.size === seller.size && buyer.value === seller.value) return [];
    return [
      money(
        `${name} in ${node}: bought ${String(buyer.size)} for ${String(buyer.value)}, sold ${String(seller.size)} for ${String(seller.value)}`,
      ),
    ];
  });
}

/** What each account must have: deposits and fills. */
function expectedBalances(history: History, fills: readonly FinalFill[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  const add = (account: string, currency: string, amount: bigint): void => {
    const name = `${account} ${currency}`;
    sums.set(name, (sums.get(name) ?? 0n) + amount);
  };
  for (const { account, currency, amount } of history.deposits) add(account, currency, amount);
  const products = new Map(history.products.map((product) => [product.id, product]));
  for (const { account, product, side, size, value, fee } of fills) {
    const pair = products.get(product);
    if (pair === undefined) continue;
    add(account, pair.base, side === "buy" ? size : -size);
    add(account, pair.quote, side === "buy" ? -value - fee : value - fee);
  }
  return sums;
}

function balanceFindings(history: History, { node, fills, balances }: NodeState): Finding[] {
  const expected = expectedBalances(history, fills);
  const held = new Map(balances.map(({ account, currency, balance }) => [`${account} ${currency}`, balance]));
  const names = [...new Set([...expected.keys(), ...held.keys()])];
  return names.flatMap((name) => {
    const [should, is] = [expected.get(name) ?? 0n, held.get(name) ?? 0n];
    return should === is
      ? []
      : [money(`${name} in ${node} is ${String(is)}; deposits and fills make ${String(should)}`)];
  });
}

/** What sellers hold back is what their open orders still have to sell, and nobody holds back more than there is. */
function holdFindings(history: History, { node, orders, balances }: NodeState): Finding[] {
  const bases = new Map(history.products.map(({ id, base }) => [id, base]));
  const quotes = new Set(history.products.map(({ quote }) => quote));
  const selling = new Map<string, bigint>();
  for (const { account, product, side, status, size, filledSize } of orders) {
    const base = bases.get(product);
    if (side !== "sell" || status !== "open" || base === undefined) continue;
    const name = `${account} ${base}`;
    selling.set(name, (selling.get(name) ?? 0n) + size - filledSize);
  }
  return balances.flatMap(({ account, currency, balance, hold }) => {
    const name = `${account} ${currency}`;
    if (hold < 0n || hold > balance)
      return [money(`${name} in ${node} holds back ${String(hold)} of ${String(balance)}`)];
    const should = selling.get(name) ?? 0n;
    if (quotes.has(currency) || hold === should) return [];
    return [money(`${name} in ${node} holds back ${String(hold)}, open orders sell ${String(should)}`)];
  });
}

/** An order is filled by what its fills say. */
function filledFindings({ node, orders, fills }: NodeState): Finding[] {
  const sums = new Map<string, bigint>();
  for (const { orderId, size } of fills) sums.set(orderId, (sums.get(orderId) ?? 0n) + size);
  return orders.flatMap(({ orderId, filledSize }) => {
    const sum = sums.get(orderId) ?? 0n;
    return sum === filledSize
      ? []
      : [money(`order ${orderId} in ${node} is filled ${String(filledSize)}, its fills make ${String(sum)}`)];
  });
}

/** Streams show what is in the ledger, and, of accounts that were listened to all along, all of it. */
function streamFindings(history: History, { node, fills }: NodeState): Finding[] {
  const nameOf = (fill: { account: string; product: string; tradeId: number; orderId: string; size: bigint }): string =>
    `${fill.account} ${fill.product} trade ${String(fill.tradeId)} of order ${fill.orderId}, size ${String(fill.size)}`;
  const ledger = new Set(fills.map(nameOf));
  const shown = new Set(history.seenFills.map(nameOf));
  const streamed = new Set(history.streamedAccounts);
  return [
    ...[...shown]
      .filter((name) => !ledger.has(name))
      .map((name): Finding => ({
        rule: "fill-invented",
        sentence: `${name}: a stream showed it, ${node} does not have it`,
      })),
    ...fills
      .filter((fill) => streamed.has(fill.account) && !shown.has(nameOf(fill)))
      .map((fill): Finding => ({
        rule: "fill-missing",
        sentence: `${nameOf(fill)}: ${node} has it, no stream showed it`,
      })),
  ];
}

/** @returns findings about money and fills, of the first node: that the others agree is judged elsewhere. */
export function ledgerFindings(history: History): Finding[] {
  const state = history.nodes[0];
  if (state === undefined) return [];
  return [
    ...tradeFindings(state),
    ...balanceFindings(history, state),
    ...holdFindings(history, state),
    ...filledFindings(state),
    ...streamFindings(history, state),
  ];
}
