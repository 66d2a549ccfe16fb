import { detectionWindow } from "../components/sizing/monitor-timing";
import { allFacts, known, mapFact, type Fact } from "./fact";
import type { Declared } from "./declared";
import type { Door, Monitor } from "./model";

/** From the fault to no new request there, in seconds: what is possible at best and at worst. */
export type Window = [number, number];

/**
 * How long a door goes on sending requests to a pool that has died, over refused, silent and failing origins. Where the door is not
 * proxied, clients keep the old answer for its TTL besides.
 */
export function detectionOf(door: Door, monitor: Monitor, declared: Declared): Fact<Window> {
  const { intervalSeconds, timeoutSeconds, retries, consecutiveDown } = monitor;
  const timing = mapFact(
    allFacts([intervalSeconds, timeoutSeconds, retries, consecutiveDown]),
    ([interval = 0, timeout = 0, attempts = 0, down = 0]) =>
      detectionWindow({
        intervalSeconds: interval,
        timeoutSeconds: timeout,
        retries: attempts,
        consecutiveDown: down,
        propagationSeconds: declared.propagationSeconds,
      }),
  );
  if (!timing.known) return timing;
  const { bestSeconds, worstSeconds } = timing.value;
  if (!door.isProxied.known) return door.isProxied;
  if (door.isProxied.value) return known([bestSeconds, worstSeconds]);
  return mapFact(door.ttlSeconds, (ttl): Window => [bestSeconds, worstSeconds + ttl]);
}

/** The window that covers both; null is no need to act. */
export function envelope(a: Window | null, b: Window | null): Window | null {
  if (a === null || b === null) return a ?? b;
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}
