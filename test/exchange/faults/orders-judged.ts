/** Judges each order's calls by `linearize`, and each answer's journal sequence against what had been seen before it was asked for. */
import { orderKey, type Call, type FinalOrder, type Finding, type History, type OrderCall } from "./history";
import { linearize, type OrderState, type Step } from "./linearize";

/** The id of the step that stands for what the nodes hold in the end. */
const FINAL = -1;

function stepOf(call: OrderCall): Step | undefined {
  const { id, kind, result, rests } = call;
  if (result.outcome === "refused") return undefined;
  const order = result.outcome === "ok" ? result.order : undefined;
  return {
    id,
    kind,
    // A node that says its answer may be old promises a state that was true once, no more.
    invokedAt: call.stale === true ? -Infinity : call.invokedAt,
    completedAt: result.outcome === "unknown" ? Infinity : call.completedAt,
    outcome: result.outcome,
    ...(order === undefined ? {} : { order }),
    ...(rests === undefined ? {} : { rests }),
  };
}

/** What cancelling all meant for one order: cancelled, or not open at that moment, or nobody knows. */
function sweepOf(call: Extract<Call, { kind: "cancel-all" }>, orderId: string | undefined): Step | undefined {
  const { id, result, invokedAt, completedAt } = call;
  if (result.outcome !== "ok") {
    if (result.outcome === "refused") return undefined;
    return { id, kind: "cancel", invokedAt, completedAt: Infinity, outcome: "unknown" };
  }
  const listed = orderId !== undefined && result.orderIds.includes(orderId);
  return { id, kind: listed ? "cancel" : "sweep-missed", invokedAt, completedAt, outcome: "ok" };
}

function sizeOf(calls: readonly OrderCall[]): bigint | undefined {
  return calls.find(({ size }) => size !== undefined)?.size;
}

interface Judged {
  readonly key: string;
  readonly calls: readonly OrderCall[];
  readonly final: FinalOrder | undefined;
}

function at(step: Step): string {
  return step.id === FINAL ? "in the end" : `call ${String(step.id)}, answered at ${step.completedAt.toFixed(1)} ms,`;
}

function wasAnswered(placed: readonly Step[], kind: Step["kind"]): boolean {
  return placed.some((step) => step.kind === kind && step.outcome === "ok");
}

/** Names what is wrong where no serial order exists. */
function explain(key: string, placed: readonly Step[], state: OrderState, stuck: Step): Finding {
  const where = `${key}: ${at(stuck)}`;
  if (stuck.outcome === "not-found" && state.phase !== "absent") {
    return wasAnswered(placed, "place")
      ? { rule: "acknowledged-lost", sentence: `${where} found nothing, although the order had been acknowledged` }
      : { rule: "unknown-flips", sentence: `${where} found nothing, although the order had been found before` };
  }
  const order = stuck.order;
  if (order === undefined || state.phase === "absent") {
    return {
      rule: "order-not-linearizable",
      sentence: `${where} fits no serial order: ${stuck.kind} ${stuck.outcome} while ${state.phase}`,
    };
  }
  if (state.orderId !== undefined && state.orderId !== order.orderId) {
    return {
      rule: "acknowledged-twice",
      sentence: `${where} showed order ${order.orderId}, but the same client id had been answered with ${state.orderId}`,
    };
  }
  if (state.phase === "done" && order.status === "open") {
    const cancelled = state.reason === "canceled" && (wasAnswered(placed, "cancel") || state.exact);
    return cancelled
      ? { rule: "cancel-undone", sentence: `${where} showed the order open, although its cancel had been acknowledged` }
      : { rule: "stale-read", sentence: `${where} showed the order open, although it had been seen done` };
  }
  if (order.filledSize < state.filled) {
    return {
      rule: "stale-read",
      sentence: `${where} showed ${String(order.filledSize)} filled, although ${String(state.filled)} had been seen`,
    };
  }
  return {
    rule: "order-not-linearizable",
    sentence: `${where} showed ${order.status} ${order.doneReason ?? ""} with ${String(order.filledSize)} filled, which nothing that was asked can have made`,
  };
}

