/** A process that owns the journal in `argv[2]`, says `open`, and stays. */
import { writeSync } from "node:fs";
import { openEmbeddedJournal } from "../../../../exchange/journal/embedded/embedded-journal";

openEmbeddedJournal({ directory: process.argv[2] ?? "", reserveBytes: 0 }).then(
  () => {
    writeSync(1, "open\n");
    setInterval(() => undefined, 60_000);
  },
  (error: unknown) => {
    writeSync(1, `${String(error)}\n`);
    process.exit(1);
  },
);
