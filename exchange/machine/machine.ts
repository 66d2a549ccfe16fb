import { createHash } from "node:crypto";
import { cancelAll, cancelOrder, letTimePass, setCancelAfter } from "./cancel";
import type { Checkpoint, Command, Side } from "./commands";
import type { Applied, FillView, MachineEvent, OrderView, Outcome } from "./events";
import { ExpiryQueue } from "./expiry";
import { decodeFrame, type DecodedFrame } from "./frame";
import { candlesOf, statsOf } from "./market";
import * as operators from "./operators";
import { placeOrder, reject } from "./place";
import * as reads from "./reads";
import { inOrder, isCommand, type RawCommand, wrongField } from "./shapes";
import { piecesOf } from "./rows";
import { restoreState } from "./snapshot";
import { snapshotRows } from "./snapshot-rows";
import { emptyState, type Run, type State } from "./state";
import type * as view from "./view";

/**
 * The exchange's state and the one way to change it. The same entries in the same order make the same state, outcomes and events on every node
 * and every release of Node.js: it has no clock, no chance and no floating point. What is read from it is safe to keep: no view changes later.
 */
export class Machine implements view.MachineView {
  private readonly state: State;
  private broken = false;

  private constructor(state: State) {
    this.state = state;
  }

  /** Before the first entry. */
  static empty(): Machine {
    return new Machine(emptyState(new ExpiryQueue()));
  }

  /** The machine as it was when `snapshot()` gave these bytes. @throws UnknownSnapshot (`snapshot.ts`) for anything that this release did not write. */
  static restore(bytes: Uint8Array): Machine {
    return new Machine(restoreState(bytes));
  }

  /**
   * Applies one entry of the journal. Bytes that are no frame, and a frame that was applied before, change nothing but the sequence.
   *
   * @param sequence - above that of the entry before; gaps are the journal's business.
   * @throws UnknownCommand (`frame.ts`) for what this release does not know; nothing has changed then. Any other error is a bug of ours: the state
   * may be half changed, and every later call throws.
   */
  apply(sequence: number, payload: Uint8Array): Applied {
    if (this.broken) throw new Error("the machine stopped at an error of its own and cannot go on");
    if (!Number.isSafeInteger(sequence) || sequence <= this.state.sequence) {
      throw new Error(`entry ${sequence} was to be applied after entry ${this.state.sequence}`);
    }
    const frame = decodeFrame(payload);
    const { state } = this;
    state.sequence = sequence;
    if (frame === undefined) {
      state.undecodable += 1;
      return { sequence, frameId: "", duplicate: false, outcomes: [], events: [], node: "", at: 0 };
    }
    if (state.frames.has(frame.id)) {
      const { id: frameId, node, at } = frame;
      return { sequence, frameId, duplicate: true, outcomes: [], events: [], node, at };
    }
    this.broken = true;
    const applied = applyFrame(state, frame);
    this.broken = false;
    return applied;
  }

  /** The whole state in canonical bytes: equal states give equal bytes. All at once; a node that serves takes `snapshotPieces` instead. */
  snapshot(): Uint8Array {
    return joined([...this.snapshotPieces()]);
  }

  /**
   * The bytes of `snapshot()` piece by piece, each made in a few milliseconds when it is asked for; some are empty. No entry may be applied until the last
   * one has come: the next piece throws then, since together they would be the state of no moment.
   */
  *snapshotPieces(): Generator<Uint8Array, void> {
    const { sequence } = this.state;
    for (const piece of piecesOf(snapshotRows(this.state))) {
      yield piece;
      if (this.state.sequence !== sequence) throw new Error("an entry was applied while the state was written down");
    }
  }

  /** Lines that a snapshot would have by now, nearly: its cost. Looks at each product and account once. */
  get snapshotLines(): number {
    const { products, accounts, keys, orders, audit, frameOrder } = this.state;
    // A line of frame ids is as long as twenty others.
    let lines = orders.size + keys.size + audit.length + Math.ceil(frameOrder.length / 50);
    for (const { trades, candles } of products.values()) {
      lines += trades.length + candles.reduce((sum, { length }) => sum + length, 0);
    }
    for (const { fills, ledger, balances } of accounts.values())
      lines += 3 + balances.size + fills.length + ledger.length;
    return lines;
  }

  /** SHA-256 of `snapshot()`, in hexadecimal. */
  hash(): string {
    const hash = createHash("sha256");
    for (const piece of this.snapshotPieces()) hash.update(piece);
    return hash.digest("hex");
  }

  /** Entries so far that were no frame at all. */
  get undecodable(): number {
    return this.state.undecodable;
  }

  get sequence(): number {
    return this.state.sequence;
  }

  get epoch(): number {
    return this.state.epoch;
  }

  get now(): number {
    return this.state.now;
  }

  get hasTimers(): boolean {
    return this.state.expiries.size > 0 || this.state.armed.size > 0;
  }

  currencies(): readonly view.CurrencyView[] {
    return reads.sorted(this.state.currencies);
  }

  currency(id: string): view.CurrencyView | undefined {
    return this.state.currencies.get(id);
  }

  products(): readonly view.ProductView[] {
    return reads.sorted(this.state.products).map(reads.productView);
  }

  product(id: string): view.ProductView | undefined {
    const product = this.state.products.get(id);
    return product === undefined ? undefined : reads.productView(product);
  }

  levels(productId: string, side: Side, depth: number): view.LevelView[] {
    return reads.levels(this.state.products.get(productId), side, depth);
  }

