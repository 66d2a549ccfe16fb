import { detectionWindow } from "../../components/sizing/monitor-timing";
import type { Design } from "../../resilience/design";
import { detectionOf } from "../../resilience/detection";
import { valueOr } from "../../resilience/fact";
import type { Door, Monitor, Pool } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { healthSteeredPools, steeredDoors } from "../serving";
import type { RuleSettings } from "../settings";
import { counted, listed } from "../../components/sizing/words";

/**
 * EDG-04. The time is the worst of the survival table's envelope: a silent origin, the probe that has just gone by, every attempt of every
 * check that is needed, and the way of the decision to every data centre of the edge. Where the door is not proxied, the time for which
 * clients keep a DNS answer comes on top. The default of 40 s lets a 15 s interval with two checks pass (Cloudflare Business: 36 s);
 * Cloudflare's own defaults come to 77 s. A pool without a monitor is EDG-03's.
 */
export const edg04: Rule = {
  id: "EDG-04",
  title: "A dead region gets no new requests within the budget",
  level: Level.Mandatory,
  severity: "high",
  why: "Until the edge has noticed, the share of a dead region is errors, and a balancer with no healthy target answers 503, which Cloudflare does not try again elsewhere. The monitor's numbers alone decide how long that lasts.",
  outages: [outages.dynamoDb, outages.coinbase],
  fix: "Shorten the monitor's interval, or let fewer checks decide.",
  references: [
    "https://developers.cloudflare.com/load-balancing/monitors/create-monitor/",
    "https://developers.cloudflare.com/load-balancing/understand-basics/adaptive-routing/",
  ],
  otherTools: [],
  subsumedBy: [],
  judge,
};

function judge({ design, settings }: Judged): RuleFinding[] | undefined {
  const watched = steeredDoors(design).flatMap((door) =>
    [...byMonitor(design, door)].map(([monitor, pools]) => ({ door, monitor, pools })),
  );
  const hidden = steeredDoors(design).flatMap((door) =>
    healthSteeredPools(design, door).flatMap(({ label, monitor }) =>
      monitor.known
        ? []
        : [
            undecided(
              monitor,
              `so nobody can say how long ${hostnameOf(door)} sends requests to ${label} after it died`,
            ),
          ],
    ),
  );
  if (watched.length === 0 && hidden.length === 0) return undefined;
  return [
    ...watched.flatMap(({ door, monitor, pools }) => judgeMonitor(design, door, monitor, pools, settings)),
    ...hidden,
  ];
}

/** The monitors of a door's pools, each once, with the pools that it watches. */
function byMonitor(design: Design, door: Door): Map<Monitor, Pool[]> {
  const byUrn = new Map<string, { monitor: Monitor; pools: Pool[] }>();
  for (const pool of healthSteeredPools(design, door)) {
    const monitor = valueOr(pool.monitor, undefined);
    if (monitor === undefined) continue;
    const found = byUrn.get(monitor.urn) ?? { monitor, pools: [] };
    byUrn.set(monitor.urn, { monitor, pools: [...found.pools, pool] });
  }
  return new Map([...byUrn.values()].map(({ monitor, pools }) => [monitor, pools]));
}

function judgeMonitor(
  design: Design,
  door: Door,
  monitor: Monitor,
  pools: readonly Pool[],
  { detectionSecondsMax }: RuleSettings,
): RuleFinding[] {
  const hostname = hostnameOf(door);
  const window = detectionOf(door, monitor, design.declared);
  if (!window.known) {
    return [undecided(window, `so nobody can say how long ${hostname} sends requests to a region after it died`)];
  }
  const [, worstSeconds] = window.value;
  if (worstSeconds <= detectionSecondsMax) return [];
  const names = listed(pools.map(({ label }) => label).sort());
  return [
    violation(
      monitor.urn,
      `${hostname} sends requests to a dead region for up to ${String(worstSeconds)} s (pools ${names}), and the budget is ${String(detectionSecondsMax)} s: ${termsOf(design, door, monitor)}`,
      fixOf(design, door, monitor, detectionSecondsMax),
    ),
  ];
}

/** The monitor's numbers and what else the time is made of, as a list. All of them are known where this is asked. */
function termsOf(design: Design, door: Door, monitor: Monitor): string {
  const { intervalSeconds, timeoutSeconds, retries, consecutiveDown } = numbersOf(monitor);
  const attempts = retries + 1;
  return listed(
    [
      `a check every ${String(intervalSeconds)} s`,
      `${counted(attempts, "attempt")} of ${String(timeoutSeconds)} s each`,
      `${counted(Math.max(1, consecutiveDown), "failed check")} in a row`,
      `${String(design.declared.propagationSeconds)} s to every data centre`,
      ...(keepsAnswer(door) > 0 ? [`DNS answers kept for ${String(keepsAnswer(door))} s`] : []),
    ],
    5,
  );
}

function numbersOf({ intervalSeconds, timeoutSeconds, retries, consecutiveDown }: Monitor) {
  return {
    intervalSeconds: valueOr(intervalSeconds, 0),
    timeoutSeconds: valueOr(timeoutSeconds, 0),
    retries: valueOr(retries, 0),
    consecutiveDown: valueOr(consecutiveDown, 0),
  };
}

function keepsAnswer(door: Door): number {
  return valueOr(door.isProxied, true) ? 0 : valueOr(door.ttlSeconds, 0);
}

/** Settings that make the time short enough, the mildest first: Cloudflare's shortest interval is 10 s, on Enterprise. */
const INTERVALS_SECONDS = [60, 30, 20, 15, 10];

function fixOf(design: Design, door: Door, monitor: Monitor, budgetSeconds: number): string {
  const orRaise = "raise detectionSecondsMax of EDG-04 to what the clients can bear";
  if (door.kind !== "cloudflare") {
    return `shorten the TTL or the interval of the check, let fewer checks decide, or ${orRaise}`;
  }
  const now = numbersOf(monitor);
  const { propagationSeconds } = design.declared;
  const fits = (timing: typeof now): boolean =>
    detectionWindow({ ...timing, propagationSeconds }).worstSeconds + keepsAnswer(door) <= budgetSeconds;
  const interval = INTERVALS_SECONDS.find((intervalSeconds) => fits({ ...now, intervalSeconds }));
  if (interval !== undefined) return `set interval to ${String(interval)} or less`;
  const milder = { timeoutSeconds: 2, retries: 1, consecutiveDown: 2 };
  const both = INTERVALS_SECONDS.find((intervalSeconds) => fits({ ...milder, intervalSeconds }));
  if (both !== undefined) return `set interval to ${String(both)}, timeout to 2, retries to 1 and consecutiveDown to 2`;
  return keepsAnswer(door) > 0
    ? `proxy the hostname, or ${orRaise}`
    : `no monitor of Cloudflare is as fast: ${orRaise}`;
}
