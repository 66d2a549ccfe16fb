/** Judges the nodes' final states: what was acknowledged is in each of them, once, and they agree. */
import { orderKey, type FinalOrder, type Finding, type History, type NodeState } from "./history";

function text(value: object): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
}

function byId(orders: readonly FinalOrder[]): Map<string, FinalOrder> {
  return new Map(orders.map((order) => [order.orderId, order]));
}

/** Ids that one node holds more than once. */
function repeated({ node, orders }: NodeState): Finding[] {
  const findings: Finding[] = [];
  for (const nameOf of [
    (order: FinalOrder) => orderKey(order.account, order.clientOrderId),
    ({ orderId }: FinalOrder) => orderId,
  ]) {
    const counts = new Map<string, number>();
    for (const order of orders) counts.set(nameOf(order), (counts.get(nameOf(order)) ?? 0) + 1);
    for (const [name, count] of counts) {
      if (count === 1) continue;
      findings.push({ rule: "acknowledged-twice", sentence: `${name} exists ${String(count)} times in ${node}` });
    }
  }
  return findings;
}

/** Acknowledged orders that a node does not hold. */
function lost(history: History, { node, orders }: NodeState): Finding[] {
  const held = byId(orders);
  return history.calls.flatMap((call) => {
    if (call.kind !== "place" || call.result.outcome !== "ok") return [];
    const orderId = call.result.order?.orderId;
    if (orderId === undefined || held.has(orderId)) return [];
    const name = orderKey(call.account, call.clientOrderId);
    const sentence = `${name} (order ${orderId}) was acknowledged by ${call.node} in call ${String(call.id)}, and ${node} does not hold it`;
    return [{ rule: "acknowledged-lost" as const, sentence }];
  });
}

/** Compares lists that should be equal, by a name; says the first difference of each name. */
function differences<Item extends object>(
  nodes: readonly [NodeState, NodeState],
  listOf: (state: NodeState) => readonly Item[],
  nameOf: (item: Item) => string,
): Finding[] {
  const [first, second] = nodes;
  const left = new Map(listOf(first).map((item) => [nameOf(item), text(item)]));
  const right = new Map(listOf(second).map((item) => [nameOf(item), text(item)]));
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => {
    const [one, other] = [left.get(name), right.get(name)];
    if (one === other) return [];
    const sentence = `${name}: ${first.node} holds ${one ?? "nothing"}, ${second.node} holds ${other ?? "nothing"}`;
    return [{ rule: "nodes-differ" as const, sentence }];
  });
}

/** @returns findings about nodes' states, alone and against each other. */
export function nodeFindings(history: History): Finding[] {
  const [first, ...others] = history.nodes;
  if (first === undefined) return [{ rule: "undecided", sentence: "no node's final state was given" }];
  return [
    ...history.nodes.flatMap(repeated),
    ...history.nodes.flatMap((state) => lost(history, state)),
    ...others.flatMap((other) => [
      ...differences(
        [first, other],
        ({ orders }) => orders,
        ({ account, clientOrderId, orderId }) => `${orderKey(account, clientOrderId)} (order ${orderId})`,
      ),
      ...differences(
        [first, other],
        ({ fills }) => fills,
        ({ product, tradeId, side }) => `${product} trade ${String(tradeId)} ${side}`,
      ),
      ...differences(
        [first, other],
        ({ balances }) => balances,
        ({ account, currency }) => `${account} ${currency}`,
      ),
    ]),
  ];
}
