/**
 * Proves what a person is told to do about each reason for which something is not known: something that a person can do, and never to write
 * a secret down. Does not prove which reason holds: the tests of what is read do.
 */
import { describe, expect, it } from "vitest";
import { undecided } from "../../policies/rule";
import { Reason, unknown } from "../../resilience/fact";

const URN = "urn:pulumi:prod::shop::aws:lb/loadBalancer:LoadBalancer::lb";

describe("what is not known", () => {
  it.each([
    ["subnets", Reason.Later, "write subnets as a plain value, or judge the stack's state after an update"],
    ["password", Reason.Secret, "waive this with what password holds: a secret's value is never looked at"],
    [
      "availabilityZone",
      Reason.Read,
      "give availabilityZone with --answers, by the resource's type and id, or in .get's third argument, or judge the stack's state after an update",
    ],
    [
      "subnets",
      Reason.Subnets,
      "read each of them in the program by aws.ec2.Subnet.get and give its zone there or with --answers, or waive this with the zones",
    ],
    ["origins[0].address", Reason.Elsewhere, "say in the settings where it stands, under design.origins"],
    [
      "webAclArn",
      Reason.Elsewhere,
      "judge the design together with what webAclArn points to, or waive this with the reason",
    ],
  ])("%s, which %s, is made known by a person", (property, why, fix) => {
    expect(undecided(unknown(URN, property, why), "so nobody can say more")).toEqual({
      verdict: "undecided",
      urn: URN,
      message: `${property} of lb ${why}, so nobody can say more`,
      fix,
    });
  });
});
