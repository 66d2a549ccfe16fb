/**
 * Matching alone, against nodejs-order-book: the same orders and cancels through both, in turn, each from an empty book. Ours is measured
 * without the journal's bytes, and with all else: accounts, holds, fees, fills, ledgers, client ids, self-trade prevention, market history,
 * events and views of every order for the feeds. Theirs has none of these; it has conditional orders, which ours has not.
 */
import { OrderBook, Side } from "nodejs-order-book";
import { cancelOrder } from "../machine/cancel";
import type { OrderCancel, OrderPlace } from "../machine/commands";
import { ExpiryQueue } from "../machine/expiry";
import { encodeFrame } from "../machine/frame";
import { Machine } from "../machine/machine";
import * as operators from "../machine/operators";
import { placeOrder } from "../machine/place";
import { levels } from "../machine/reads";
import { emptyState, type Run } from "../machine/state";
import { alternately, median, processorSeconds, rate, type Row } from "./measure";
import { orders, preparation } from "./workload";

const COUNT = 200_000;
const ROUNDS = 5;
const FRAME_COMMANDS = 100;

type Book = [price: number, size: number][];

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

function ours(commands: readonly (OrderPlace | OrderCancel)[]): Result {
  const { state } = prepared();
  const since = process.cpuUsage();
  for (const command of commands) {
    const run: Run = { state, events: [] };
    if (command.type === "order-place") placeOrder(run, command);
    else cancelOrder(run, command);
  }
  const seconds = processorSeconds(since);
  const side = (which: "buy" | "sell"): Book =>
    levels(state.products.get("BTC-USD"), which, 1e9).map(({ price, size }) => [price, size]);
  return { perSecond: commands.length / seconds, book: { bids: side("buy"), asks: side("sell") } };
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

/** Both rows: matching alone, and the whole way from the journal's bytes. */
export async function benchMatching(): Promise<Row[]> {
  const commands = orders(COUNT);
  const { a, b } = await alternately(
    ROUNDS,
    () => ours(commands),
    () => theirs(commands),
  );
  const [mine, other] = [a[0], b[0]];
  if (mine === undefined || other === undefined) throw new Error("nothing was run");
  if (JSON.stringify(sorted(mine.book)) !== JSON.stringify(sorted(other.book))) {
    throw new Error("the two books differ after the same commands: this compares nothing");
  }
  const [fast, beside] = [median(a.map(({ perSecond }) => perSecond)), median(b.map(({ perSecond }) => perSecond))];
  const frames = framesOf(commands);
  const whole = Array.from({ length: 3 }, () => {
    const machine = Machine.empty();
    const since = process.cpuUsage();
    frames.forEach((frame, index) => machine.apply(index + 1, frame));
    return commands.length / processorSeconds(since);
  });
  return [
    {
      what: "matching alone, against nodejs-order-book",
      ours: rate(fast),
      theirs: rate(beside),
      ratio: fast / beside,
      goal: 1,
    },
    { what: "the same from the journal's bytes (frames of 100)", ours: rate(median(whole)) },
  ];
}
