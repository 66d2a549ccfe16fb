/**
 * Proves what CAP-01 to CAP-05 say about the good design with one thing of it changed: zones, running minimum, rollouts and the order of regions.
 * Does not prove how capacity, zones and units are read off resources: the tests of the survival table and of the kinds do.
 */
import { describe, expect, it } from "vitest";
import { cap01 } from "../../../policies/rules/cap-01-zones";
import { cap02 } from "../../../policies/rules/cap-02-one-loss";
import { cap03 } from "../../../policies/rules/cap-03-zone-loss";
import { cap04 } from "../../../policies/rules/cap-04-scaling";
import { cap05 } from "../../../policies/rules/cap-05-rollout";
import {
  asState,
  designFrom,
  goodDesign,
  later,
  ref,
  resource,
  unknownAt,
  withChange,
  withMore,
  withOptions,
} from "../../support/designs";
import { findingsOf, toldBy } from "../../support/judged";

const good = goodDesign();
const bucketAlone = designFrom([resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2" })]);
const rules = [cap01, cap02, cap03, cap04, cap05];

describe("all of them", () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))(
    "%s passes the good design, planned and running",
    (_, rule) => {
      expect(toldBy(rule, good)).toEqual([]);
      expect(toldBy(rule, asState(good))).toEqual([]);
    },
  );

  it.each(rules.map((rule) => [rule.id, rule] as const))("%s has nothing to say about a bucket", (_, rule) => {
    expect(toldBy(rule, bucketAlone)).toBeUndefined();
  });
});

describe("CAP-01", () => {
  it("leaves an origin that another stack makes to that stack", () => {
    const elsewhere = withChange(good, "us-east-2-pool", "origins", [{ name: "a", address: "us-east-2.example.net" }]);
    const declared = { origins: { "us-east-2.example.net": "aws:us-east-2" } };
    expect(toldBy(cap01, elsewhere, { declared })).toEqual([]);
  });

  const subnets = (...zones: string[]) => zones.map((zone) => ref(`us-east-2-private-us-east-2${zone}`));
  const inZones = (...zones: string[]) =>
    withChange(good, "us-east-2-service", "networkConfiguration.subnets", subnets(...zones));

  it("refuses what runs in one zone", () => {
    expect(toldBy(cap01, inZones("a"))).toEqual([
      "violation us-east-2-service: us-east-2-service stands in us-east-2a alone: when that zone fails, the whole origin in us-east-2 is gone; fix: spread us-east-2-service over subnets or zones in another zone of us-east-2",
    ]);
  });

  it("advises a third zone, and stops nobody for it", () => {
    const found = findingsOf(cap01, inZones("a", "b"));
    expect(found?.map(({ level, message }) => [level, message])).toEqual([
      [
        "advisory",
        "us-east-2-service stands in 2 of 3 zones of us-east-2: a lost zone takes half of what runs there, with three it takes a third",
      ],
    ]);
  });

  it("says once of a machine that it stands in one zone, whichever it is", () => {
    const machine = (inputs: Record<string, string>) =>
      designFrom([
        resource("aws:ec2/securityGroup:SecurityGroup", "firewall", {
          region: "us-east-2",
          ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }],
        }),
        resource("aws:ec2/instance:Instance", "web", {
          region: "us-east-2",
          vpcSecurityGroupIds: [ref("firewall")],
          ...inputs,
        }),
      ]);
    const fix =
      "fix: run a second machine like web in another zone of us-east-2, both behind a load balancer that asks for their health";
    expect(toldBy(cap01, machine({}))).toEqual([
      `violation web: web is one machine and so stands in one zone, whichever it is: when that zone fails, the whole origin in us-east-2 is gone; ${fix}`,
    ]);
    expect(toldBy(cap01, machine({ availabilityZone: "us-east-2b" }))).toEqual([
      `violation web: web stands in us-east-2b alone: when that zone fails, the whole origin in us-east-2 is gone; ${fix}`,
    ]);
    expect(toldBy(cap01, machine({}), { settings: { zonesMin: 1 } })).toEqual([]);
  });

  it("asks for as many zones as the settings do", () => {
    expect(toldBy(cap01, inZones("a", "b"), { settings: { zonesMin: 3 } })).toEqual([
      "violation us-east-2-service: us-east-2-service stands in 2 zones (us-east-2a and us-east-2b), and 3 are asked for; fix: spread us-east-2-service over subnets or zones in another zone of us-east-2",
    ]);
    expect(toldBy(cap01, inZones("a"), { settings: { zonesMin: 1 } })).toEqual([]);
  });

  it("refuses a load balancer in one zone", () => {
    const graph = withChange(good, "us-west-2-lb", "subnets", [ref("us-west-2-public-us-west-2b")]);
    expect(toldBy(cap01, graph)).toEqual([
      "violation us-west-2-lb: us-west-2-lb stands in us-west-2b alone: when that zone fails, the whole origin in us-west-2 is gone; fix: give us-west-2-lb a subnet in another zone of us-west-2",
    ]);
  });

  it("cannot tell where a zone is not known, and says which property", () => {
    const graph = unknownAt(inZones("a"), "us-east-2-private-us-east-2a", "availabilityZone");
    expect(toldBy(cap01, graph)).toEqual([
      "undecided us-east-2-private-us-east-2a: availabilityZone of us-east-2-private-us-east-2a is known only after an update, so nobody can say whether us-east-2-service outlives one zone of aws:us-east-2; fix: write availabilityZone as a plain value, or judge the stack's state after an update",
    ]);
  });
});

