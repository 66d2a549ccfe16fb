/**
 * A tiny exchange of one product and one price, run by clients that overlap, whose histories are right by construction: each call takes
 * effect in one instant between question and answer. Random by a seed alone.
 */
import type { Call, FeedEvent, FinalFill, FinalOrder, History, NodeState, SeenFill, SeenOrder } from "./history";

/** A source of chance: the next number in [0, 1). */
export type Chance = () => number;

/** mulberry32: 32 bits of state, the same numbers for the same seed everywhere. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number in [0, below). */
export function below(chance: Chance, limit: number): number {
  return Math.floor(chance() * limit);
}

const NODES = ["aws-1", "aws-2", "gcp-1"];
const PRICE = 10n;
const DEPOSIT = 1_000_000n;
const PRODUCT = { id: "BTC-USD", base: "BTC", quote: "USD" };
const accountOf = (side: "buy" | "sell", index: number): string => `${side}er-${String(index)}`;

interface Order extends FinalOrder {
  status: "open" | "done";
  doneReason: "filled" | "canceled" | undefined;
  filledSize: bigint;
}

type Intent =
  | { kind: "place"; side: "buy" | "sell"; account: string; clientOrderId: string; size: bigint; rests: boolean }
  | { kind: "cancel" | "read"; account: string; clientOrderId: string }
  | { kind: "cancel-all"; account: string };

/** The exchange: calls take effect in the order in which `apply` is called. */
function tinyExchange() {
  const orders: Order[] = [];
  const fills: FinalFill[] = [];
  const events: { sequence: number; what: string }[] = [];
  let journal = 0;
  const tell = (what: string): void => {
    events.push({ sequence: 1_000 + events.length, what });
  };
  const find = (account: string, clientOrderId: string): Order | undefined =>
    orders.find((order) => order.account === account && order.clientOrderId === clientOrderId);
  const finish = (order: Order, reason: "filled" | "canceled"): void => {
    order.status = "done";
    order.doneReason = reason;
    tell(`done ${order.orderId} ${reason}`);
  };
  const match = (taker: Order): void => {
    for (const maker of orders) {
      if (maker.status !== "open" || maker.side === taker.side || taker.filledSize === taker.size) continue;
      const left = [maker.size - maker.filledSize, taker.size - taker.filledSize] as const;
      const size = left[0] < left[1] ? left[0] : left[1];
      const tradeId = 1 + fills.length / 2;
      for (const side of [maker, taker]) {
        side.filledSize += size;
        const { account, orderId } = side;
        const value = size * PRICE;
        fills.push({ account, product: PRODUCT.id, tradeId, orderId, side: side.side, size, value, fee: value / 100n });
      }
      tell(`match ${String(tradeId)}`);
      if (maker.filledSize === maker.size) finish(maker, "filled");
    }
    if (taker.filledSize === taker.size) finish(taker, "filled");
  };
  const place = (intent: Extract<Intent, { kind: "place" }>): Order => {
    const known = find(intent.account, intent.clientOrderId);
    if (known !== undefined) return known;
    const { account, clientOrderId, side, size } = intent;
    const order: Order = {
      orderId: `order-${String(orders.length + 1)}`,
      account,
      clientOrderId,
      product: PRODUCT.id,
      side,
      size,
      place: journal,
      status: "open",
      doneReason: undefined,
      filledSize: 0n,
    };
    tell(`received ${order.orderId}`);
    match(order);
    orders.push(order);
    if (!intent.rests && order.filledSize < order.size) finish(order, "canceled");
    return order;
  };
  const shown = ({ orderId, status, doneReason, filledSize }: Order): SeenOrder => ({
    orderId,
    status,
    doneReason,
    filledSize,
  });

  /** Lets one call take effect; returns its answer. */
  const apply = (intent: Intent): { result: Call["result"]; sequence: number } => {
    journal += 1;
    const sequence = journal;
    if (intent.kind === "cancel-all") {
      const open = orders.filter(({ account, status }) => account === intent.account && status === "open");
      for (const order of open) finish(order, "canceled");
      return { result: { outcome: "ok", orderIds: open.map(({ orderId }) => orderId) }, sequence };
    }
    if (intent.kind === "place") return { result: { outcome: "ok", order: shown(place(intent)) }, sequence };
    const order = find(intent.account, intent.clientOrderId);
    if (order === undefined) return { result: { outcome: "not-found" }, sequence };
    if (intent.kind === "read") return { result: { outcome: "ok", order: shown(order) }, sequence };
    if (order.status === "done") return { result: { outcome: "already-done" }, sequence };
    finish(order, "canceled");
    return { result: { outcome: "ok" }, sequence };
  };
  return { apply, orders, fills, events };
}

type Placing = Extract<Intent, { kind: "place" }>;

