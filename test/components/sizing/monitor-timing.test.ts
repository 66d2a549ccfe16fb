// Proves: the detection and recovery arithmetic, against the table of figures worked out from Cloudflare's documented rules, and its
// invariants for any settings. Does not prove that Cloudflare's own propagation stays within the declared time: it publishes none.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkSecondsMax,
  cloudflarePlanLimits,
  CloudflarePlan,
  detectionWindow,
  type MonitorTiming,
} from "../../../components/sizing/monitor-timing";

const timing = (
  interval: number,
  timeout: number,
  retries: number,
  down: number,
  propagation: number,
): MonitorTiming => ({
  intervalSeconds: interval,
  timeoutSeconds: timeout,
  retries,
  consecutiveDown: down,
  propagationSeconds: propagation,
});

describe("detectionWindow", () => {
  it.each([
    ["Enterprise, as the component sets it", timing(10, 2, 1, 2, 2), 10, 26],
    ["Enterprise, no propagation", timing(10, 2, 1, 2, 0), 10, 24],
    ["Enterprise, one failed check is enough", timing(10, 2, 1, 1, 0), 0, 14],
    ["0 failed checks count as 1", timing(10, 2, 1, 0, 0), 0, 14],
    ["the provider's defaults", timing(60, 5, 2, 1, 0), 0, 75],
    ["Business", timing(15, 3, 1, 1, 0), 0, 21],
    ["Business, two failed checks", timing(15, 3, 1, 2, 0), 15, 36],
    ["Business, as the component sets it", timing(15, 2, 1, 2, 2), 15, 36],
    ["Pro, as the component sets it", timing(60, 2, 1, 2, 2), 60, 126],
    ["a check that takes longer than the interval paces itself", timing(5, 4, 1, 3, 0), 10, 29],
  ])("%s", (_, settings, bestSeconds, worstSeconds) => {
    expect(detectionWindow(settings)).toEqual({ bestSeconds, worstSeconds });
  });

  const any = fc.record({
    intervalSeconds: fc.integer({ min: 5, max: 3600 }),
    timeoutSeconds: fc.integer({ min: 1, max: 10 }),
    retries: fc.integer({ min: 0, max: 5 }),
    consecutiveDown: fc.integer({ min: 0, max: 10 }),
    propagationSeconds: fc.integer({ min: 0, max: 10 }),
  });

  it("is at least one interval wide", () => {
    fc.assert(
      fc.property(any, (settings) => {
        const { bestSeconds, worstSeconds } = detectionWindow(settings);
        return bestSeconds >= 0 && worstSeconds - bestSeconds >= settings.intervalSeconds;
      }),
    );
  });

  it.each(["intervalSeconds", "timeoutSeconds", "retries", "consecutiveDown", "propagationSeconds"] as const)(
    "never gets shorter when %s grows",
    (key) => {
      fc.assert(
        fc.property(any, fc.integer({ min: 1, max: 20 }), (settings, more) => {
          const before = detectionWindow(settings);
          const after = detectionWindow({ ...settings, [key]: settings[key] + more });
          return after.bestSeconds >= before.bestSeconds && after.worstSeconds >= before.worstSeconds;
        }),
      );
    },
  );

  it("holds every time that a refused or a silent origin can take", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(any, share, share, fc.boolean(), (settings, wait, delay, silent) => {
        // One run of the monitor, check by check, as the edge would do it.
        const cost = silent ? (settings.retries + 1) * settings.timeoutSeconds : 0;
        let now = wait * settings.intervalSeconds;
        for (let failed = 1; failed < settings.consecutiveDown; failed += 1)
          now += Math.max(settings.intervalSeconds, cost);
        now += cost + delay * settings.propagationSeconds;
        const { bestSeconds, worstSeconds } = detectionWindow(settings);
        return now >= bestSeconds - 1e-6 && now <= worstSeconds + 1e-6;
      }),
    );
  });
});

describe("checkSecondsMax", () => {
  it("is every attempt's timeout", () => {
    expect(checkSecondsMax({ timeoutSeconds: 2, retries: 1 })).toBe(4);
    expect(checkSecondsMax({ timeoutSeconds: 5, retries: 2 })).toBe(15);
  });
});

describe("cloudflarePlanLimits", () => {
  it("has the shortest interval and the counts of each plan", () => {
    const row = (plan: CloudflarePlan) => {
      const { minimumIntervalSeconds, pools, loadBalancers, endpoints, monitors, rateLimitRules } =
        cloudflarePlanLimits(plan);
      return [minimumIntervalSeconds, pools, loadBalancers, endpoints, monitors, rateLimitRules];
    };
    expect(row(CloudflarePlan.Pro)).toEqual([60, 20, 20, 20, 30, 2]);
    expect(row(CloudflarePlan.Business)).toEqual([15, 20, 20, 20, 30, 5]);
    expect(row(CloudflarePlan.Enterprise)).toEqual([10, null, null, null, null, null]);
  });
});
