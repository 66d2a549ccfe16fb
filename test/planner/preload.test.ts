// Proves that the program's process loads what only inline functions need when they ask for it, and that the program's own stacks stay what they
// are although the SDK's promises keep none. That parts of inputs tell what they depend on is in references.test.ts, errors in failures.test.ts.
import { expect, it } from "vitest";
import { planOf } from "../support/planned";

it("loads the package reader when code paths are computed, and keeps the program's stacks", async () => {
  const { outputs } = await planOf("loads");
  expect(outputs).toEqual({ hasStack: true, isLimitKept: true, loadedAfter: true, loadedBefore: false });
});
