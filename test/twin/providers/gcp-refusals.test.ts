// Proves that the local Google Cloud takes a sound region as a whole, deletes it in reverse order, and refuses each planted
// mistake with exactly the words of its row. Does not prove that Google uses these words: each row's source does.
import { describe, expect, it } from "vitest";
import { gcp } from "../../../twin/providers/gcp";
import { baseline } from "./gcp-baseline";
import { plants } from "./gcp-plants";
import { Bench, planted, unplanted } from "./planted";

describe("the local Google Cloud", () => {
  it("takes the baseline, and gives it up in reverse order", async () => {
    const bench = new Bench();
    for (const step of baseline) expect([step.name, await bench.create(step)]).toEqual([step.name, undefined]);
    for (const step of [...baseline].reverse())
      expect([step.name, await bench.delete(step.name)]).toEqual([step.name, undefined]);
    expect(bench.reported).toEqual([]);
  });

  it.each(plants)("refuses $row at $at", async (plant) => {
    const { refused, expected } = await planted(baseline, plant);
    expect(refused).toEqual(expected);
  });

  it("refuses a second thing under a name that is taken", async () => {
    const bench = new Bench();
    const secret = {
      name: "one",
      type: "gcp:secretmanager/secret:Secret",
      inputs: () => ({ secretId: "journal-token" }),
    };
    expect(await bench.create(secret)).toBeUndefined();
    expect(await bench.create({ ...secret, name: "two" })).toBe(
      "Error 409: Resource 'projects/exchange-dev/secrets/journal-token' already exists, alreadyExists",
    );
  });

  it.each([
    {
      name: "log bucket",
      type: "gcp:logging/projectBucketConfig:ProjectBucketConfig",
      inputs: () => ({ project: "p", location: "us-central1", bucketId: "logs" }),
    },
    { name: "API", type: "gcp:projects/service:Service", inputs: () => ({ service: "run.googleapis.com" }) },
    {
      name: "member",
      type: "gcp:projects/iAMMember:IAMMember",
      inputs: () => ({ role: "roles/viewer", member: "user:a@example.com" }),
    },
  ])("takes over a $name that is there", async (step) => {
    const bench = new Bench();
    expect(await bench.create(step)).toBeUndefined();
    expect(await bench.create({ ...step, name: "again" })).toBeUndefined();
  });

  it("refuses gcp update: new labels of a load balancer's TLS policy", async () => {
    const bench = new Bench();
    for (const step of baseline) await bench.create(step);
    expect(bench.update("clients", { labels: { team: "exchange" } })).toBe(
      "Error waiting for Updating ServerTlsPolicy: Error code 9, message: Update not supported for ServerTlsPolicy created for Load Balancer",
    );
    expect(bench.update("trust", { labels: { team: "exchange" } })).toBeUndefined();
  });

  it("has a plant for every row", () => {
    expect(unplanted(gcp, plants)).toEqual(["gcp update"]);
  });
});
