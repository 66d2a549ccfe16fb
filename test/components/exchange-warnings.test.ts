// Proves: what one outage can stop is said, once each, of the regions that serve. Does not prove that `twodoor check` refuses it (test/policies), nor
// that the component says it (exchange-api.test.ts).
import { describe, expect, it } from "vitest";
import type { ExchangeRegion } from "../../components/exchange-args";
import { exchangeWarnings } from "../../components/exchange-warnings";
import { awsRegion, exchangeArgs, gcpRegion } from "../support/exchange";

const ohio = awsRegion("us-east-2", "10.16.0.0/16");
const oregon = awsRegion("us-west-2", "10.17.0.0/16");
const iowa = gcpRegion("us-central1", "10.32.0.0/16");
const columbus = gcpRegion("us-east5", "10.33.0.0/16");
const without = (region: ExchangeRegion): ExchangeRegion => ({ ...region, serving: false });

describe("exchangeWarnings", () => {
  it("has nothing to say of two clouds on different ground, nor of regions that do not serve", () => {
    expect(exchangeWarnings(exchangeArgs())).toEqual([]);
    expect(exchangeWarnings({ regions: [ohio, iowa, without(columbus)] })).toEqual([]);
    expect(exchangeWarnings({ regions: [without(ohio)] })).toEqual([]);
  });

  it.each([
    [
      [ohio, oregon, without(iowa)],
      "All serving regions are in AWS: what stops AWS stops the API. `twodoor check` refuses it (TOP-01). Add a serving region of Google Cloud.",
    ],
    [
      [iowa],
      "us-central1 of Google Cloud serves alone: what stops that region, or Google Cloud, stops the API. `twodoor check` refuses it (TOP-01, TOP-02). Add a serving region of AWS.",
    ],
    [
      [iowa, ohio, columbus],
      "us-east-2 and us-east5 share ground, grid and weather (ohio): what strikes there stops them together. `twodoor check` refuses it (TOP-03). Choose regions of different geographies.",
    ],
  ])("says what stops it and what refuses it", (regions, warning) => {
    expect(exchangeWarnings({ regions })).toEqual([warning]);
  });
});
