// Proves that the local AWS takes a sound region as a whole, deletes it in reverse order, and refuses each planted mistake with
// exactly the words of its row. Does not prove that AWS uses these words: each row's source does.
import { describe, expect, it } from "vitest";
import { aws } from "../../../twin/providers/aws";
import { baseline } from "./aws-baseline";
import { plants } from "./aws-plants";
import { Bench, planted, unplanted } from "./planted";

describe("the local AWS", () => {
  it("takes the baseline, and gives it up in reverse order", async () => {
    const bench = new Bench();
    for (const step of baseline) expect([step.name, await bench.create(step)]).toEqual([step.name, undefined]);
    for (const step of [...baseline].reverse()) {
      // What has written logs or was filled by a push says so at the end; both have a plant of their own.
      if (step.name === "log-bucket" || step.name === "repository") continue;
      expect([step.name, await bench.delete(step.name)]).toEqual([step.name, undefined]);
    }
    expect(bench.reported).toEqual([]);
  });

  it.each(plants)("refuses $row at $at", async (plant) => {
    const { refused, expected } = await planted(baseline, plant);
    expect(refused).toEqual(expected);
  });

  it("refuses aws R89: the name of a secret in its recovery window", async () => {
    const bench = new Bench();
    const secret = {
      name: "secret",
      type: "aws:secretsmanager/secret:Secret",
      inputs: () => ({ name: "journal-token", recoveryWindowInDays: 7 }),
    };
    const atOnce = { ...secret, inputs: () => ({ name: "other-token", recoveryWindowInDays: 0 }) };
    for (const step of [secret, atOnce]) {
      expect(await bench.create(step)).toBeUndefined();
      expect(await bench.delete("secret")).toBeUndefined();
    }
    expect(await bench.create(secret)).toBe(
      "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
    expect(await bench.create(atOnce)).toBeUndefined();
  });

  it("has a plant for every row", () => {
    expect(unplanted(aws, plants)).toEqual(["aws R89"]);
  });
});
