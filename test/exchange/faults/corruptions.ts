/**
 * Single corruptions of a right history. `always`: whatever is picked, the result is wrong and the judge must say so. The others may pick a place
 * where the corrupted history could also have happened (an answer changed to another one that overlapping calls allow).
 */
import type { Call, FinalOrder, History, NodeState, OrderCall, SeenOrder } from "./history";
import { below, type Chance } from "./model";

/** One way to spoil a history; undefined where there is nothing to spoil. */
export interface Corruption {
  readonly name: string;
  readonly always: boolean;
  readonly apply: (history: History, chance: Chance) => History | undefined;
}

function pick<Item>(chance: Chance, items: readonly Item[]): Item | undefined {
  return items[below(chance, items.length)];
}

function replaced<Item>(items: readonly Item[], index: number, item: Item): Item[] {
  return items.map((other, at) => (at === index ? item : other));
}

function withNode(history: History, index: number, change: (state: NodeState) => Partial<NodeState>): History {
  return {
    ...history,
    nodes: history.nodes.map((state, at) => (at === index ? { ...state, ...change(state) } : state)),
  };
}

function inAllNodes(history: History, change: (state: NodeState) => Partial<NodeState>): History {
  return { ...history, nodes: history.nodes.map((state) => ({ ...state, ...change(state) })) };
}

function acknowledged(history: History): OrderCall[] {
  return history.calls.filter((call): call is OrderCall => call.kind === "place" && call.result.outcome === "ok");
}

function answerOf(call: Call): SeenOrder | undefined {
  return call.kind !== "cancel-all" && call.result.outcome === "ok" ? call.result.order : undefined;
}

function withResult(history: History, call: OrderCall, result: OrderCall["result"]): History {
  return { ...history, calls: history.calls.map((other) => (other.id === call.id ? { ...call, result } : other)) };
}

function withoutOrder(history: History, orderId: string): History {
  return inAllNodes(history, ({ orders }) => ({ orders: orders.filter((order) => order.orderId !== orderId) }));
}

function changedOrder(
  history: History,
  index: number,
  chance: Chance,
  change: (order: FinalOrder) => Partial<FinalOrder>,
): History | undefined {
  const orders = history.nodes[index]?.orders ?? [];
  const victim = pick(chance, orders);
  if (victim === undefined) return undefined;
  const changed = { ...victim, ...change(victim) };
  return withNode(history, index, () => ({ orders: orders.map((order) => (order === victim ? changed : order)) }));
}

