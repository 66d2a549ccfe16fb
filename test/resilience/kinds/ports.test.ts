/** Proves which ranges of TCP ports hold one for clients, at both ends of each range of administration. Does not prove that anything listens. */
import { describe, expect, it } from "vitest";
import { holdsClientPort } from "../../../resilience/kinds/ports";

describe("a range of ports", () => {
  it.each([
    [22, 22],
    [2379, 2380],
    [3389, 3389],
    [5985, 5986],
    [6443, 6443],
    [10250, 10259],
  ])("from %d to %d is for administration alone, and each port beside it is not", (first, last) => {
    expect(holdsClientPort(first, last)).toBe(false);
    expect([holdsClientPort(first - 1, last), holdsClientPort(first, last + 1)]).toEqual([true, true]);
    expect([holdsClientPort(first - 1, first - 1), holdsClientPort(last + 1, last + 1)]).toEqual([true, true]);
  });

  it.each([
    [80, 80, true],
    [443, 443, true],
    [9001, 9001, true],
    [0, 65535, true],
    [2000, 1000, false],
    [NaN, NaN, false],
  ])("from %d to %d: %s", (first, last, expected) => {
    expect(holdsClientPort(first, last)).toBe(expected);
  });
});
