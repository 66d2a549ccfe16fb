// Proves that the local providers carry a small program of four providers through the real engine: up, an empty preview, an
// empty refresh, a change in place, destroy. Does not prove the project's own stacks; those have their own tests.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { withProviders } from "../../twin/attach";
import { findEngine, openStack, skipsWithout, type OpenStack } from "../support/engine";

const engine = findEngine();
const skipped = skipsWithout(engine, "ten resources through the real engine");

describe.skipIf(skipped)("ten resources through the real engine", () => {
  let stack: OpenStack;
  beforeAll(async () => {
    stack = await openStack(engine.directory ?? "", { program: join(__dirname, "programs/ten"), stack: "test" });
  }, 60_000);
  afterAll(() => {
    stack.close();
  });

  it("creates, shows nothing to do, refreshes, changes in place and destroys", async () => {
    const reported: string[] = [];
    await withProviders(
      { reportUnknown: (type) => reported.push(type), world: join(stack.directory, "world") },
      async ({ environment }) => {
        const created = await stack.up(environment);
        expect(created.errors).toEqual([]);
        expect(created.changes).toEqual([
          "create aws:ec2/internetGateway:InternetGateway gateway",
          "create aws:ec2/subnet:Subnet network-us-east-2a",
          "create aws:ec2/subnet:Subnet network-us-east-2b",
          "create aws:ec2/vpc:Vpc network",
          "create aws:lb/loadBalancer:LoadBalancer entry",
          "create cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor monitor",
          "create cloudflare:index/loadBalancerPool:LoadBalancerPool pool-aws",
          "create cloudflare:index/loadBalancerPool:LoadBalancerPool pool-gcp",
          "create gcp:compute/address:Address entry",
          "create tls:index/privateKey:PrivateKey authority",
          "create tls:index/selfSignedCert:SelfSignedCert authority",
        ]);
        expect((await stack.preview(environment)).changes).toEqual([]);
        const refreshed = await stack.refresh(environment);
        expect(refreshed.status).toBe(0);
        expect(refreshed.changes).toEqual([]);
      },
    );
    // Other processes: the world comes back from its directory.
    await withProviders({ world: join(stack.directory, "world") }, async ({ environment }) => {
      await stack.setConfig("ten:idleTimeout", "910");
      const changed = await stack.up(environment);
      expect(changed.changes).toEqual(["update aws:lb/loadBalancer:LoadBalancer entry"]);
      const refreshed = await stack.refresh(environment);
      expect(refreshed.changes).toEqual([]);
      const destroyed = await stack.destroy(environment);
      expect(destroyed.errors).toEqual([]);
      expect(destroyed.status).toBe(0);
      expect(destroyed.changes).toHaveLength(11);
    });
    expect(reported).toEqual([]);
  }, 120_000);
});
