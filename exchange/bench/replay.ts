/** How long a node takes to become current: from the first entry, over a million commands, and from a snapshot of the state after them. */
import { Machine } from "../machine/machine";
import { framesOf } from "./matching";
import { ms, rate, tookMs, type Row } from "./measure";
import { orders } from "./workload";

const COUNT = 1_000_000;

/** Replay of a million commands; snapshot and restore of the state that they leave. */
export async function benchReplay(): Promise<Row[]> {
  const frames = framesOf(orders(COUNT, 2));
  const bytes = frames.reduce((sum, { length }) => sum + length, 0);
  const machine = Machine.empty();
  const replayMs = await tookMs(() => {
    frames.forEach((frame, index) => machine.apply(index + 1, frame));
  });
  let snapshot = new Uint8Array();
  const writtenMs = await tookMs(() => {
    snapshot = Uint8Array.from(machine.snapshot());
  });
  let restored = Machine.empty();
  const restoredMs = await tookMs(() => {
    restored = Machine.restore(snapshot);
  });
  if (restored.hash() !== machine.hash()) throw new Error("the restored state differs: this measures nothing");
  const megabytes = (count: number): string => `${(count / 1e6).toFixed(0)} MB`;
  return [
    {
      what: `replay of 1,000,000 commands (${megabytes(bytes)})`,
      ours: `${ms(replayMs)}, ${rate((COUNT / replayMs) * 1000)}`,
    },
    { what: `snapshot of that state (${megabytes(snapshot.length)})`, ours: ms(writtenMs) },
    {
      what: "start from that snapshot",
      ours: ms(restoredMs),
      theirs: `${ms(replayMs)} from the journal`,
      ratio: replayMs / restoredMs,
    },
  ];
}
