/**
 * The process that is killed: owns the journal in `argv[2]`, appends with 32 under way at a time, and writes a line for each acknowledgement the
 * moment it has it (`<id> <sequence>`; `open` first). Ids and payloads follow from `argv[3]`. With `pieces` as `argv[4]` each write takes 800 bytes, so that
 * many kills fall into the middle of a group.
 */
import { writeSync } from "node:fs";
import { openEmbeddedJournal } from "../../../../exchange/journal/embedded/embedded-journal";
import { faultyFiles } from "./faulty-files";

async function main(): Promise<void> {
  const [, , directory = "", run = "", how = ""] = process.argv;
  const { files, faults } = faultyFiles();
  if (how === "pieces") faults.writeTakes = 800;
  const journal = await openEmbeddedJournal({ directory, files, segmentBytes: 30_000, reserveBytes: 0 });
  writeSync(1, "open 0\n");
  let count = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      const id = `${run}-${String(count++)}`;
      const payload = new TextEncoder().encode(id.repeat(1 + (count % 20)));
      const { sequence } = await journal.append({ id, payload }, 60_000);
      writeSync(1, `${id} ${String(sequence)}\n`);
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
}

main().catch((error: unknown) => {
  writeSync(2, `${String(error)}\n`);
  process.exit(1);
});
