// Proves that the dev stack goes through the real engine against clouds that refuse: created at once, unchanged when planned again, true to the
// clouds when refreshed, gone when destroyed, and made again although its service comes up broken at first. Does not prove what real clouds add: time, quotas, rights.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withProviders } from "../../twin/attach";
import { findEngine, openStack, skipsWithout, type OpenStack } from "../support/engine";
import { allOps } from "../support/steps";

const engine = findEngine();

describe.skipIf(skipsWithout(engine, "the dev stack on the real engine"))("the dev stack on the real engine", () => {
  let stack: OpenStack;
  beforeAll(async () => {
    stack = await openStack(engine.directory ?? "", { program: join(__dirname, "../.."), stack: "dev" });
  }, 60_000);
  afterAll(() => {
    stack.close();
  });

  it("is created, stays as it is, refreshes without a change, is destroyed, and is repaired by a second `up` when the first broke", async () => {
    const unknown: string[] = [];
    const world = { world: join(stack.directory, "world"), settings: { cloudflarePlan: "pro" } };
    await withProviders({ ...world, reportUnknown: (type) => unknown.push(type) }, async ({ environment, faults }) => {
      const planned = await stack.preview(environment);
      expect(planned.errors).toEqual([]);
      const created = await stack.up(environment);
      expect(created.errors).toEqual([]);
      expect(allOps(created)).toEqual(["create"]);
      expect(created.changes).toEqual(planned.changes);

      expect((await stack.preview(environment)).changes).toEqual([]);
      const refreshed = await stack.refresh(environment);
      expect([refreshed.errors, refreshed.changes]).toEqual([[], []]);
      expect((await stack.preview(environment)).changes).toEqual([]);

      const destroyed = await stack.destroy(environment);
      expect(destroyed.errors).toEqual([]);
      expect(allOps(destroyed)).toEqual(["delete"]);
      expect(destroyed.changes).toHaveLength(created.changes.length);

      faults.failNextCreateHalfway("gcp:cloudrunv2/service:Service");
      const broken = await stack.up(environment);
      expect(broken.status).not.toBe(0);
      expect(broken.failed.map((urn) => urn.split("::").at(-1))).toEqual(["exchange-dev-us-central1-api"]);
      const repaired = await stack.up(environment);
      expect(repaired.errors).toEqual([]);
      expect((await stack.preview(environment)).changes).toEqual([]);
      const made = new Set([...broken.changes, ...repaired.changes].filter((change) => change.startsWith("create ")));
      expect([...made].sort()).toEqual(created.changes);
    });
    expect(unknown).toEqual([]);
  }, 300_000);
});
