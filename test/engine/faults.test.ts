// Proves on the real engine what the twin's faults do to a stack of four providers: a creation that fails or fails half-way and its repair
// by the next `up`, a dead cloud beside a change in another, a replacement in the order that AWS takes, and that no private key is written in
// clear. Does not prove what the project's own stacks do then; they have their own tests.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withProviders } from "../../twin/attach";
import type { FaultSettings } from "../../twin/settings";
import { findEngine, openStack, skipsWithout, type OpenStack, type Outcome } from "../support/engine";

const engine = findEngine();
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";

describe.skipIf(skipsWithout(engine, "faults on the real engine"))(
  "a fault on the real engine",
  () => {
    let stack: OpenStack;
    const up = (faults: Partial<FaultSettings> = {}): Promise<Outcome> =>
      withProviders({ faults, world: join(stack.directory, "world") }, ({ environment }) => stack.up(environment));
    const preview = (): Promise<Outcome> =>
      withProviders({ world: join(stack.directory, "world") }, ({ environment }) => stack.preview(environment));
    const destroy = (): Promise<Outcome> =>
      withProviders({ world: join(stack.directory, "world") }, ({ environment }) => stack.destroy(environment));

    beforeAll(async () => {
      stack = await openStack(engine.directory ?? "", { program: join(__dirname, "programs/ten"), stack: "faults" });
    });
    afterAll(() => {
      stack.close();
    });
    beforeEach(async () => {
      expect((await up()).errors).toEqual([]);
    });

    it("is repaired by the next up, when a creation failed", async () => {
      await destroy();
      const failed = await up({ failCreate: [BALANCER] });
      expect([failed.status, failed.failed.map((urn) => urn.split("::")[3])]).toEqual([1, ["entry"]]);
      expect(failed.errors.join("\n")).toContain(
        "creating aws:lb/loadBalancer:LoadBalancer (entry): a fault of the twin, asked for by whoever started it",
      );
      expect((await up()).changes).toEqual([`create ${BALANCER} entry`, `create ${POOL} pool-aws`]);
      expect((await preview()).changes).toEqual([]);
    });

    it("is repaired in place by the next up, when a creation failed half-way", async () => {
      await destroy();
      const failed = await up({ failHalfway: [BALANCER] });
      expect([failed.status, failed.failed.map((urn) => urn.split("::")[3])]).toEqual([1, ["entry"]]);
      expect(await stack.exported()).toContain('"initErrors"');
      expect((await up()).changes).toEqual([`create ${POOL} pool-aws`, `update ${BALANCER} entry`]);
      expect((await preview()).changes).toEqual([]);
      expect(await stack.exported()).not.toContain('"initErrors"');
    });

    it("in one cloud lets another be changed", async () => {
      await stack.setConfig("ten:interval", "120");
      const { status, changes } = await up({ dead: ["aws", "gcp"] });
      expect([status, changes]).toEqual([
        0,
        ["update cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor monitor"],
      ]);
    });

    it("in the cloud that is to be changed stops the change, and the next up makes it", async () => {
      await stack.setConfig("ten:idleTimeout", "920");
      const failed = await up({ dead: ["aws"] });
      expect([failed.status, failed.failed.map((urn) => urn.split("::")[3])]).toEqual([1, ["entry"]]);
      expect((await up()).changes).toEqual([`update ${BALANCER} entry`]);
    });

    it("is none where a network is replaced: the new one stands before the old one goes", async () => {
      await stack.setConfig("ten:cidr", "10.17.0.0/16");
      const { errors, steps } = await up();
      expect(errors).toEqual([]);
      const ops = steps.filter(({ type }) => type === "aws:ec2/vpc:Vpc").map(({ op }) => op);
      expect(ops).toEqual(["create-replacement", "replace", "delete-replaced"]);
      expect((await preview()).changes).toEqual([]);
    });

    it("writes no private key in clear, neither into the state nor into the world", async () => {
      const world = readdirSync(join(stack.directory, "world")).map((file) =>
        readFileSync(join(stack.directory, "world", file), "utf8"),
      );
      expect([await stack.exported(), ...world].filter((text) => text.includes("PRIVATE KEY"))).toEqual([]);
    });
  },
  180_000,
);
