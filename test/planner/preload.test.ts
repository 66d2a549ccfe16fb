// Proves that the program's process loads what only inline functions need when they ask for it, that the program's own stacks stay what they
// are although the SDK's promises keep none, that one which is never kept still fails the plan, and that the SDK leads no line of installed packages through source maps. That parts of
// inputs tell what they depend on is in references.test.ts, errors in failures.test.ts, the lines of resources in location.test.ts.
import { expect, it } from "vitest";
import { ProgramError } from "../../planner";
import { planOf, rejection } from "../support/planned";

it("loads the package reader and the compiler when a function is written down, keeps the program's stacks, and names its lines alone", async () => {
  const { outputs } = await planOf("loads");
  expect(outputs).toEqual({
    after: { arborist: true, typescript: true },
    before: { arborist: false, typescript: false },
    hasStack: true,
    isLimitKept: true,
    otherLines: true,
    sites: { named: ["index.js"], ofAll: true },
  });
});

it("refuses a program of which one resource is never registered, although the rest comes to its end", async () => {
  const error = await rejection(planOf("open-promise"));
  if (!(error instanceof ProgramError)) throw error;
  expect(error.message).toBe(
    "The program waits for a promise that nobody keeps: nothing is left to run, and it is not complete. Not registered: waits[open:index:Thing].",
  );
});
