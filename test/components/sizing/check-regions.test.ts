// Proves: which Cloudflare regions are chosen to probe, for the designs that the stacks ship and for every region of the table. Does not
// prove that these are the nearest by network; the table says which are by map.
import { describe, expect, it } from "vitest";
import { CHECK_REGIONS, nearestCheckRegions } from "../../../components/sizing/check-regions";
import { Cloud, regionsOf } from "../../../components/sizing/regions";

const at = (cloud: string, region: string) => ({ cloud, region });

describe("nearestCheckRegions", () => {
  it.each([
    ["dev: Ohio and Iowa", [at("aws", "us-east-2"), at("gcp", "us-central1")], ["ENAM", "WEU", "WNAM"]],
    ["Oregon alone", [at("aws", "us-west-2")], ["ENAM", "WEU", "WNAM"]],
    ["Tokyo and Singapore", [at("aws", "ap-northeast-1"), at("gcp", "asia-southeast1")], ["NEAS", "OC", "SEAS"]],
    [
      "four far apart: the first three",
      [at("aws", "us-east-2"), at("gcp", "europe-west1"), at("aws", "ap-northeast-1"), at("gcp", "southamerica-east1")],
      ["ENAM", "NEAS", "WEU"],
    ],
    [
      "one that the table lacks, and one that it has",
      [at("hetzner", "fsn1"), at("aws", "us-east-2")],
      ["ENAM", "WEU", "WNAM"],
    ],
  ])("%s", (_, origins, chosen) => {
    expect(nearestCheckRegions(origins)).toEqual(chosen);
  });

  it("chooses the same whichever of the two comes first", () => {
    const origins = [at("aws", "us-east-2"), at("gcp", "us-central1")];
    expect(nearestCheckRegions([...origins].reverse())).toEqual(nearestCheckRegions(origins));
  });

  it("chooses none when no origin is in the table", () => {
    expect(nearestCheckRegions([at("aws", "mars-1"), at("hetzner", "fsn1")])).toEqual([]);
  });

  it("chooses three different, legal regions for every region of both clouds, its nearest among them", () => {
    const wrong = [...regionsOf(Cloud.Aws), ...regionsOf(Cloud.Gcp)].filter((facts) => {
      const chosen = nearestCheckRegions([facts]);
      const legal = chosen.every((region) => CHECK_REGIONS.includes(region));
      return !legal || new Set(chosen).size !== 3 || !chosen.includes(facts.cloudflareRegion);
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});
