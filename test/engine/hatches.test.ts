// Proves on the real engine, against local providers: the standard resource options of an ExchangeApi reach everything inside of it.
// It moves into a team's own component by an alias without a change, a transform writes to children, keeps one of their inputs from
// changing, and `protect` keeps all of them from being deleted. Does not prove what single regions do with their own arguments.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withProviders } from "../../twin/attach";
import { findEngine, openStack, skipsWithout, type OpenStack } from "../support/engine";

const engine = findEngine();
const skipped = skipsWithout(engine, "the standard options of ExchangeApi through the real engine");
const POOL = "update cloudflare:index/loadBalancerPool:LoadBalancerPool exchange-edge-pool-";

describe.skipIf(skipped)("the standard options of ExchangeApi", () => {
  let stack: OpenStack;
  beforeAll(async () => {
    stack = await openStack(engine.directory ?? "", { program: join(__dirname, "programs/hatches"), stack: "test" });
  }, 60_000);
  afterAll(() => {
    stack.close();
  });

  it("reach all that it is made of", async () => {
    await withProviders({ world: join(stack.directory, "world") }, async ({ environment }) => {
      const up = async (options: string) => {
        await stack.setConfig("hatches:uses", options);
        const { status, errors, changes } = await stack.up(environment);
        return { status, errors, changes };
      };
      const done = (changes: string[]) => ({ status: 0, errors: [], changes });
      expect(await up("none")).toMatchObject({ status: 0, errors: [] });
      expect(await up("aliases")).toEqual(done([]));
      expect(await up("aliases transforms")).toEqual(done([`${POOL}us-central1`, `${POOL}us-east-2`]));
      expect(await up("aliases transforms ignoreChanges")).toEqual(done([]));
      expect(await up("aliases protect")).toEqual(done([`${POOL}us-central1`, `${POOL}us-east-2`]));
      const refused = await stack.destroy(environment);
      expect(refused.status).not.toBe(0);
      expect(refused.errors.filter((error) => error.includes("because it is protected"))).not.toEqual([]);
      // Everything still stands, and may go now.
      expect(await up("aliases")).toEqual(done([]));
      expect((await stack.destroy(environment)).status).toBe(0);
    });
  }, 400_000);
});
