/** Proves that decimal texts become whole units and back exactly, and that nothing else passes. Does not prove what routes do with a refusal. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDecimal, parseDecimal } from "../../../exchange/machine/money";

test.each([
  ["0", 2, 0n],
  ["1", 0, 1n],
  ["1.5", 2, 150n],
  ["1.50", 2, 150n],
  ["1.500000", 2, 150n],
  ["00012.34", 2, 1234n],
  ["0.00000001", 8, 1n],
  ["9007199254740993", 0, 9007199254740993n],
  ["1234567890123456789012345678901234567890", 0, 1234567890123456789012345678901234567890n],
  ["12345678901234567890.12345678901234567890", 20, 1234567890123456789012345678901234567890n],
])("reads %s at scale %i", (text, scale, expected) => {
  expect(parseDecimal(text, scale)).toBe(expected);
});

test.each([
  ["", 2],
  [".5", 2],
  ["5.", 2],
  ["-1", 2],
  ["+1", 2],
  [" 1", 2],
  ["1 ", 2],
  ["1\n", 2],
  ["1e3", 2],
  ["1e999", 2],
  ["NaN", 2],
  ["Infinity", 2],
  ["0x10", 2],
  ["1_000", 2],
  ["1,5", 2],
  ["1.2.3", 2],
  ["١", 2],
  ["1.234", 2],
  ["0.5", 0],
  ["12345678901234567890123456789012345678901", 0],
  ["1234567890123456789012345678901234567890.1", 1],
])("refuses %j at scale %i", (text, scale) => {
  expect(parseDecimal(text, scale)).toBeUndefined();
});

test.each([
  [0n, 0, "0"],
  [0n, 2, "0.00"],
  [5n, 2, "0.05"],
  [150n, 2, "1.50"],
  [-150n, 2, "-1.50"],
  [-5n, 2, "-0.05"],
  [7, 3, "0.007"],
  [123456789012345678901234567890n, 18, "123456789012.345678901234567890"],
])("writes %s at scale %i as %s", (value, scale, expected) => {
  expect(formatDecimal(value, scale)).toBe(expected);
});

test("reads what it wrote", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 22n - 1n }), fc.integer({ min: 0, max: 18 }), (value, scale) => {
      expect(parseDecimal(formatDecimal(value, scale), scale)).toBe(value);
    }),
    { seed: 1, numRuns: 300 },
  );
});
