/** The journal of one machine keeps the journal's contract. Not proved here: crashes, full and failing disks (`embedded-*.test.ts`). */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedJournal } from "../../../exchange/journal/embedded/embedded-journal";
import { journalContract } from "./contract";

journalContract("embedded", async () => {
  const directory = await mkdtemp(join(tmpdir(), "twodoor-journal-"));
  const journal = await openEmbeddedJournal({ directory, segmentBytes: 100_000 });
  return {
    journal,
    // One process owns the directory: the second handle is the first.
    second: () => Promise.resolve(journal),
    close: async () => {
      await journal.close();
      await rm(directory, { recursive: true });
    },
  };
});
