/**
 * Proves that ccxt pro, unmodified, behind one address as behind an edge, loses no fill when the real node it is connected to is killed by SIGKILL
 * under a stream of fills, again and again: what it shows of each order, and of its own trades, is in the end what the ledger of every node holds. An
 * owner of the journal and two nodes over the network; the ones with clients die. Does not prove what other client libraries do; over NATS:
 * `nats-runs.test.ts`.
 */
import { join } from "node:path";
import { describe, it } from "vitest";
import { temporaryFolder } from "../support/process";
import { followThroughKills } from "./pro-follow";
import { freePort } from "../support/free-port";
import { Nodes, seedOr } from "./world";

const KILLS = 5;

async function environments(folder: string): Promise<Record<string, Record<string, string>>> {
  const address = `127.0.0.1:${String(await freePort())}`;
  const token = "a-token-for-tests-only";
  const remote = (name: string): Record<string, string> => ({
    JOURNAL_URL: `journal://${address}`,
    JOURNAL_CREDENTIALS: token,
    SNAPSHOT_DIR: join(folder, name),
  });
  const owner = {
    JOURNAL_URL: `embedded:${join(folder, "journal")}`,
    JOURNAL_LISTEN: address,
    JOURNAL_CREDENTIALS: token,
  };
  return { owner, second: remote("second"), third: remote("third") };
}

describe("ccxt pro across killed nodes", () => {
  it("shows every fill of every order", { timeout: 180_000 }, async () => {
    const seed = seedOr(6);
    const folder = temporaryFolder();
    const nodes = new Nodes(await environments(folder.path));
    try {
      await nodes.startAll();
      const followed = await followThroughKills({
        ...{ nodes, seed, kills: KILLS, placer: "owner", watched: ["second", "third"] },
        ...{ buyer: "sandbox-1", seller: "sandbox-5" },
      });
      console.log(`seed ${String(seed)}: ${String(KILLS)} kills, ${JSON.stringify(followed)}`);
    } finally {
      await nodes.close();
      folder.remove();
    }
  });
});