describe("CAP-02", () => {
  const fewer = withChange(good, "us-east-2-scaling", "minCapacity", 6);

  it("refuses a pool that is too small once its neighbours are gone, and counts what it needs", () => {
    expect(toldBy(cap02, fewer)).toEqual([
      "violation us-east-2-service: when gcp is lost, exchange-us-east-2 gets 2,000 requests in a second and its running minimum answers 1,200: 60 % of it; it is too small after the loss of account:gcp:example-us-central1, account:gcp:example-us-east4, geography:iowa and 5 more as well; fix: let at least 10 tasks of us-east-2-service run at all times",
    ]);
  });

  it("passes what the fix asks for", () => {
    expect(toldBy(cap02, withChange(good, "us-east-2-scaling", "minCapacity", 10))).toEqual([]);
  });

  it("is undecided where nobody declared a peak, and says how to", () => {
    expect(toldBy(cap02, good, { declared: {} })).toEqual([
      'undecided -: nobody declared how many requests in a second api.example.com must carry, so nobody can say whether what is left after a loss is enough; fix: declare it in the settings: "design": { "capacity": { "peakRequestsPerSecond": N, "requestsPerSecondPerUnit": N } }',
    ]);
  });

  it("names the minimum that is not known, and still finds the other one that is too small", () => {
    const graph = withChange(fewer, "us-west-2-scaling", "minCapacity", later);
    const found = findingsOf(cap02, graph) ?? [];
    expect(found.map(({ verdict, urn }) => [verdict, urn?.split("::").at(-1)])).toEqual([
      ["violation", "us-east-2-service"],
      ["undecided", "us-west-2-scaling"],
    ]);
    expect(found[1]?.message).toContain("minCapacity of us-west-2-scaling is known only after an update");
  });
});

describe("CAP-03", () => {
  // 1,000 requests in a second of 4,000, while all four regions live: five tasks, of which a lost zone of three takes two.
  const tight = withChange(good, "us-east-2-scaling", "minCapacity", 5);

  it("tells of a region that is too small without one of its zones", () => {
    expect(toldBy(cap03, tight)).toEqual([
      "violation us-east-2-service: when aws:us-east-2a is lost, exchange-us-east-2 gets 1,000 requests in a second and its running minimum answers 600: 60 % of it; it is too small after the loss of aws:us-east-2b and aws:us-east-2c as well; fix: let at least 8 tasks of us-east-2-service run at all times",
    ]);
  });

  it("passes what the fix asks for, and nothing less", () => {
    expect(toldBy(cap03, withChange(good, "us-east-2-scaling", "minCapacity", 8))).toEqual([]);
    expect(toldBy(cap03, withChange(good, "us-east-2-scaling", "minCapacity", 7))).toHaveLength(1);
  });

  it("is undecided without a declared peak, as CAP-02 is", () => {
    expect(toldBy(cap03, good, { declared: {} })).toHaveLength(1);
  });
});