function intentOf(chance: Chance, placed: Placing[]): Intent {
  const known = placed[below(chance, placed.length)];
  const kind = below(chance, 20);
  const side = chance() < 0.5 ? "buy" : "sell";
  const account = accountOf(side, below(chance, 2));
  if (kind === 0) return { kind: "cancel-all", account };
  // An honest retry: the same order under the same client id.
  if (kind === 1 && known !== undefined) return known;
  if (kind < 9 || known === undefined) {
    const clientOrderId = `c${String(placed.length)}`;
    const intent: Placing = {
      kind: "place",
      side,
      account,
      clientOrderId,
      size: BigInt(1 + below(chance, 9)),
      rests: chance() < 0.8,
    };
    placed.push(intent);
    return intent;
  }
  return { kind: kind < 12 ? "cancel" : "read", account: known.account, clientOrderId: known.clientOrderId };
}

/** How a right call looks from outside: sometimes refused before it was tried, sometimes without an answer. */
type Fate = "answered" | "refused" | "lost before" | "lost after";

function fateOf(chance: Chance): Fate {
  const drawn = chance();
  if (drawn < 0.85) return "answered";
  return drawn < 0.9 ? "refused" : drawn < 0.95 ? "lost before" : "lost after";
}

function finalStates(exchange: ReturnType<typeof tinyExchange>): NodeState[] {
  const sums = new Map<string, bigint>();
  const add = (name: string, amount: bigint): void => void sums.set(name, (sums.get(name) ?? 0n) + amount);
  for (const { account, side, size, value, fee } of exchange.fills) {
    add(`${account} BTC`, side === "buy" ? size : -size);
    add(`${account} USD`, side === "buy" ? -value - fee : value - fee);
  }
  const holdOf = (account: string, currency: string): bigint =>
    exchange.orders
      .filter(
        (order) =>
          order.account === account && order.status === "open" && order.side === (currency === "BTC" ? "sell" : "buy"),
      )
      .reduce((sum, { size, filledSize }) => sum + (size - filledSize) * (currency === "BTC" ? 1n : PRICE), 0n);
  const balances = [0, 1].flatMap((index) =>
    (["buy", "sell"] as const).flatMap((side) =>
      ["BTC", "USD"].map((currency) => {
        const account = accountOf(side, index);
        const balance = DEPOSIT + (sums.get(`${account} ${currency}`) ?? 0n);
        return { account, currency, balance, hold: holdOf(account, currency) };
      }),
    ),
  );
  return NODES.map((node) => ({
    node,
    orders: exchange.orders.map((order) => ({ ...order })),
    fills: [...exchange.fills],
    balances,
  }));
}

/**
 * A right history of `calls` calls by clients of which several are under way at once.
 *
 * @param calls - at most some hundreds.
 */
export function rightHistory(chance: Chance, calls: number): History {
  const exchange = tinyExchange();
  const placed: Placing[] = [];
  // Each call is sent, takes effect and is answered at three instants of one clock; they overlap with those before and after.
  const plans = Array.from({ length: calls }, (_, id) => {
    const invokedAt = id * 10 + chance() * 10;
    const effectAt = invokedAt + chance() * 40;
    return {
      id,
      invokedAt,
      effectAt,
      completedAt: effectAt + chance() * 40,
      fate: fateOf(chance),
      node: NODES[below(chance, 3)] ?? "",
    };
  });
  const recorded: Call[] = [];
  for (const plan of plans.sort((a, b) => a.effectAt - b.effectAt)) {
    const intent = intentOf(chance, placed);
    const answer = plan.fate === "refused" || plan.fate === "lost before" ? undefined : exchange.apply(intent);
    const { id, invokedAt, completedAt, node } = plan;
    const unanswered = plan.fate === "refused" ? ({ outcome: "refused" } as const) : ({ outcome: "unknown" } as const);
    const about = { id, client: `client-${String(id % 5)}`, node, account: intent.account, invokedAt, completedAt };
    const told = plan.fate === "answered" && answer !== undefined ? answer : { result: unanswered };
    if (intent.kind === "cancel-all") {
      recorded.push({ ...about, kind: "cancel-all", product: PRODUCT.id, ...told } as Call);
      continue;
    }
    const extra = intent.kind === "place" ? { size: intent.size, rests: intent.rests } : {};
    recorded.push({ ...about, kind: intent.kind, clientOrderId: intent.clientOrderId, ...extra, ...told });
  }
  const events = ["feed-1", "feed-2"].flatMap((client): FeedEvent[] => {
    const breakAt = below(chance, exchange.events.length + 1);
    return exchange.events.map((event, index) => {
      const connection = index < breakAt ? 1 : 2;
      return { client, connection, node: NODES[connection] ?? "", product: PRODUCT.id, ...event };
    });
  });
  const seenFills = exchange.fills.map((fill): SeenFill => ({ client: `stream of ${fill.account}`, ...fill }));
  const accounts = [0, 1].flatMap((index) => [accountOf("buy", index), accountOf("sell", index)]);
  const deposits = accounts.flatMap((account) =>
    ["BTC", "USD"].map((currency) => ({ account, currency, amount: DEPOSIT })),
  );
  const nodes = finalStates(exchange);
  return {
    calls: recorded.sort((a, b) => a.invokedAt - b.invokedAt),
    events,
    seenFills,
    streamedAccounts: accounts,
    products: [PRODUCT],
    deposits,
    nodes,
  };
}
