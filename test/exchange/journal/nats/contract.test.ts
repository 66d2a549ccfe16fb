/**
 * The journal's contract over a real cluster of three servers, R3, `sync_interval: always`, each handle with its own nkey rights as a node has
 * them. All tests share one stream. It does not prove what happens when servers fail: see the files beside this one.
 */
import { afterAll, beforeAll, test } from "vitest";
import { openNatsJournal } from "../../../../exchange/journal/nats/open";
import type { Journal } from "../../../../exchange/journal/journal";
import { skipped } from "../../../support/skip";
import { natsMissing, startCluster, type NatsCluster } from "../../support/nats";
import { journalContract } from "../contract";

if (skipped(natsMissing())) {
  test.skip("the journal's contract: NATS, R3", () => undefined);
} else {
  let cluster: NatsCluster;
  beforeAll(async () => {
    cluster = await startCluster({ voters: 3 });
  });
  afterAll(async () => {
    await cluster.close();
  });
  journalContract("NATS, R3", async () => {
    const opened: Journal[] = [];
    const open = async (): Promise<Journal> => {
      const which = opened.length % 3;
      const journal = await openNatsJournal(
        await cluster.settings(`node-${String(which)}`, which === 0 ? "aws" : "gcp", which),
      );
      opened.push(journal);
      return journal;
    };
    return {
      journal: await open(),
      second: open,
      close: async () => {
        await Promise.all(opened.map((journal) => journal.close()));
      },
    };
  });
}
