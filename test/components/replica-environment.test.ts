// Proves in which order each region's replicas are told the journal's voters, and that the declared order changes nothing. That a node uses the
// first that works is the exchange's test.
import { describe, expect, test } from "vitest";
import { Cloud } from "../../components";
import { replicaEnvironment } from "../../components/exchange-plan";
import { exchangeArgs } from "../support/exchange";

const PLACES = [
  { cloud: Cloud.Aws, region: "us-east-2" },
  { cloud: Cloud.Aws, region: "us-west-2" },
  { cloud: Cloud.Gcp, region: "us-central1" },
  { cloud: Cloud.Gcp, region: "us-east4" },
  { cloud: Cloud.Gcp, region: "us-south1" },
];

/** Regions of the voters, in the order in which replicas of each place are told them. */
function toldTo(args: ReturnType<typeof exchangeArgs>): (string | undefined)[][] {
  const regions = new Map(args.journal.voters?.map(({ address, region }) => [address, region]));
  return PLACES.map((place) =>
    (replicaEnvironment(args, place)["JOURNAL_URL"] ?? "").split(",").map((address) => regions.get(address)),
  );
}

describe("replicaEnvironment", () => {
  test("names the voters beside the replicas first, then those of the same cloud, then the others by address", () => {
    expect(toldTo(exchangeArgs())).toEqual([
      ["us-east-2", "us-west-2", "us-central1", "us-east4", "ashburn"],
      ["us-west-2", "us-east-2", "us-central1", "us-east4", "ashburn"],
      ["us-central1", "us-east4", "us-east-2", "us-west-2", "ashburn"],
      ["us-east4", "us-central1", "us-east-2", "us-west-2", "ashburn"],
      ["us-central1", "us-east4", "us-east-2", "us-west-2", "ashburn"],
    ]);
  });

  test("is the same however the settings list them", () => {
    const args = exchangeArgs();
    const reversed = { ...args, journal: { ...args.journal, voters: [...(args.journal.voters ?? [])].reverse() } };
    expect(toldTo(reversed)).toEqual(toldTo(args));
  });
});
