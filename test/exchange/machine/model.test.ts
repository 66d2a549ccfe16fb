/**
 * Holds the machine against a slow, obvious model over random lists of commands: every outcome, order, balance, hold and book after each command; money
 * conserved to the last unit; books never crossed; the book that the events tell is the book; sequences rise by one. And: a log, a snapshot with the
 * rest of the log, and the log with repeated frames all end in the same state. Does not prove speed, limits of counts, or what clients see as JSON.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Command } from "../../../exchange/machine/commands";
import type { MachineEvent, Outcome } from "../../../exchange/machine/events";
import { Machine } from "../../../exchange/machine/machine";
import { encodeFrame } from "../../../exchange/machine/frame";
import { ACCOUNTS, applyAll, CURRENCIES, logOf, PRODUCTS, randomly, SETUP, START, steps } from "./commands";
import { Model } from "./model";

const SIDES = ["buy", "sell"] as const;

const inText = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? `${part}n` : (part ?? null)));

/** `toEqual`, at a tenth of the cost while it holds. */
function same(got: unknown, expected: unknown): void {
  if (inText(got) !== inText(expected)) expect(got).toEqual(expected);
}

function inWords(outcome: Outcome): string {
  if (!outcome.ok) return outcome.code;
  if (outcome.kind === "cancelled") return `cancelled ${outcome.orderIds.join(" ")}`;
  if (outcome.kind === "order") return outcome.duplicate ? `again ${outcome.order.orderId}` : outcome.order.status;
  return outcome.duplicate ? "done again" : "done";
}

/** The book as somebody knows it who follows the events. */
class Follower {
  readonly sizes = new Map<string, { productId: string; side: string; price: number; size: number }>();
  readonly sequences = new Map<string, number>();

  see(event: MachineEvent, epochs: boolean): void {
    if (!("sequence" in event)) return;
    const last = this.sequences.get(event.productId) ?? 0;
    if (epochs) expect(event.sequence).toBeGreaterThan(last);
    else expect(event.sequence).toBe(last + 1);
    this.sequences.set(event.productId, event.sequence);
    if (event.type === "open") {
      const { orderId, productId, side, price } = event.order;
      this.sizes.set(orderId, { productId, side, price: price!, size: event.remainingSize });
    } else if (event.type === "match") {
      this.sizes.get(event.maker.orderId)!.size -= event.size;
    } else if (event.type === "change") {
      const known = this.sizes.get(event.order.orderId);
      if (known === undefined) return;
      expect(event.oldSize).toBe(known.size);
      known.size = event.newSize;
    } else if (event.type === "done") {
      const known = this.sizes.get(event.order.orderId);
      if (known !== undefined) expect(event.remainingSize).toBe(known.size);
      this.sizes.delete(event.order.orderId);
    }
  }

  levels(productId: string, side: string): [number, number, number][] {
    const found = new Map<number, [number, number, number]>();
    for (const order of this.sizes.values()) {
      if (order.productId !== productId || order.side !== side) continue;
      const level = found.get(order.price) ?? [order.price, 0, 0];
      found.set(order.price, [order.price, level[1] + order.size, level[2] + 1]);
    }
    return [...found.values()].sort((one, other) => (side === "buy" ? other[0] - one[0] : one[0] - other[0]));
  }
}

function compareMoney(machine: Machine, model: Model): void {
  for (const account of ACCOUNTS) {
    const balances = machine.balances(account);
    same(
      balances,
      CURRENCIES.map((currency) => {
        const [balance, hold] = [model.balance(account, currency), model.hold(account, currency)];
        return { currency, balance, hold, available: balance - hold };
      }),
    );
    same(
      balances.filter(({ available }) => available < 0n),
      [],
    );
  }
  for (const currency of CURRENCIES) {
    const held = ACCOUNTS.reduce((sum, account) => {
      return sum + machine.balances(account).find((balance) => balance.currency === currency)!.balance;
    }, 0n);
    const fees = machine.feeBalances().get(currency) ?? 0n;
    same([held + fees, fees], [model.issued.get(currency), model.fees.get(currency) ?? 0n]);
  }
}

function compareBooks(machine: Machine, model: Model, follower: Follower): void {
  for (const productId of PRODUCTS) {
    for (const side of SIDES) {
      const levels = machine.levels(productId, side, 1000);
      const resting = model.book(productId, side);
      same(
        machine.openOrders(productId, side).map((order) => order.orderId),
        resting.map(({ command }) => command.orderId),
      );
      same(
        levels.map(({ price, size, orders }) => [price, size, orders]),
        follower.levels(productId, side),
      );
      for (const { price, size } of levels) {
        const there = resting.filter(({ command }) => command.price === price);
        const expected = there.reduce((sum, order) => sum + model.left(order), 0n);
        same([BigInt(size), BigInt(machine.levelSize(productId, side, price))], [expected, expected]);
      }
    }
    const [bid] = machine.levels(productId, "buy", 1);
    const [ask] = machine.levels(productId, "sell", 1);
    if (bid !== undefined && ask !== undefined) expect(bid.price).toBeLessThan(ask.price);
  }
}

