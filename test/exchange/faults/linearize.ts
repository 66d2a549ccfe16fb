/**
 * Looks for a serial order of the calls about one order that respects real time and that one small state machine allows: the search of
 * Wing and Gong (Testing and Verifying Concurrent Objects, 1993) with Lowe's memory of configurations already tried (Testing for
 * linearizability, 2017), as Porcupine has it. A call with an unknown outcome may take effect at any moment after it was sent, or never.
 *
 * States of an order only go forward: absent, open with a filled size that grows, done. Fills come from other orders, at moments nobody
 * saw, so the state moves forward by itself as far as an observation needs; moving as late as possible loses no legal order.
 */
import type { SeenOrder } from "./history";

/** One call about one order, reduced to what the search needs. */
export interface Step {
  readonly id: number;
  readonly kind: "place" | "cancel" | "sweep-missed" | "read";
  readonly invokedAt: number;
  /** `Infinity` where the outcome is unknown. */
  readonly completedAt: number;
  readonly outcome: "ok" | "not-found" | "already-done" | "unknown";
  readonly order?: SeenOrder;
  readonly rests?: boolean;
}

/** What is known about an order at one point of a serial order. */
export type OrderState =
  | { readonly phase: "absent" }
  | { readonly phase: "open"; readonly orderId: string | undefined; readonly filled: bigint }
  | {
      readonly phase: "done";
      readonly orderId: string | undefined;
      /** At least this, or, when `exact`, this. */
      readonly filled: bigint;
      readonly exact: boolean;
      readonly reason: "filled" | "canceled" | "rejected" | undefined;
    };

/** A serial order exists, none exists (with how far the best one came, and the call that fits nowhere after it), or the search was cut off. */
export type Verdict =
  | { readonly legal: true }
  | { readonly legal: false; readonly placed: readonly Step[]; readonly state: OrderState; readonly stuck: Step }
  | { readonly legal: undefined; readonly tried: number };

const TRIED_MAX = 100_000;
const ABSENT: OrderState = { phase: "absent" };

/** Whether what is filled agrees with the whole size: an open order is never full, one that is done as filled always is. */
function fits(order: SeenOrder, size: bigint): boolean {
  if (order.status === "open") return order.filledSize < size;
  return order.doneReason === "filled" ? order.filledSize === size : order.filledSize <= size;
}

/** The state in which an answer is true, reached from `state` by fills alone; undefined where it cannot be. */
function seen(state: OrderState, order: SeenOrder, size: bigint | undefined): OrderState | undefined {
  if (state.phase === "absent") return undefined;
  if (state.orderId !== undefined && state.orderId !== order.orderId) return undefined;
  if (size !== undefined && !fits(order, size)) return undefined;
  if (order.status === "open") {
    if (state.phase !== "open" || order.filledSize < state.filled) return undefined;
    return { phase: "open", orderId: order.orderId, filled: order.filledSize };
  }
  const reason = order.status === "rejected" ? "rejected" : order.doneReason;
  const done: OrderState = { phase: "done", orderId: order.orderId, filled: order.filledSize, exact: true, reason };
  if (order.filledSize < state.filled) return undefined;
  if (state.phase === "open") return reason === "filled" ? done : undefined;
  if (state.exact && state.filled !== order.filledSize) return undefined;
  return state.reason === undefined || state.reason === reason ? done : undefined;
}

function afterPlace(state: OrderState, step: Step, size: bigint | undefined): OrderState | undefined {
  if (step.order !== undefined && state.phase === "absent") {
    const { orderId, status, filledSize, doneReason } = step.order;
    if (size !== undefined && !fits(step.order, size)) return undefined;
    if (status === "open") return { phase: "open", orderId, filled: filledSize };
    const reason = status === "rejected" ? "rejected" : doneReason;
    return { phase: "done", orderId, filled: filledSize, exact: true, reason };
  }
  if (step.order !== undefined) return seen(state, step.order, size);
  if (state.phase !== "absent") return state;
  return step.rests === false
    ? { phase: "done", orderId: undefined, filled: 0n, exact: false, reason: undefined }
    : { phase: "open", orderId: undefined, filled: 0n };
}