  levelSize(productId: string, side: Side, price: number): number {
    return reads.levelSize(this.state.products.get(productId), side, price);
  }

  openOrders(productId: string, side: Side): OrderView[] {
    return reads.openOrders(this.state.products.get(productId), side);
  }

  trades(productId: string, page: view.Page): view.TradeView[] {
    return this.state.products.get(productId)?.trades.page(page) ?? [];
  }

  candles(productId: string, granularity: number): view.CandleView[] {
    const product = this.state.products.get(productId);
    return product === undefined ? [] : candlesOf(product, granularity);
  }

  stats(productId: string): view.StatsView {
    const product = this.state.products.get(productId);
    return product === undefined ? reads.NO_STATS : statsOf(product, this.state.now);
  }

  hasAccount(accountId: string): boolean {
    return this.state.accounts.has(accountId);
  }

  accountIds(): readonly string[] {
    return reads.sorted(this.state.accounts).map(({ id }) => id);
  }

  balances(accountId: string): view.BalanceView[] {
    return reads.balances(this.state, accountId);
  }

  ledger(accountId: string, currency: string, page: view.Page): view.LedgerEntryView[] {
    return reads.ledger(this.state, accountId, currency, page);
  }

  order(orderId: string): OrderView | undefined {
    return reads.viewIf(this.state.orders.get(orderId));
  }

  orderByClientId(accountId: string, clientOrderId: string): OrderView | undefined {
    return reads.viewIf(this.state.accounts.get(accountId)?.clientIds.get(clientOrderId));
  }

  orders(accountId: string, filter: view.OrderFilter): OrderView[] {
    return reads.orders(this.state, accountId, filter);
  }

  openOrderCount(accountId: string): number {
    return this.state.accounts.get(accountId)?.openCount ?? 0;
  }

  holdOf(orderId: string): bigint {
    return this.state.orders.get(orderId)?.hold ?? 0n;
  }

  fills(accountId: string, filter: { productId?: string; orderId?: string }, page: view.Page): FillView[] {
    return reads.fills(this.state, accountId, filter, page);
  }

  key(keyId: string): view.KeyView | undefined {
    return this.state.keys.get(keyId);
  }

  keys(): readonly view.KeyView[] {
    return reads.sorted(this.state.keys);
  }

  audit(page: view.Page): view.AuditView[] {
    return this.state.audit.page(page);
  }

  cancelAfterDeadline(accountId: string): number | undefined {
    const armed = this.state.accounts.get(accountId)?.cancelAfter;
    return armed === undefined || armed.frozen ? undefined : armed.deadline;
  }

  cancelAfterState(accountId: string): "armed" | "frozen" | "disarmed" {
    const armed = this.state.accounts.get(accountId)?.cancelAfter;
    if (armed === undefined) return "disarmed";
    return armed.frozen ? "frozen" : "armed";
  }

  feeBalances(): ReadonlyMap<string, bigint> {
    return new Map(this.state.fees);
  }
}

function applyFrame(state: State, frame: DecodedFrame): Applied {
  state.frames.add(frame.id);
  const forgotten = state.frameOrder.push(frame.id);
  if (forgotten !== undefined) state.frames.delete(forgotten);
  const events: MachineEvent[] = [];
  const run: Run = { state, events };
  letTimePass(run, frame.at);
  const outcomes = frame.commands.map((raw) => {
    if (!isCommand(raw)) return malformed(raw);
    if (raw.type === "checkpoint") sayCheckpoint(run, frame.node, raw);
    const outcome = perform(run, raw);
    const operator = operatorOf(raw);
    if (operator !== undefined) note(state, operator, raw, outcome);
    return outcome;
  });
  const { id: frameId, node, at } = frame;
  return { sequence: state.sequence, frameId, duplicate: false, outcomes, events, node, at };
}

function sayCheckpoint(run: Run, node: string, { atSequence, hash }: Checkpoint): void {
  run.events.push({ type: "checkpoint", node, atSequence, hash, at: run.state.now });
}

function operatorOf(command: Command): string | undefined {
  return "operator" in command ? command.operator : undefined;
}

function malformed(raw: RawCommand): Outcome {
  return reject("invalid", `${wrongField(raw) ?? "type"} is invalid`);
}

function note(state: State, operator: string, command: RawCommand, outcome: Outcome): void {
  state.audit.push({
    cursor: state.audit.total + 1,
    sequence: state.sequence,
    at: state.now,
    operator,
    detail: inOrder(command),
    accepted: outcome.ok,
  });
}

function perform(run: Run, command: Command): Outcome {
  switch (command.type) {
    case "order-place":
      return placeOrder(run, command);
    case "order-cancel":
      return cancelOrder(run, command);
    case "orders-cancel-all":
      return cancelAll(run, command);
    case "cancel-after":
      return setCancelAfter(run, command);
    case "currency-create":
      return operators.createCurrency(run, command);
    case "product-create":
      return operators.createProduct(run, command);
    case "mode-set":
      return operators.setMode(run, command);
    case "account-create":
      return operators.createAccount(run, command);
    case "key-issue":
      return operators.issueKey(run, command);
    case "key-revoke":
      return operators.revokeKey(run, command);
    case "credit":
    case "debit":
      return operators.changeBalance(run, command);
    case "epoch-start":
      return operators.startEpoch(run, command);
    case "tick":
    case "checkpoint":
      return { ok: true, kind: "done", duplicate: false };
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
