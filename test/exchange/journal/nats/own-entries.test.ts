// Proves which of a node's own entries its reader is given without asking a voter: those without a gap from where it stands, each once, within bounds. That
// they are what the journal holds is proved on real servers by the contract and the fault runs.
import { describe, expect, test } from "vitest";
import { OwnEntries, OWN_BYTES_MAX, OWN_ENTRIES_MAX } from "../../../../exchange/journal/nats/own-entries";

const payload = (text: string): Uint8Array => new TextEncoder().encode(text);

function own(...sequences: number[]): OwnEntries {
  const entries = new OwnEntries();
  for (const sequence of sequences) entries.add(sequence, payload(String(sequence)));
  return entries;
}

const taken = (entries: OwnEntries, sequence: number): number[] => entries.take(sequence).map((one) => one.sequence);

describe("a node's own entries", () => {
  test("are given from where the reader stands to the first that another node wrote", () => {
    const entries = own(7, 5, 6, 9);
    expect(entries.take(5)).toEqual([5, 6, 7].map((sequence) => ({ sequence, payload: payload(String(sequence)) })));
    expect(taken(entries, 8)).toEqual([]);
    expect(taken(entries, 9)).toEqual([9]);
  });

  test("are given once", () => {
    const entries = own(1, 2);
    expect(taken(entries, 1)).toEqual([1, 2]);
    expect(taken(entries, 1)).toEqual([]);
  });

  test("are forgotten once the reader is past them, and kept while it is not there", () => {
    const entries = own(3, 8);
    expect(taken(entries, 2)).toEqual([]);
    expect(taken(entries, 5)).toEqual([]);
    expect(taken(entries, 3)).toEqual([]);
    expect(taken(entries, 8)).toEqual([8]);
  });

  test("are at most so many, the oldest going first", () => {
    const entries = own(...Array.from({ length: OWN_ENTRIES_MAX + 2 }, (_, index) => index + 1));
    expect(taken(entries, 1)).toEqual([]);
    expect(taken(entries, 2)).toEqual([]);
    expect(taken(entries, 3)).toHaveLength(OWN_ENTRIES_MAX);
  });

  test("are at most so many bytes, and what was taken counts no more", () => {
    const half = new Uint8Array(OWN_BYTES_MAX / 2);
    const entries = new OwnEntries();
    for (const sequence of [1, 2, 3]) entries.add(sequence, half);
    expect(taken(entries, 1)).toEqual([]);
    expect(taken(entries, 2)).toEqual([2, 3]);
    for (const sequence of [4, 5]) entries.add(sequence, half);
    expect(taken(entries, 4)).toEqual([4, 5]);
  });
});
