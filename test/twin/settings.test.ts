// Proves what the twin takes from environment variables and what it refuses there.
import { describe, expect, it } from "vitest";
import { settingsFromEnvironment, worldSettings } from "../../twin/settings";

describe("the twin's environment", () => {
  it("is empty by default", () => {
    expect(settingsFromEnvironment({ PATH: "/bin" })).toEqual({
      world: { zones: {} },
      faults: { dead: [], failCreate: [], failHalfway: [] },
      issues: [],
    });
  });

  it("takes every interval that some plan allows, unless a plan is named: the prod stack is on enterprise", () => {
    expect(worldSettings().cloudflarePlan).toBe("enterprise");
  });

  it("names faults, account, plan and zones", () => {
    const environment = {
      TWODOOR_TWIN_DEAD: "aws, cloudflare",
      TWODOOR_TWIN_FAIL_CREATE: "aws:ec2/vpc:Vpc",
      TWODOOR_TWIN_FAIL_HALFWAY: "aws:ecs/service:Service,gcp:cloudrunv2/service:Service",
      TWODOOR_TWIN_AWS_ACCOUNT: "210987654321",
      TWODOOR_TWIN_CLOUDFLARE_PLAN: "pro",
      TWODOOR_TWIN_ZONES: "z1=example.com,z2=example.org",
    };
    expect(settingsFromEnvironment(environment)).toEqual({
      world: { awsAccount: "210987654321", cloudflarePlan: "pro", zones: { z1: "example.com", z2: "example.org" } },
      faults: {
        dead: ["aws", "cloudflare"],
        failCreate: ["aws:ec2/vpc:Vpc"],
        failHalfway: ["aws:ecs/service:Service", "gcp:cloudrunv2/service:Service"],
      },
      issues: [],
    });
  });

  it("refuses all that is wrong at once", () => {
    const environment = {
      TWODOOR_TWIN_DEAD: "azure",
      TWODOOR_TWIN_ZONES: "example.com",
      TWODOOR_TWIN_AWS_ACCOUNT: "prod",
      TWODOOR_TWIN_CLOUDFLARE_PLAN: "Pro",
    };
    expect(settingsFromEnvironment(environment).issues).toEqual([
      {
        path: "TWODOOR_TWIN_DEAD",
        expected: "aws, gcp or cloudflare",
        got: '"azure"',
        fix: "name clouds, separated by commas",
      },
      {
        path: "TWODOOR_TWIN_ZONES",
        expected: "ID=NAME",
        got: '"example.com"',
        fix: "write the zone's id, an equals sign and its name",
      },
      {
        path: "TWODOOR_TWIN_AWS_ACCOUNT",
        expected: "an account id of 12 digits",
        got: '"prod"',
        fix: "write the id, or leave it out",
      },
      {
        path: "TWODOOR_TWIN_CLOUDFLARE_PLAN",
        expected: "free, pro, business or enterprise",
        got: '"Pro"',
        fix: "write the plan in lower case",
      },
    ]);
  });
});
