/** A node in this process, over any journal, without its surfaces: what `submit` costs. */
import { type Journal } from "../journal/journal";
import { createLogger } from "../node/logger";
import { createMetrics } from "../node/metrics";
import { ExchangeNode } from "../node/node";
import { beginning } from "../node/saved-state";
import { readSettings } from "../node/settings";
import { systemTime } from "../node/time";
import { orders, preparation } from "./workload";

/** More than any machine takes; all are made before, so they also weigh on the collector while it is measured. */
const COMMANDS_A_SECOND = 80_000;

/** What a run of submits did. */
export interface Submitted {
  readonly perSecond: number;
  readonly latencies: number[];
}

/** Starts a node and makes the product and the accounts of the workload. The caller closes it. */
export async function startNode(journal: Journal): Promise<ExchangeNode> {
  const settings = readSettings({ JOURNAL_URL: "embedded:/nowhere", LOG_LEVEL: "silent" });
  const logger = createLogger(settings, "bench");
  const parts = { journal, beginning: await beginning(undefined, logger), snapshots: undefined };
  const metrics = createMetrics(false);
  const node = new ExchangeNode({ ...parts, settings, time: systemTime, logger, metrics, name: "bench" });
  if (!(await node.start(30_000))) throw new Error(`the node does not serve: ${node.ready().reasons.join("; ")}`);
  for (const command of preparation()) await node.submit(command);
  return node;
}

/** Submits orders for so long, so many at the same time. */
export async function submitFor(
  node: ExchangeNode,
  seconds: number,
  inFlight: number,
  seed: number,
): Promise<Submitted> {
  const commands = orders(COMMANDS_A_SECOND * seconds, seed);
  const latencies: number[] = [];
  const since = performance.now();
  const end = since + seconds * 1000;
  let next = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const command = commands[next];
      next += 1;
      if (command === undefined) throw new Error("the workload is too short for this machine");
      const sent = performance.now();
      await node.submit(command);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return { perSecond: latencies.length / ((performance.now() - since) / 1000), latencies };
}
