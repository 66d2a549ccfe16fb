/**
 * Any sequence of appends, restarts, torn tails and full disks against a list: what was acknowledged is what is read, in every order of things that
 * fast-check finds. Does not prove anything of real crashes (`embedded-kills.test.ts`).
 */
import { randomUUID } from "node:crypto";
import { appendFile, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openEmbeddedJournal, type EmbeddedJournal } from "../../../exchange/journal/embedded/embedded-journal";
import { encodeGroup } from "../../../exchange/journal/embedded/groups";
import { readTo } from "./contract";
import { faultyFiles } from "./embedded/faulty-files";
import { cleanAfterEach, newDirectory } from "./embedded/place";

cleanAfterEach();

/** Replays the run whose seed fast-check printed. */
const SEED = process.env["EXCHANGE_SEED"];

type Step =
  | { readonly do: "append"; readonly sizes: readonly number[] }
  | { readonly do: "again"; readonly which: number }
  | { readonly do: "restart" }
  | { readonly do: "torn"; readonly bytes: number }
  | { readonly do: "full"; readonly room: number; readonly sizes: readonly number[] }
  | { readonly do: "read"; readonly from: number };

const sizes = fc.array(fc.oneof(fc.nat(30), fc.nat(3_000)), { minLength: 1, maxLength: 12 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("append" as const), sizes }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("again" as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("torn" as const), bytes: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("full" as const), room: fc.nat(4_000), sizes }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("read" as const), from: fc.nat() }) },
);

/** The journal, and the plain list that it must equal. */
class Pair {
  readonly #disk = faultyFiles();
  readonly #directory: string;
  readonly #segmentBytes: number;
  readonly #model: { id: string; payload: Uint8Array }[] = [];
  #journal: EmbeddedJournal | undefined;

  constructor(directory: string, segmentBytes: number) {
    this.#directory = directory;
    this.#segmentBytes = segmentBytes;
  }

  async run(one: Step): Promise<void> {
    if (one.do === "append") await this.#append(one.sizes);
    else if (one.do === "again") await this.#again(one.which);
    else if (one.do === "restart") await this.close();
    else if (one.do === "torn") await this.#tear(one.bytes);
    else if (one.do === "full") {
      await this.#open();
      this.#disk.faults.room = one.room;
      await this.#append(one.sizes);
      this.#disk.faults.room = Infinity;
    } else await this.#check(1 + (one.from % (this.#model.length + 1)));
  }

  async close(): Promise<void> {
    await this.#journal?.close();
    this.#journal = undefined;
  }

  async finish(): Promise<void> {
    await this.close();
    await this.#check(1);
    await this.close();
  }

  async #open(): Promise<EmbeddedJournal> {
    const { files } = this.#disk;
    const options = { directory: this.#directory, files, segmentBytes: this.#segmentBytes, reserveBytes: 0 };
    this.#journal ??= await openEmbeddedJournal(options);
    return this.#journal;
  }

  async #append(lengths: readonly number[]): Promise<void> {
    const journal = await this.#open();
    const entries = lengths.map((length) => ({ id: randomUUID(), payload: new Uint8Array(length).fill(length % 251) }));
    const outcomes = await Promise.all(
      entries.map((entry) =>
        journal.append(entry, 10_000).then(
          ({ sequence, duplicate }) => ({ sequence, duplicate }),
          (error: unknown) => String(error),
        ),
      ),
    );
    for (const [index, outcome] of outcomes.entries()) {
      const entry = entries[index];
      if (typeof outcome === "string") expect(outcome).toContain("the disk has no room");
      else if (entry !== undefined) {
        expect(outcome).toEqual({ sequence: this.#model.push(entry), duplicate: false });
      }
    }
  }

  async #again(which: number): Promise<void> {
    if (this.#model.length === 0) return;
    const place = which % this.#model.length;
    const id = this.#model[place]?.id ?? "";
    const answer = await (await this.#open()).append({ id, payload: Uint8Array.of(99) }, 10_000);
    expect(answer).toEqual({ sequence: place + 1, duplicate: true });
  }

  /** As a crash in the middle of a write leaves it. */
  async #tear(bytes: number): Promise<void> {
    await this.#open();
    await this.close();
    const segments = (await readdir(this.#directory)).filter((name) => name.endsWith(".seg")).sort();
    const path = join(this.#directory, segments.at(-1) ?? "");
    const torn = encodeGroup(0, this.#model.length + 1, [{ id: randomUUID(), payload: new Uint8Array(40).fill(7) }]);
    const length = bytes % torn.length;
    await appendFile(path, torn.subarray(0, length));
    const before = await readFile(path);
    const journal = await this.#open();
    const said = String(journal.status().detail["torn"] ?? "");
    expect(said.startsWith(`${String(length)} bytes at offset ${String(before.length - length)}`)).toBe(length > 0);
  }

  async #check(from: number): Promise<void> {
    const journal = await this.#open();
    expect(await journal.barrier()).toBe(this.#model.length);
    const read = from > this.#model.length ? [] : await readTo(journal, from, this.#model.length);
    const expected = this.#model.slice(from - 1);
    expect(read.length).toBe(expected.length);
    const differing = read.filter(
      ({ payload }, index) => Buffer.compare(payload, expected[index]?.payload ?? Uint8Array.of(1, 2, 3)) !== 0,
    );
    expect(differing.map(({ sequence }) => sequence)).toEqual([]);
  }
}

test("what was acknowledged is what is read, whatever happens in between", async () => {
  const directory = await newDirectory();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.constantFrom(1, 500, 5_000, 1_000_000),
      async (steps, segmentBytes) => {
        runs += 1;
        const place = join(directory, String(runs));
        const pair = new Pair(place, segmentBytes);
        try {
          for (const one of steps) await pair.run(one);
          await pair.finish();
        } finally {
          await pair.close();
          await rm(place, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 60, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
  );
  expect(runs).toBeGreaterThanOrEqual(60);
});
