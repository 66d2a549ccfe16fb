/** Directories and journals of one test: all closed and removed after it, also when it fails. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import {
  openEmbeddedJournal,
  type EmbeddedJournal,
  type EmbeddedOptions,
} from "../../../../exchange/journal/embedded/embedded-journal";

const endings: (() => Promise<unknown>)[] = [];

/** Declares the cleaning. Call it once in a test file. */
export function cleanAfterEach(): void {
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });
}

/** Has `end` called after the test, before what was asked for earlier. */
export function afterTest(end: () => Promise<unknown>): void {
  endings.push(end);
}

/** A new directory. */
export async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "twodoor-journal-"));
  afterTest(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** An open journal; closing it in the test is allowed. */
export async function opened(options: EmbeddedOptions): Promise<EmbeddedJournal> {
  const journal = await openEmbeddedJournal({ reserveBytes: 0, ...options });
  afterTest(() => journal.close());
  return journal;
}

/** An entry whose id and payload say `text`. */
export function entry(text: string, isUrgent = false): { id: string; payload: Uint8Array; isUrgent: boolean } {
  return { id: text, payload: new TextEncoder().encode(text), isUrgent };
}
