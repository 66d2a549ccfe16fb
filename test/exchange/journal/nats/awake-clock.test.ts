/** The clock that counts only time in which a process ran, on a hand-moved clock: exact values. That voters are judged by it is shown on real servers in `three-voters.test.ts`. */
import { expect, test } from "vitest";
import { AwakeClock } from "../../../../exchange/journal/nats/awake-clock";

/** Clock and awake clock after `steps` of time, with a tick after each. */
function after(...stepsMs: number[]): { time: { ms: number }; clock: AwakeClock } {
  const time = { ms: 5_000 };
  const clock = new AwakeClock(() => time.ms);
  for (const stepMs of stepsMs) {
    time.ms += stepMs;
    clock.tick();
  }
  return { time, clock };
}

test.each<[string, number[], number]>([
  ["begins at 0", [], 0],
  ["agrees with the clock while ticks come in time", [100, 100, 103, 97], 400],
  ["agrees while they come up to 100 ms late", [200, 180], 380],
  ["counts 200 ms of a stall of any length", [100, 30_000, 100], 400],
  ["goes slower where each tick comes late, and never stands", [400, 400, 400], 600],
])("%s", (_, stepsMs, expected) => {
  expect(after(...stepsMs).clock.nowMs()).toBe(expected);
});

test("moves between two ticks, up to 200 ms, and does not go back at the tick", () => {
  const { time, clock } = after(100);
  const seen = [0, 60, 140, 500].map((ms) => {
    time.ms = 5_100 + ms;
    return clock.nowMs();
  });
  clock.tick();
  expect([...seen, clock.nowMs()]).toEqual([100, 160, 240, 300, 300]);
});
