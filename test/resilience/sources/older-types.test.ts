/**
 * Proves that a load balancer under the token of an older `@pulumi/aws` is read as the one of today, whoever recorded it, and that its URN
 * stays. Does not prove that these are all tokens that ever changed: those of @pulumi/aws 0.18 to 6, @pulumi/gcp 6 to 9 and
 * @pulumi/cloudflare 4 to 6 were compared once, by hand.
 */
import { describe, expect, it } from "vitest";
import { graphOfPlan, planForm } from "../../../resilience/sources/from-plan";
import { currentType } from "../../../resilience/sources/older-types";
import { resourceForm, resourceOf } from "../../../resilience/sources/resource-form";

const older = "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer";
const urn = `urn:pulumi:dev::shop::${older}::web`;

describe("currentType", () => {
  it.each([
    [older, "aws:lb/loadBalancer:LoadBalancer"],
    ["aws:applicationloadbalancing/targetGroup:TargetGroup", "aws:lb/targetGroup:TargetGroup"],
    ["aws:elasticloadbalancing/loadBalancer:LoadBalancer", "aws:elb/loadBalancer:LoadBalancer"],
    ["gcp:serviceAccount/account:Account", "gcp:serviceaccount/account:Account"],
    ["aws:lb/loadBalancer:LoadBalancer", "aws:lb/loadBalancer:LoadBalancer"],
    ["pulumi:pulumi:Stack", "pulumi:pulumi:Stack"],
    ["constructor/x:Y", "constructor/x:Y"],
  ])("of %s is %s", (type, expected) => {
    expect(currentType(type)).toBe(expected);
  });
});

describe("a graph", () => {
  it("of a plan holds today's token, and the URN that the program makes", () => {
    const plan = planForm.parse({
      version: 1,
      project: "shop",
      stack: "dev",
      outputs: {},
      resources: [
        {
          urn,
          type: older,
          name: "web",
          parent: null,
          provider: null,
          inputs: {},
          dependencies: [],
          propertyDependencies: {},
          options: { remote: true },
          location: null,
        },
      ],
    });
    const [read] = graphOfPlan(plan).resources;
    expect([read?.type, read?.urn, read?.isRemote]).toEqual(["aws:lb/loadBalancer:LoadBalancer", urn, true]);
  });

  it("of the engine's own records does too", () => {
    const read = resourceOf(resourceForm.parse({ urn, type: older }), "");
    expect([read.type, read.urn, read.isRemote]).toEqual(["aws:lb/loadBalancer:LoadBalancer", urn, undefined]);
  });
});
