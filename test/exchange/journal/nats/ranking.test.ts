/** The order in which connections to voters are used, as a table. That it shortens the wait when a site's own voters go mute is shown on real servers in `five-voters.test.ts`. */
import { expect, test } from "vitest";
import { ranked } from "../../../../exchange/journal/nats/ranking";

/** Links from words such as `b`, `c quiet`, `d demoted 3`. */
const links = (...words: string[]): { name: string; isQuiet: boolean; demotedAtMs: number | undefined }[] =>
  words.map((word) => {
    const [name = "", ...rest] = word.split(" ");
    const at = rest.indexOf("demoted");
    return { name, isQuiet: rest.includes("quiet"), demotedAtMs: at < 0 ? undefined : Number(rest[at + 1]) };
  });

test.each<[string, string[], string]>([
  ["as listed while all is well", ["b", "a", "c"], "bac"],
  ["what failed comes after the rest, the longest ago first", ["a demoted 9", "b", "c demoted 3", "d"], "bdca"],
  ["what is quiet comes last, also after what failed", ["a quiet", "b quiet", "c demoted 5", "d"], "dcab"],
  ["quiet ones keep their order among themselves", ["a quiet demoted 7", "b quiet", "c quiet demoted 2"], "bca"],
  ["where all are quiet, as if none were", ["b quiet", "a quiet"], "ba"],
  ["none of none", [], ""],
])("%s", (_, words, expected) => {
  const given = links(...words);
  const before = structuredClone(given);
  const order = ranked(given).map(({ name }) => name);
  expect(order.join("")).toBe(expected);
  expect(given).toEqual(before);
});