describe("CAP-04", () => {
  it.each([
    [
      0,
      "us-central1-service has a minimum of 0: it may have no instance running in gcp:us-central1 when another region's load arrives, and starting one then is what fails on such a day",
    ],
    [
      1,
      "us-central1-service has a minimum of 1: the one instance that runs in gcp:us-central1 is all of it: when its machine fails, gcp:us-central1 serves nobody",
    ],
  ])("refuses a minimum of %d", (minimum, message) => {
    const graph = withChange(good, "us-central1-service", "scaling.minInstanceCount", minimum);
    expect(toldBy(cap04, graph)).toEqual([
      `violation us-central1-service: ${message}; fix: raise the minimum of us-central1-service to 2 or more`,
    ]);
  });

  it("takes a minimum that nobody wrote for what the platform makes of it: none", () => {
    const graph = withChange(good, "us-central1-service", "scaling.minInstanceCount", undefined);
    expect(toldBy(cap04, graph)).toHaveLength(1);
  });

  it("asks for as many units as the settings do", () => {
    expect(toldBy(cap04, good, { settings: { unitsMin: 13 } })?.[0]).toBe(
      "violation us-east-2-service: us-east-2-service has a minimum of 12: 12 tasks run in aws:us-east-2, and 13 are asked for; fix: raise the minimum of us-east-2-service to 13 or more",
    );
  });

  it("refuses a maximum below the minimum", () => {
    const graph = withChange(good, "us-east-2-scaling", "maxCapacity", 8);
    expect(toldBy(cap04, graph)).toEqual([
      "violation us-east-2-service: us-east-2-service may grow to 8 and is to run at least 12: the minimum does not hold; fix: raise the maximum of us-east-2-service above 12",
    ]);
  });

  it("cannot tell where the minimum is not known", () => {
    expect(toldBy(cap04, unknownAt(good, "us-east-2-scaling", "minCapacity"))).toEqual([
      "undecided us-east-2-scaling: minCapacity of us-east-2-scaling is known only after an update, so nobody can say how many tasks of us-east-2-service run when a region's load arrives; fix: write minCapacity as a plain value, or judge the stack's state after an update",
    ]);
  });
});

describe("CAP-05", () => {
  it("tells when nothing lets one region wait for another", () => {
    const graph = withOptions(good, "us-central1-service", { dependsOn: [] });
    expect(toldBy(cap05, graph)).toEqual([
      "violation -: one update changes aws:us-east-2, aws:us-west-2, gcp:us-central1 and gcp:us-east4 at the same time: nothing in the program lets one of them wait for another, so a bad version reaches all 4 regions before anybody sees it; fix: let what runs in each region depend on that of the region before it (dependsOn), the load balancer on all of them",
    ]);
  });

  it("asks for the order of what carries the version, not of the machines beneath it", () => {
    const machines = [
      resource("aws:autoscaling/group:Group", "a-machines", { region: "us-west-2", minSize: 4, maxSize: 9 }),
      resource("aws:ecs/capacityProvider:CapacityProvider", "a-provider", {
        region: "us-west-2",
        autoScalingGroupProvider: { autoScalingGroupArn: ref("a-machines", "arn") },
      }),
    ];
    const onMachines = withChange(withMore(good, ...machines), "us-west-2-service", "capacityProviderStrategies", [
      { capacityProvider: ref("a-provider", "name"), weight: 1 },
    ]);
    expect(toldBy(cap05, withChange(onMachines, "us-west-2-service", "launchType", undefined))).toEqual([]);
  });

  it("tells when the next region waits for a service that is not waited for itself", () => {
    expect(toldBy(cap05, withChange(good, "us-west-2-service", "waitForSteadyState", undefined))).toEqual([
      "violation us-west-2-service: the next region starts as soon as ECS has accepted the change of us-west-2-service, whether its tasks come up or not: the order of the regions holds nothing back; fix: set waitForSteadyState of us-west-2-service to true",
    ]);
  });

  it.each([
    [
      undefined,
      "violation us-east-2-service: nothing stops a rollout of us-east-2-service whose new tasks do not become healthy: it goes on trying until somebody sees it; fix: switch on what takes a failing rollout of us-east-2-service back by itself (ECS: deploymentCircuitBreaker with rollback; Auto Scaling: instanceRefresh with autoRollback; Google's groups: autoHealingPolicies)",
    ],
    [
      { enable: later, rollback: true },
      "undecided us-east-2-service: deploymentCircuitBreaker.enable of us-east-2-service is known only after an update, so nobody can say whether a version of us-east-2-service that does not start is stopped; fix: write deploymentCircuitBreaker.enable as a plain value, or judge the stack's state after an update",
    ],
  ])("asks what stops a failing version", (breaker, told) => {
    expect(toldBy(cap05, withChange(good, "us-east-2-service", "deploymentCircuitBreaker", breaker))).toEqual([told]);
  });

  it.each([
    [66, []],
    [
      50,
      [
        "violation us-east-2-service: a rollout of us-east-2-service may leave 50 % of its tasks standing: that is fewer than the loss of a zone of aws:us-east-2 leaves; fix: let at least 66 % of the tasks of us-east-2-service stay healthy during a rollout, 100 % if others are started first",
      ],
    ],
  ])("compares what a rollout leaves, %d %%, with what a lost zone leaves", (percent, told) => {
    expect(toldBy(cap05, withChange(good, "us-east-2-service", "deploymentMinimumHealthyPercent", percent))).toEqual(
      told,
    );
  });
});