function compareOrders(machine: Machine, model: Model): void {
  same(
    model.orders.map(({ command }) => {
      const view = machine.order(command.orderId)!;
      const { status, doneReason, filledSize, size, funds, executedValue, fillFees } = view;
      return [status, doneReason, filledSize, size, funds, executedValue, fillFees, machine.holdOf(command.orderId)];
    }),
    model.orders.map((order) => {
      const size = order.size === undefined ? undefined : Number(order.size);
      const done = [order.status, order.reason, Number(order.filled), size, order.funds];
      return [...done, Model.valueOf(order), Model.feesOf(order), model.need(order)];
    }),
  );
  for (const account of ACCOUNTS) {
    const armed = model.switches.get(account);
    const deadline = armed === undefined || armed.frozen ? undefined : armed.deadline;
    const state = armed === undefined ? "disarmed" : armed.frozen ? "frozen" : "armed";
    const mine = model.orders.filter(({ command }) => command.accountId === account);
    const statuses = ["open", "done", "rejected"] as const;
    same(
      [
        machine.cancelAfterDeadline(account),
        machine.cancelAfterState(account),
        machine.openOrderCount(account),
        machine.orders(account, { statuses, limit: 1000 }).map(({ orderId }) => orderId),
      ],
      [deadline, state, model.open(account).length, mine.map(({ command }) => command.orderId).reverse()],
    );
  }
  const waits = model.open().some(({ command }) => command.expiresAt !== undefined) || model.switches.size > 0;
  expect(machine.hasTimers).toBe(waits);
}

/** Nothing of the ledger is forgotten in so short a run: it adds up to the balance, entry by entry. */
function compareLedgers(machine: Machine): void {
  for (const account of ACCOUNTS) {
    const all = CURRENCIES.flatMap((currency) => {
      const entries = machine.ledger(account, currency, { limit: 10_000 }).reverse();
      let sum = 0n;
      for (const { amount, balance } of entries) {
        sum += amount;
        expect(balance).toBe(sum);
      }
      expect(machine.balances(account).find((balance) => balance.currency === currency)!.balance).toBe(sum);
      return entries;
    });
    const cursors = all.map(({ cursor }) => cursor).sort((one, other) => one - other);
    same(
      cursors,
      cursors.map((_, index) => index + 1),
    );
  }
}

/** What happened over all runs: a comparison of nothing would hold as well. */
const happened = new Map<string, number>();

function count(event: MachineEvent): void {
  const extra = event.type === "cancel-after" ? ` ${event.state}` : event.type === "done" ? ` ${event.reason}` : "";
  const name = event.type + extra;
  happened.set(name, (happened.get(name) ?? 0) + 1);
}

test("does what the slow model does", { timeout: 900_000 }, () => {
  fc.assert(
    fc.property(steps(70), (list) => {
      const machine = Machine.empty();
      const model = new Model();
      const follower = new Follower();
      const epochs = list.some(({ command }) => command.type === "epoch-start");
      let at = START;
      let sequence = 0;
      const step = (commands: Command[]): void => {
        sequence += 1;
        const payload = encodeFrame({ v: 1, id: `frame-${sequence}`, node: "a", at, commands });
        const applied = machine.apply(sequence, payload);
        model.pass(at);
        const expected = commands.map((command) => (command.type === "epoch-start" ? "" : model.apply(command)));
        const said = applied.outcomes.map((outcome, index) => (expected[index] === "" ? "" : inWords(outcome)));
        same(said, expected);
        for (const event of applied.events) {
          follower.see(event, epochs);
          count(event);
        }
        compareMoney(machine, model);
        compareBooks(machine, model, follower);
        compareOrders(machine, model);
      };
      step(SETUP);
      for (const { dt, command } of list) {
        at += dt;
        step([command]);
      }
      compareLedgers(machine);
    }),
    randomly(400),
  );
  // Fewer runs than the default need not have seen everything.
  if (process.env["EXCHANGE_RUNS"] !== undefined) return;
  const kinds = ["received", "open", "match", "change", "done filled", "done canceled", "mode", "product"];
  const switches = ["armed", "disarmed", "frozen", "fired"].map((state) => `cancel-after ${state}`);
  expect([...kinds, ...switches].filter((kind) => (happened.get(kind) ?? 0) < 5)).toEqual([]);
});

test(
  "a log, a snapshot with the rest of the log, and a log with repeated frames end in the same state",
  { timeout: 900_000 },
  () => {
    fc.assert(
      fc.property(steps(60), fc.nat(), fc.nat(), (list, cut, repeated) => {
        const log = logOf(list);
        const live = Machine.empty();
        const events = applyAll(live, log);
        const at = cut % (log.length + 1);
        const before = Machine.empty();
        applyAll(before, log.slice(0, at));
        const restored = Machine.restore(before.snapshot());
        expect(restored.hash()).toBe(before.hash());
        const rest = applyAll(restored, log.slice(at));
        expect(rest).toEqual(events.slice(at));
        expect(restored.hash()).toBe(live.hash());
        expect(Buffer.from(restored.snapshot()).equals(live.snapshot())).toBe(true);
        const again = log[repeated % log.length]!;
        const applied = restored.apply(log.length + 1, again.payload);
        expect(applied).toMatchObject({ duplicate: true, outcomes: [], events: [] });
        live.apply(log.length + 1, encodeFrame({ v: 1, id: "frame-1", node: "b", at: 0, commands: [] }));
        expect(restored.hash()).toBe(live.hash());
      }),
      randomly(100),
    );
  },
);
