/** Proves how numbers, lists and orders are written in every message. Does not prove which message is shown. */
import { describe, expect, it } from "vitest";
import { compareTexts, counted, listed } from "../../../components/sizing/words";

describe("a number with its noun", () => {
  it.each([
    [0, "alarm", "0 alarms"],
    [1, "alarm", "1 alarm"],
    [2, "repository", "2 repositories"],
    [2, "key", "2 keys"],
    [2, "day", "2 days"],
  ])("%i %s is %s", (count, noun, text) => {
    expect(counted(count, noun)).toBe(text);
  });

  it("takes a plural of its own", () => {
    expect([counted(1, "loss judged", "losses judged"), counted(3, "loss judged", "losses judged")]).toEqual([
      "1 loss judged",
      "3 losses judged",
    ]);
  });
});

describe("a list", () => {
  it.each([
    [[], 4, ""],
    [["a"], 4, "a"],
    [["a", "b"], 4, "a and b"],
    [["a", "b", "c", "d"], 4, "a, b, c and d"],
    [["a", "b", "c", "d", "e"], 4, "a, b, c and 2 more"],
    [["a", "b", "c", "d"], 3, "a, b and 2 more"],
  ])("of %j, at most %i, reads %s", (items, most, text) => {
    expect(listed(items, most)).toBe(text);
  });
});

describe("the order of texts", () => {
  it("is that of code units", () => {
    expect(["b", "a", "B", "ä", "a"].sort(compareTexts)).toEqual(["B", "a", "a", "b", "ä"]);
    expect([compareTexts("a", "a"), compareTexts("a", "b"), compareTexts("b", "a")]).toEqual([0, -1, 1]);
  });
});
