/**
 * Proves that nodes over the embedded journal, killed by SIGKILL at random moments under load and started anew, lose no acknowledged
 * order: in each run one of the nodes dies after a random number of acknowledgements, and after each batch of runs the judge looks at all that
 * clients, streams and nodes saw. Two shapes: one node that owns the journal; an owner and two nodes that reach it over the network. Does not
 * prove anything about power loss (the page cache survives a killed process) nor about NATS (`nats-runs.test.ts`).
 *
 * `EXCHANGE_FAULT_RUNS` sets the number of kills for each shape (default 8), `EXCHANGE_FAULT_SEED` the seed.
 */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/process";
import { below, chanceOf } from "./model";
import { freePort } from "../support/free-port";
import { Nodes, runsOr, seedOr, Trial, type Judgement } from "./world";

/** Kills over one book: few enough that no account has more orders than the exchange keeps. */
const BATCH = 25;
/** Commands are answered within 5 s (`COMMAND_DEADLINE_MS` of the node). */
const AWAY_MS = 5_500;

interface Shape {
  readonly name: string;
  readonly runs: number;
  readonly environments: (folder: string) => Promise<Record<string, Record<string, string>>>;
}

const token = "a-token-for-tests-only";

const shapes: readonly Shape[] = [
  {
    name: "one node",
    runs: 8,
    environments: (folder) => Promise.resolve({ owner: { JOURNAL_URL: `embedded:${join(folder, "journal")}` } }),
  },
  {
    name: "an owner and two nodes over the network",
    runs: 8,
    environments: async (folder) => {
      const address = `127.0.0.1:${String(await freePort())}`;
      const remote = (name: string): Record<string, string> => ({
        JOURNAL_URL: `journal://${address}`,
        JOURNAL_CREDENTIALS: token,
        SNAPSHOT_DIR: join(folder, name),
      });
      return {
        owner: {
          JOURNAL_URL: `embedded:${join(folder, "journal")}`,
          JOURNAL_LISTEN: address,
          JOURNAL_CREDENTIALS: token,
        },
        second: remote("second"),
        third: remote("third"),
      };
    },
  },
];

/** One book: so many kills under load, then the judgement. */
async function batch(shape: Shape, seed: number, kills: number): Promise<Judgement> {
  const folder = temporaryFolder();
  const nodes = new Nodes(await shape.environments(folder.path));
  const chance = chanceOf(seed);
  let trial: Trial | undefined;
  try {
    await nodes.startAll();
    trial = new Trial(nodes, { seed, clients: 8 });
    let awayTurn = false;
    for (let kill = 0; kill < kills; kill += 1) {
      await trial.acknowledged(1 + below(chance, 60));
      const victim = nodes.names[below(chance, nodes.names.length)] ?? "";
      await nodes.kill(victim);
      // Sometimes the others go on alone for a while.
      if (nodes.doors().length > 1 && victim !== "owner" && chance() < 0.5) await trial.acknowledged(20);
      // Once in a batch the owner stays away for longer than a command waits: then the others must say that they do not know.
      if (victim === "owner" && nodes.doors().length > 0 && !awayTurn) {
        awayTurn = true;
        await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      }
      await nodes.start(victim);
    }
    await trial.acknowledged(20);
    return await trial.judged();
  } finally {
    await trial?.close();
    await nodes.close();
    folder.remove();
  }
}

describe("killed at random moments, nodes lose nothing that was acknowledged", () => {
  it.each(shapes)(
    "$name",
    async (shape) => {
      const runs = runsOr(shape.runs);
      const first = seedOr(6);
      const totals = {
        kills: 0,
        orders: 0,
        cancels: 0,
        fills: 0,
        unknown: 0,
        there: 0,
        notThere: 0,
        events: 0,
        connections: 0,
      };
      for (let done = 0; done < runs; done += BATCH) {
        const seed = first + done;
        const kills = Math.min(BATCH, runs - done);
        const result = await batch(shape, seed, kills);
        const label = `${shape.name}, seed ${String(seed)}`;
        expect(result.findings.slice(0, 10), label).toEqual([]);
        expect(result.oddities.slice(0, 10), label).toEqual([]);
        totals.kills += kills;
        totals.orders += result.acknowledged.orders;
        totals.cancels += result.acknowledged.cancels;
        totals.fills += result.history.nodes[0]?.fills.length ?? 0;
        totals.unknown += result.unknown;
        totals.there += result.resolved.there;
        totals.notThere += result.resolved.notThere;
        totals.events += result.history.events.length;
        totals.connections += result.connections;
        // A long run is of use also where it does not end.
        if (runs > BATCH) process.stderr.write(`${label}: ${JSON.stringify(totals)}\n`);
      }
      console.log(`${shape.name}, seeds from ${String(first)}: ${JSON.stringify(totals)}`);
      expect(totals.kills).toBe(runs);
      expect(totals.orders).toBeGreaterThan(runs);
      expect(totals.fills).toBeGreaterThan(0);
    },
    14_400_000,
  );
});
