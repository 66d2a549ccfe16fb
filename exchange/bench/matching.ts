/**
 * Matching, against nodejs-order-book: the same orders and cancels through all, in turn, each from an empty book. Ours is measured twice. The
 * book alone is `machine/book.ts` under a loop that does what theirs does: match, rest, cancel by id. The whole machine has, without the
 * journal's bytes, all that theirs leaves out: accounts, holds, fees, fills, ledgers, self-trade prevention, modes, market history, closed
 * orders that can still be asked for, events and views of every order for the feeds. Theirs has conditional orders, which ours has not.
 */
import { OrderBook, Side } from "nodejs-order-book";
import { bestLevel, crosses, oppositeOf, rest, unrest } from "../machine/book";
import { cancelOrder } from "../machine/cancel";
import type { OrderCancel, OrderPlace } from "../machine/commands";
import { ExpiryQueue } from "../machine/expiry";
import { encodeFrame } from "../machine/frame";
import { Machine } from "../machine/machine";
import * as operators from "../machine/operators";
import { newOrder } from "../machine/orders";
import { placeOrder } from "../machine/place";
import { levels } from "../machine/reads";
import { emptyState, type Order, remainingSize, type Run, type State } from "../machine/state";
import { median, processorSeconds, rate, type Row } from "./measure";
import { orders, preparation } from "./workload";

const COUNT = 200_000;
const ROUNDS = 5;
const FRAME_COMMANDS = 100;

type Book = [price: number, size: number][];

type Way = (commands: readonly (OrderPlace | OrderCancel)[]) => Result;

/** What a run did: commands a second, and the book that was left, by which both are seen to have done the same. */
interface Result {
  readonly perSecond: number;
  readonly book: { bids: Book; asks: Book };
}

function prepared(): Run {
  const run: Run = { state: emptyState(new ExpiryQueue()), events: [] };
  for (const command of preparation()) {
    if (command.type === "currency-create") operators.createCurrency(run, command);
    if (command.type === "product-create") operators.createProduct(run, command);
    if (command.type === "account-create") operators.createAccount(run, command);
    if (command.type === "credit") operators.changeBalance(run, command);
  }
  return run;
}

function bookOf(state: State): Result["book"] {
  const side = (which: "buy" | "sell"): Book =>
    levels(state.products.get("BTC-USD"), which, 1e9).map(({ price, size }) => [price, size]);
  return { bids: side("buy"), asks: side("sell") };
}

function machine(commands: readonly (OrderPlace | OrderCancel)[]): Result {
  const { state } = prepared();
  const since = process.cpuUsage();
  let run: Run = { state, events: [] };
  for (const [index, command] of commands.entries()) {
    // As the machine itself: the events of a frame together.
    if (index % FRAME_COMMANDS === 0) run = { state, events: [] };
    if (command.type === "order-place") placeOrder(run, command);
    else cancelOrder(run, command);
  }
  const seconds = processorSeconds(since);
  return { perSecond: commands.length / seconds, book: bookOf(state) };
}

/** Trades what crosses, then rests what is left. */
function matchBare(order: Order, price: number, byId: Map<string, Order>): void {
  const against = oppositeOf(order.product, order.side);
  while (remainingSize(order) > 0) {
    const level = bestLevel(against);
    const maker = level?.head;
    if (level === undefined || maker === undefined || !crosses(order.side, price, level.price)) {
      rest(order, price);
      byId.set(order.orderId, order);
      return;
    }
    const size = Math.min(remainingSize(order), remainingSize(maker));
    level.size -= size;
    maker.filledSize += size;
    order.filledSize += size;
    if (remainingSize(maker) > 0) continue;
    unrest(maker);
    byId.delete(maker.orderId);
  }
}

function bookAlone(commands: readonly (OrderPlace | OrderCancel)[]): Result {
  const { state } = prepared();
  const [product] = state.products.values();
  const [account] = state.accounts.values();
  if (product === undefined || account === undefined) throw new Error("nothing is prepared");
  const byId = new Map<string, Order>();
  const since = process.cpuUsage();
  for (const command of commands) {
    if (command.type === "order-place") {
      matchBare(newOrder(state, account, product, command), command.price ?? 0, byId);
      continue;
    }
    const order = byId.get(command.orderId ?? "");
    if (order === undefined) continue;
    unrest(order);
    byId.delete(order.orderId);
  }
  const seconds = processorSeconds(since);
  return { perSecond: commands.length / seconds, book: bookOf(state) };
}

function theirs(commands: readonly (OrderPlace | OrderCancel)[]): Result {
  const book = new OrderBook();
  const since = process.cpuUsage();
  for (const command of commands) {
    if (command.type === "order-place") {
      const { orderId: id, size = 0, price = 0 } = command;
      book.limit({ side: command.side === "buy" ? Side.BUY : Side.SELL, id, size, price });
    } else book.cancel(command.orderId ?? "");
  }
  const seconds = processorSeconds(since);
  const [asks, bids] = book.depth();
  return { perSecond: commands.length / seconds, book: { bids, asks } };
}

/** Best price first, whichever way a library lists them. */
const sorted = ({ bids, asks }: Result["book"]): Result["book"] => ({
  bids: [...bids].sort(([a], [b]) => b - a),
  asks: [...asks].sort(([a], [b]) => a - b),
});

/** Frames of the same commands, as a journal holds them, with the preparation first. */
export function framesOf(commands: readonly (OrderPlace | OrderCancel)[]): Uint8Array[] {
  const groups = [preparation()];
  for (let at = 0; at < commands.length; at += FRAME_COMMANDS) groups.push(commands.slice(at, at + FRAME_COMMANDS));
  return groups.map((group, number) =>
    encodeFrame({
      v: 1,
      id: `frame-${String(number)}`,
      node: "bench",
      at: 1_700_000_000_000 + number,
      commands: group,
    }),
  );
}

/** Each in turn, round by round, so that whatever else the machine does meets all; garbage of the one before is collected first. */
function inTurn(commands: readonly (OrderPlace | OrderCancel)[], ways: readonly Way[]): number[] {
  const said = ways.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    const books = ways.map((way, index) => {
      globalThis.gc?.();
      const { perSecond, book } = way(commands);
      said[index]?.push(perSecond);
      return JSON.stringify(sorted(book));
    });
    if (new Set(books).size > 1) throw new Error("the books differ after the same commands: this compares nothing");
  }
  return said.map(median);
}

/** Three rows: the book alone, the whole machine, and the machine from the journal's bytes on. */
export function benchMatching(): Promise<Row[]> {
  const commands = orders(COUNT);
  const [book = 0, whole = 0, beside = 0] = inTurn(commands, [bookAlone, machine, theirs]);
  const frames = framesOf(commands);
  const replayed = Array.from({ length: 3 }, () => {
    const replica = Machine.empty();
    const since = process.cpuUsage();
    frames.forEach((frame, index) => replica.apply(index + 1, frame));
    return commands.length / processorSeconds(since);
  });
  const theirRate = rate(beside);
  return Promise.resolve([
    {
      what: "the book alone, against nodejs-order-book",
      ours: rate(book),
      theirs: theirRate,
      ratio: book / beside,
      goal: 1,
    },
    {
      what: "the whole machine (money, fees, ledgers, history, events), against the same",
      ours: rate(whole),
      theirs: theirRate,
      ratio: whole / beside,
    },
    { what: "the machine from the journal's bytes (frames of 100)", ours: rate(median(replayed)) },
  ]);
}
