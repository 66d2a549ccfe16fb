/** An embedded journal served to another process keeps the journal's contract, over TCP on loopback. Not proved here: broken connections, rogue peers (`remote.test.ts`). */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedJournal } from "../../../exchange/journal/embedded/embedded-journal";
import { openRemoteJournal, type RemoteJournal } from "../../../exchange/journal/remote/remote-journal";
import { serveJournal } from "../../../exchange/journal/remote/serve";
import { journalContract } from "./contract";

journalContract("remote", async () => {
  const directory = await mkdtemp(join(tmpdir(), "twodoor-journal-"));
  const owner = await openEmbeddedJournal({ directory, segmentBytes: 100_000 });
  const service = await serveJournal({ journal: owner, host: "127.0.0.1", port: 0, token: "shared" });
  const opened: RemoteJournal[] = [];
  const open = async (): Promise<RemoteJournal> => {
    const journal = await openRemoteJournal({ host: "127.0.0.1", port: service.port, token: "shared", node: "test" });
    opened.push(journal);
    return journal;
  };
  return {
    journal: await open(),
    second: open,
    close: async () => {
      for (const journal of opened) await journal.close();
      await service.close();
      await owner.close();
      await rm(directory, { recursive: true });
    },
  };
});