/** Every corruption that is tried. */
export const corruptions: readonly Corruption[] = [
  {
    name: "an acknowledged order vanishes from one node",
    always: true,
    apply: (history, chance) => {
      const orderId = answerOf(pick(chance, acknowledged(history)) ?? history.calls[0]!)?.orderId;
      if (orderId === undefined) return undefined;
      return withNode(history, below(chance, 3), ({ orders }) => ({
        orders: orders.filter((order) => order.orderId !== orderId),
      }));
    },
  },
  {
    name: "an acknowledged order vanishes from all nodes",
    always: true,
    apply: (history, chance) => {
      const orderId = answerOf(pick(chance, acknowledged(history)) ?? history.calls[0]!)?.orderId;
      return orderId === undefined ? undefined : withoutOrder(history, orderId);
    },
  },
  {
    name: "an order exists twice",
    always: true,
    apply: (history, chance) => {
      const victim = pick(chance, history.nodes[0]?.orders ?? []);
      if (victim === undefined) return undefined;
      return inAllNodes(history, ({ orders }) => ({
        orders: [...orders, { ...victim, orderId: `${victim.orderId}-again`, filledSize: 0n }],
      }));
    },
  },
  {
    name: "an order stands at another place in one node",
    always: true,
    apply: (history, chance) => changedOrder(history, below(chance, 3), chance, ({ place }) => ({ place: place + 1 })),
  },
  {
    name: "an order is filled otherwise in one node",
    always: true,
    apply: (history, chance) =>
      changedOrder(history, below(chance, 3), chance, ({ filledSize }) => ({ filledSize: filledSize + 1n })),
  },
  {
    name: "an acknowledged cancel is undone",
    always: true,
    apply: (history, chance) => {
      const cancels = history.calls.filter(
        (call) => call.kind === "cancel" && call.result.outcome === "ok",
      ) as OrderCall[];
      const cancel = pick(chance, cancels);
      if (cancel === undefined) return undefined;
      const undone = (order: FinalOrder): FinalOrder =>
        order.account === cancel.account && order.clientOrderId === cancel.clientOrderId
          ? { ...order, status: "open", doneReason: undefined }
          : order;
      return inAllNodes(history, ({ orders }) => ({ orders: orders.map(undone) }));
    },
  },
  {
    name: "a refused order is told as acknowledged",
    always: true,
    apply: (history, chance) => {
      const held = new Set(
        (history.nodes[0]?.orders ?? []).map(({ account, clientOrderId }) => `${account}/${clientOrderId}`),
      );
      const refused = history.calls.filter(
        (call): call is OrderCall =>
          call.kind === "place" &&
          call.result.outcome === "refused" &&
          !held.has(`${call.account}/${call.clientOrderId}`),
      );
      const call = pick(chance, refused);
      return call === undefined
        ? undefined
        : withResult(history, call, {
            outcome: "ok",
            order: { orderId: "nowhere", status: "open", doneReason: undefined, filledSize: 0n },
          });
    },
  },
  {
    name: "an acknowledgement is told as a refusal",
    always: false,
    apply: (history, chance) => {
      const call = pick(chance, acknowledged(history));
      return call === undefined ? undefined : withResult(history, call, { outcome: "refused" });
    },
  },
  {
    name: "a read finds nothing",
    always: false,
    apply: (history, chance) => {
      const call = pick(
        chance,
        history.calls.filter((one): one is OrderCall => one.kind === "read" && one.result.outcome === "ok"),
      );
      return call === undefined ? undefined : withResult(history, call, { outcome: "not-found" });
    },
  },
  {
    name: "a read shows one unit less filled",
    always: false,
    apply: (history, chance) => {
      const call = pick(
        chance,
        history.calls.filter((one): one is OrderCall => one.kind === "read" && (answerOf(one)?.filledSize ?? 0n) > 0n),
      );
      const order = call === undefined ? undefined : answerOf(call);
      if (call === undefined || order === undefined) return undefined;
      return withResult(history, call, { outcome: "ok", order: { ...order, filledSize: order.filledSize - 1n } });
    },
  },
  {
    name: "a journal sequence is told four too small",
    always: false,
    apply: (history, chance) => {
      const call = pick(
        chance,
        history.calls.filter(({ sequence, result }) => sequence !== undefined && result.outcome !== "unknown"),
      );
      if (call === undefined) return undefined;
      return {
        ...history,
        calls: history.calls.map((other) => (other === call ? { ...call, sequence: (call.sequence ?? 0) - 4 } : other)),
      };
    },
  },
  {
    name: "two events of a stream change places",
    always: true,
    apply: (history, chance) => {
      const index = below(chance, history.events.length - 1);
      const [one, two] = [history.events[index], history.events[index + 1]];
      if (one === undefined || two === undefined || one.client !== two.client) return undefined;
      return { ...history, events: replaced(replaced(history.events, index, two), index + 1, one) };
    },
  },
  {
    name: "an event differs on one node",
    always: true,
    apply: (history, chance) => {
      const index = below(chance, history.events.length);
      const event = history.events[index];
      return event === undefined
        ? undefined
        : { ...history, events: replaced(history.events, index, { ...event, what: "another" }) };
    },
  },
  {
    name: "a stream misses a fill",
    always: true,
    apply: (history, chance) => {
      const index = below(chance, history.seenFills.length);
      return history.seenFills.length === 0
        ? undefined
        : { ...history, seenFills: history.seenFills.filter((_, at) => at !== index) };
    },
  },
  {
    name: "a fill vanishes from every ledger",
    always: true,
    apply: (history, chance) => {
      const index = below(chance, history.nodes[0]?.fills.length ?? 0);
      return history.seenFills.length === 0
        ? undefined
        : inAllNodes(history, ({ fills }) => ({ fills: fills.filter((_, at) => at !== index) }));
    },
  },
  {
    name: "a unit of money is made",
    always: true,
    apply: (history, chance) => {
      const index = below(chance, history.nodes[0]?.balances.length ?? 0);
      const more = (state: NodeState): Partial<NodeState> => ({
        balances: state.balances.map((entry, at) => (at === index ? { ...entry, balance: entry.balance + 1n } : entry)),
      });
      return inAllNodes(history, more);
    },
  },
];