function judgeOrder({ key, calls, final }: Judged, sweeps: readonly Step[], endMs: number): Finding[] {
  const steps = [...calls.flatMap((call) => stepOf(call) ?? []), ...sweeps];
  const places = calls.filter(({ kind }) => kind === "place");
  if (final !== undefined && places.length === 0) {
    return [{ rule: "unexplained-order", sentence: `${key}: nodes hold it, but nobody placed it` }];
  }
  if (final !== undefined && places.every(({ result }) => result.outcome === "refused")) {
    return [{ rule: "refused-present", sentence: `${key}: nodes hold it, but every attempt to place it was refused` }];
  }
  const last = { id: FINAL, kind: "read", invokedAt: endMs, completedAt: endMs + 1 } as const;
  steps.push(final === undefined ? { ...last, outcome: "not-found" } : { ...last, outcome: "ok", order: final });
  const verdict = linearize(
    steps.sort((a, b) => a.invokedAt - b.invokedAt),
    sizeOf(calls),
  );
  if (verdict.legal === true) return [];
  if (verdict.legal === undefined) {
    return [{ rule: "undecided", sentence: `${key}: ${String(steps.length)} calls overlap too much to be searched` }];
  }
  return [explain(key, verdict.placed, verdict.state, verdict.stuck)];
}

/** An answer that is not marked as old must know everything that anybody was told before it was asked for. */
function staleAnswers(calls: readonly Call[]): Finding[] {
  const told = calls.filter(({ sequence, result }) => sequence !== undefined && result.outcome !== "unknown");
  const byAnswer = [...told].sort((a, b) => a.completedAt - b.completedAt);
  const byInvocation = told
    .filter(({ stale, result }) => stale !== true && result.outcome !== "refused")
    .sort((a, b) => a.invokedAt - b.invokedAt);
  const findings: Finding[] = [];
  let newest: Call | undefined;
  let next = 0;
  for (const call of byInvocation) {
    for (
      let other = byAnswer[next];
      other !== undefined && other.completedAt < call.invokedAt;
      other = byAnswer[next]
    ) {
      if ((other.sequence ?? 0) > (newest?.sequence ?? -1)) newest = other;
      next += 1;
    }
    if (newest === undefined || (call.sequence ?? 0) >= (newest.sequence ?? 0)) continue;
    findings.push({
      rule: "stale-read",
      sentence: `call ${String(call.id)} on ${call.node} was answered from journal sequence ${String(call.sequence)}, although call ${String(newest.id)} had been answered from ${String(newest.sequence)} before it was sent`,
    });
  }
  return findings;
}

/** @returns findings about single orders, and about answers that were older than they may be. */
export function orderFindings(history: History): Finding[] {
  const finals = new Map(
    (history.nodes[0]?.orders ?? []).map((order) => [orderKey(order.account, order.clientOrderId), order]),
  );
  const byKey = new Map<string, OrderCall[]>([...finals.keys()].map((key) => [key, []]));
  for (const call of history.calls) {
    if (call.kind === "cancel-all") continue;
    const key = orderKey(call.account, call.clientOrderId);
    const calls = byKey.get(key);
    if (calls === undefined) byKey.set(key, [call]);
    else calls.push(call);
  }
  const sweeps = history.calls.filter((call) => call.kind === "cancel-all");
  const endMs = 1 + history.calls.reduce((latest, { completedAt }) => Math.max(latest, completedAt), 0);
  const found = [...byKey].flatMap(([key, calls]) => {
    const final = finals.get(key);
    const sentAt = calls.reduce((earliest, { invokedAt }) => Math.min(earliest, invokedAt), Infinity);
    const concerned = sweeps.filter(
      ({ account, product, completedAt, result }) =>
        account === final?.account &&
        product === final.product &&
        (completedAt >= sentAt || result.outcome === "unknown"),
    );
    return judgeOrder(
      { key, calls, final },
      concerned.flatMap((call) => sweepOf(call, final?.orderId) ?? []),
      endMs,
    );
  });
  return [...found, ...staleAnswers(history.calls)];
}