function afterCancel(state: OrderState, step: Step): OrderState | undefined {
  const { outcome } = step;
  if (outcome === "not-found") return state.phase === "absent" ? state : undefined;
  if (outcome === "unknown" && state.phase !== "open") return state;
  if (state.phase === "absent") return undefined;
  if (outcome === "already-done") {
    if (state.phase === "done") return state;
    return { phase: "done", orderId: state.orderId, filled: state.filled, exact: false, reason: "filled" };
  }
  if (state.phase === "done") return undefined;
  const orderId = state.orderId ?? step.order?.orderId;
  if (step.order !== undefined && orderId !== step.order.orderId) return undefined;
  return { phase: "done", orderId, filled: state.filled, exact: false, reason: "canceled" };
}

/** The state after a call, or undefined where the call cannot have ended as it did. Exported for the test that compares the search with trying everything. */
export function after(state: OrderState, step: Step, size: bigint | undefined): OrderState | undefined {
  if (step.kind === "place") return afterPlace(state, step, size);
  if (step.kind === "cancel") return afterCancel(state, step);
  if (step.kind === "sweep-missed") {
    if (state.phase !== "open") return state;
    return { phase: "done", orderId: state.orderId, filled: state.filled, exact: false, reason: "filled" };
  }
  if (step.order !== undefined) return seen(state, step.order, size);
  return state.phase === "absent" ? state : undefined;
}

function keyOf(placed: bigint, state: OrderState): string {
  if (state.phase === "absent") return placed.toString(36);
  const rest = state.phase === "open" ? "open" : `${state.reason ?? "?"}${state.exact ? "=" : "+"}`;
  return `${placed.toString(36)} ${state.orderId ?? "?"} ${String(state.filled)} ${rest}`;
}

/** Calls that may come next: those sent before the first answer among the ones not placed yet. */
function candidates(steps: readonly Step[], placed: bigint): number[] {
  const open = steps.map((_, index) => index).filter((index) => ((placed >> BigInt(index)) & 1n) === 0n);
  const firstAnswer = Math.min(...open.map((index) => steps[index]?.completedAt ?? Infinity));
  return open.filter((index) => (steps[index]?.invokedAt ?? Infinity) <= firstAnswer);
}

interface Best {
  readonly placed: readonly Step[];
  readonly state: OrderState;
  readonly stuck: Step | undefined;
  readonly answers: number;
}

/**
 * @param steps - at most some dozens: the search is exponential in the number of calls that overlap.
 * @param size - the order's whole size, where it is known: nothing may be filled beyond it.
 */
export function linearize(steps: readonly Step[], size?: bigint): Verdict {
  const tried = new Set<string>();
  const bit = (index: number): bigint => 1n << BigInt(index);
  const answered = steps.reduce((mask, step, index) => (step.outcome === "unknown" ? mask : mask | bit(index)), 0n);
  const furthest: { best: Best | undefined } = { best: undefined };
  const path: Step[] = [];

  const remember = (state: OrderState, next: readonly number[]): void => {
    const answers = path.filter(({ outcome }) => outcome !== "unknown").length;
    if (furthest.best !== undefined && answers <= furthest.best.answers) return;
    const waiting = next.flatMap((index) => steps[index] ?? []).filter(({ outcome }) => outcome !== "unknown");
    const stuck = waiting.sort((a, b) => a.completedAt - b.completedAt)[0];
    furthest.best = { placed: [...path], state, stuck, answers };
  };

  const search = (placed: bigint, state: OrderState): boolean => {
    if ((placed & answered) === answered) return true;
    const key = keyOf(placed, state);
    if (tried.has(key) || tried.size >= TRIED_MAX) return false;
    tried.add(key);
    const next = candidates(steps, placed);
    remember(state, next);
    for (const index of next) {
      const step = steps[index];
      const reached = step === undefined ? undefined : after(state, step, size);
      if (step === undefined || reached === undefined) continue;
      path.push(step);
      if (search(placed | bit(index), reached)) return true;
      path.pop();
    }
    return false;
  };

  if (search(0n, ABSENT)) return { legal: true };
  const best = furthest.best;
  if (tried.size >= TRIED_MAX || best?.stuck === undefined) return { legal: undefined, tried: tried.size };
  return { legal: false, placed: best.placed, state: best.state, stuck: best.stuck };
}
