// Proves that the local Cloudflare takes a sound door as a whole, deletes it in reverse order, and refuses each planted mistake
// with exactly the words of its row. Does not prove that Cloudflare uses these words: where nobody has published them, they are ours.
import { describe, expect, it } from "vitest";
import { cloudflare } from "../../../twin/providers/cloudflare";
import { baseline, settings, ZONE } from "./cloudflare-baseline";
import { plants } from "./cloudflare-plants";
import { Bench, planted, unplanted } from "./planted";

describe("the local Cloudflare", () => {
  it("takes the baseline, and gives it up in reverse order", async () => {
    const bench = new Bench(settings);
    for (const step of baseline) expect([step.name, await bench.create(step)]).toEqual([step.name, undefined]);
    for (const step of [...baseline].reverse())
      expect([step.name, await bench.delete(step.name)]).toEqual([step.name, undefined]);
    expect(bench.reported).toEqual([]);
  });

  it.each(plants)("refuses $row at $at", async (plant) => {
    const { refused, expected } = await planted(baseline, { ...plant, settings: { ...settings, ...plant.settings } });
    expect(refused).toEqual(expected);
  });

  it("refuses cloudflare C64: an update of a setting that does not change its value", async () => {
    const bench = new Bench(settings);
    const step = {
      name: "setting",
      type: "cloudflare:index/zoneSetting:ZoneSetting",
      inputs: () => ({ zoneId: ZONE, settingId: "ssl", value: "strict" }),
    };
    expect(await bench.create(step)).toBeUndefined();
    expect(bench.update("setting", { enabled: true })).toBe(
      'failed to make http request: 400 {"success":false,"errors":[{"code":1007,"message":"Invalid value for zone setting ssl"}]}',
    );
    expect(bench.update("setting", { value: "full" })).toBeUndefined();
  });

  it("refuses a token that is none", () => {
    const { provider } = new Bench().of("cloudflare:");
    expect(() => provider.configure({ apiToken: "short" })).toThrow("API tokens must only contain characters");
  });

  it("has a plant for every row", () => {
    expect(unplanted(cloudflare, plants)).toEqual(["cloudflare C64"]);
  });
});
