/**
 * Proves that the search finds a serial order exactly when one exists: on thousands of random small sets of overlapping calls its answer is
 * that of trying every order and every choice of which unanswered calls took effect. Does not prove that the order's state machine is the
 * exchange's (both sides use the same one): `judge.test.ts` and the fault runs do.
 */
import { describe, expect, it } from "vitest";
import { after, linearize, type OrderState, type Step } from "./linearize";
import { below, chanceOf, type Chance } from "./model";

const SIZE = 3n;

function randomStep(chance: Chance, id: number): Step {
  const invokedAt = below(chance, 12);
  const kind = (["place", "cancel", "read", "read", "sweep-missed"] as const)[below(chance, 5)] ?? "read";
  const isUnknown = chance() < 0.25 && (kind === "place" || kind === "cancel");
  const base = { id, kind, invokedAt, completedAt: isUnknown ? Infinity : invokedAt + below(chance, 12) };
  if (isUnknown) return { ...base, outcome: "unknown" };
  if (kind === "sweep-missed") return { ...base, outcome: "ok" };
  if (kind === "cancel")
    return { ...base, outcome: (["ok", "already-done", "not-found"] as const)[below(chance, 3)] ?? "ok" };
  if (kind === "read" && chance() < 0.3) return { ...base, outcome: "not-found" };
  const filledSize = BigInt(below(chance, 4));
  const doneReason = chance() < 0.5 ? undefined : chance() < 0.5 ? "filled" : "canceled";
  const orderId = chance() < 0.95 ? "o1" : "o2";
  return {
    ...base,
    outcome: "ok",
    order: { orderId, status: doneReason === undefined ? "open" : "done", doneReason, filledSize },
  };
}

/** Every order of the steps that respects real time; unanswered ones may be left out. */
function anyOrder(left: readonly Step[], state: OrderState): boolean {
  if (left.every(({ outcome }) => outcome === "unknown")) return true;
  return left.some((step) => {
    if (left.some((other) => other !== step && other.completedAt < step.invokedAt)) return false;
    const reached = after(state, step, SIZE);
    return (
      reached !== undefined &&
      anyOrder(
        left.filter((other) => other !== step),
        reached,
      )
    );
  });
}

describe("the search", () => {
  it("agrees with trying every order", () => {
    const seed = Number(process.env["EXCHANGE_FAULT_SEED"] ?? 6);
    const chance = chanceOf(seed);
    const counts = { legal: 0, illegal: 0 };
    for (let round = 0; round < 20_000; round += 1) {
      const steps = Array.from({ length: 1 + below(chance, 6) }, (_, id) => randomStep(chance, id));
      const expected = anyOrder(steps, { phase: "absent" });
      expect(
        linearize(steps, SIZE).legal,
        `seed ${String(seed)}, round ${String(round)}: ${steps.map(({ kind, outcome }) => `${kind} ${outcome}`).join(", ")}`,
      ).toBe(expected);
      counts[expected ? "legal" : "illegal"] += 1;
    }
    console.log(`seed ${String(seed)}: ${JSON.stringify(counts)}`);
    expect(Math.min(counts.legal, counts.illegal)).toBeGreaterThan(1_000);
  });

  it("gives up, and says so, rather than search for ever", () => {
    // Nothing tells the calls apart, and the last one fits nowhere: each subset of the others is a place to have come to.
    const steps = Array.from({ length: 24 }, (_, id): Step => ({
      id,
      kind: "cancel",
      invokedAt: 0,
      completedAt: 100,
      outcome: "not-found",
    }));
    const impossible: Step = {
      id: 99,
      kind: "read",
      invokedAt: 0,
      completedAt: 100,
      outcome: "ok",
      order: { orderId: "o1", status: "open", doneReason: undefined, filledSize: 0n },
    };
    expect(linearize([...steps, impossible], SIZE)).toEqual({ legal: undefined, tried: 100_000 });
  });
});
