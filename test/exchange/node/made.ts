/** Nodes in memory, for tests of what one does with its journal. */
import { afterEach } from "vitest";
import type { NewSnapshot, SnapshotStore, StoredSnapshot } from "../../../exchange/journal/journal";
import type { Command } from "../../../exchange/machine/commands";
import { encodeFrame } from "../../../exchange/machine/frame";
import { createLogger } from "../../../exchange/node/logger";
import { createMetrics } from "../../../exchange/node/metrics";
import { ExchangeNode } from "../../../exchange/node/node";
import { beginning } from "../../../exchange/node/saved-state";
import { ManualTime, settle } from "../support/manual-time";
import { MemoryJournal } from "../support/memory-journal";

/** Nodes that are closed after the test. */
export const open: ExchangeNode[] = [];
afterEach(async () => {
  for (const node of open.splice(0)) await node.close();
});

/** Keeps snapshots in memory. */
export class MemorySnapshots implements SnapshotStore {
  readonly saved: StoredSnapshot[] = [];
  newest(): ReturnType<SnapshotStore["newest"]> {
    return Promise.resolve({ snapshot: this.saved.at(-1), skipped: [] });
  }
  save({ sequence, pieces }: NewSnapshot): Promise<void> {
    this.saved.push({ sequence, bytes: Uint8Array.from(Buffer.concat(pieces)) });
    return Promise.resolve();
  }
}

/** A node and its world. */
export interface Made {
  node: ExchangeNode;
  journal: MemoryJournal;
  time: ManualTime;
  lines: string[];
  started: Promise<boolean>;
}

/** A started node over a journal in memory, on time that the test moves. */
export async function makeNode(
  options: { journal?: MemoryJournal; snapshots?: SnapshotStore; name?: string; time?: ManualTime } = {},
): Promise<Made> {
  const { journal = new MemoryJournal(), snapshots, name = "n1", time = new ManualTime() } = options;
  const lines: string[] = [];
  const settings = { logLevel: "trace", place: { cloud: "local", region: "local" }, peers: [] } as const;
  const logger = createLogger(settings, name, { write: (line: string) => void lines.push(line) });
  const start = await beginning(snapshots, logger);
  const parts = { journal, beginning: start, snapshots, settings, time, logger, name, random: () => 0.5 };
  const node = new ExchangeNode({ ...parts, metrics: createMetrics(false) });
  open.push(node);
  const started = node.start(5_000);
  await settle();
  return { node, journal, time, lines, started };
}

let frames = 0;
/** Writes a frame as another node would. */
export function write(journal: MemoryJournal, commands: Command[], frame: { at?: number; node?: string } = {}): void {
  frames += 1;
  const id = `frame-${String(frames)}`;
  const { at = 1, node = "other" } = frame;
  journal.write({ id, payload: encodeFrame({ v: 1, id, node, at, commands }) });
}

/** Makes an account. */
export const account = (id: string): Command => ({ type: "account-create", operator: "o", accountId: id });
/** Makes a currency. */
export const currency: Command = { type: "currency-create", operator: "o", id: "USD", name: "Dollar", scale: 2 };
/** Arms a switch. */
export const cancelAfter: Command = { type: "cancel-after", accountId: "a", timeoutMs: 60_000 };
/** Bytes that are no frame. */
export const raw = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Another journal with the same first entries. */
export function copyOf(journal: MemoryJournal, entries = Number.POSITIVE_INFINITY): MemoryJournal {
  const copy = new MemoryJournal();
  journal.entries
    .slice(0, entries)
    .forEach(({ payload }, index) => copy.write({ id: `copy-${String(index)}`, payload }));
  return copy;
}
