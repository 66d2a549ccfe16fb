/**
 * Proves: what services of ECS are to the model: where they stand, how many tasks run at all times and on what, and how they roll out.
 * Leaves out: what their tasks read (ecs-reads.test.ts), and what stands before them (balancers.test.ts).
 */
import { describe, expect, it } from "vitest";
import { awsKinds } from "../../../../resilience/kinds/aws";
import {
  asState,
  designFrom,
  goodDesign,
  join,
  ref,
  resource,
  unknownAt,
  urnOf,
  withChange,
  withMore,
  without,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { partsOf } from "../../../support/kinds";
import { computeOf, inAws, known, later_, region, SERVICE, TASK } from "./service-parts";

describe("a service of ECS", () => {
  it("is a compute, by its edges in a plan", () => {
    const graph = goodDesign();
    const urn = urnOf(graph, SERVICE);
    expect(partsOf(awsKinds, graph, SERVICE)).toEqual([
      {
        role: "compute",
        id: urn,
        urn,
        label: SERVICE,
        place: {
          cloud: "aws",
          region: known(region),
          account: known(""),
          zones: known(["us-east-2a", "us-east-2b", "us-east-2c"]),
        },
        needs: [],
        unit: "task",
        minimum: known(12),
        maximum: known(40),
        dependencies: [
          inAws(graph, "image", TASK, "containerDefinitions", "us-east-2-images"),
          inAws(graph, "key", "us-east-2-credentials", "kmsKeyId", "us-east-2-key"),
          inAws(graph, "secret", TASK, "containerDefinitions", "us-east-2-credentials"),
        ],
        rollout: { minimumHealthyPercent: known(100), stopsByItself: known(true) },
        texts: later_(graph, TASK, "containerDefinitions"),
      },
    ]);
  });

  it("is the same by its texts in a state, which know more", () => {
    const graph = asState(goodDesign());
    const { dependencies, texts, place, minimum, maximum, rollout } = computeOf(graph);
    expect(dependencies).toEqual([
      inAws(graph, "image", TASK, "containerDefinitions[0].image", "us-east-2-images"),
      inAws(graph, "key", "us-east-2-credentials", "kmsKeyId", "us-east-2-key"),
      inAws(graph, "secret", TASK, "containerDefinitions[0].secrets[JOURNAL_CREDENTIALS]", "us-east-2-credentials"),
    ]);
    expect(texts).toEqual(
      known([
        { property: "containerDefinitions[0].environment[CLOUD]", text: known("aws") },
        { property: "containerDefinitions[0].environment[REGION]", text: known(region) },
      ]),
    );
    expect([place.account, minimum, maximum]).toEqual([known("123456789012"), known(12), known(40)]);
    expect(rollout).toEqual(computeOf(goodDesign()).rollout);
  });

  it.each([
    ["nothing", {}, known(100), known(false)],
    ["alarms", { alarms: { enable: true, rollback: true, alarmNames: [] } }, known(100), known(true)],
    ["a share", { deploymentMinimumHealthyPercent: 50 }, known(50), known(false)],
    ["CodeDeploy", { deploymentController: { type: "CODE_DEPLOY" } }, known(undefined), known(undefined)],
    ["a daemon", { schedulingStrategy: "DAEMON" }, known(0), known(false)],
  ])("rolls out as it is told: %s", (_, inputs, minimumHealthyPercent, stopsByItself) => {
    const graph = designFrom([resource("aws:ecs/service:Service", "service", { region, ...inputs })]);
    expect(computeOf(graph, "service").rollout).toEqual({ minimumHealthyPercent, stopsByItself });
  });
});

describe("tasks that run at all times", () => {
  it("are those of the service without a scaling target, and none where it names no number", () => {
    const graph = without(goodDesign(), "us-east-2-scaling");
    expect([computeOf(graph).minimum, computeOf(graph).maximum]).toEqual([known(12), known(undefined)]);
    expect(computeOf(withChange(graph, SERVICE, "desiredCount", undefined)).minimum).toEqual(known(0));
    expect(computeOf(unknownAt(graph, SERVICE, "desiredCount")).minimum).toEqual(
      later_(graph, SERVICE, "desiredCount"),
    );
  });

  it("are those of a scaling target that names the service by text alone, in its own region", () => {
    const named = withChange(goodDesign(), "us-east-2-scaling", "resourceId", "service/exchange/exchange");
    const twice = withChange(
      withChange(named, "us-west-2-scaling", "resourceId", "service/exchange/exchange"),
      "us-west-2-scaling",
      "minCapacity",
      7,
    );
    expect(computeOf(twice).minimum).toEqual(known(12));
    expect(computeOf(twice, "us-west-2-service").minimum).toEqual(known(7));
    expect(computeOf(withChange(twice, "us-east-2-scaling", "minCapacity", 5)).minimum).toEqual(known(5));
  });

  it("are the fewest that a schedule sets", () => {
    const night = resource("aws:appautoscaling/scheduledAction:ScheduledAction", "night", {
      region,
      resourceId: ref("us-east-2-scaling", "resourceId"),
      scalableTargetAction: { minCapacity: 2 },
    });
    const graph = withMore(goodDesign(), night);
    expect(computeOf(graph).minimum).toEqual(known(2));
    expect(computeOf(asState(graph)).minimum).toEqual(known(2));
    expect(computeOf(withChange(graph, "night", "scalableTargetAction", { maxCapacity: 60 })).minimum).toEqual(
      known(12),
    );
    expect(computeOf(unknownAt(graph, "night", "scalableTargetAction.minCapacity")).minimum).toEqual(
      later_(graph, "night", "scalableTargetAction.minCapacity"),
    );
  });

  const onProviders = (...strategies: Literal["inputs"][]): DraftGraph =>
    withChange(
      withChange(goodDesign(), SERVICE, "launchType", undefined),
      SERVICE,
      "capacityProviderStrategies",
      strategies,
    );

  it.each([
    ["Fargate alone", [{ capacityProvider: "FARGATE", weight: 1 }], 12],
    ["Fargate without a weight", [{ capacityProvider: "FARGATE" }], 12],
    ["Spot alone", [{ capacityProvider: "FARGATE_SPOT", weight: 1 }], 0],
    [
      "a base on Fargate, the rest on Spot",
      [
        { capacityProvider: "FARGATE", base: 4 },
        { capacityProvider: "FARGATE_SPOT", weight: 1 },
      ],
      4,
    ],
    [
      "a base larger than the fleet",
      [
        { capacityProvider: "FARGATE", base: 40 },
        { capacityProvider: "FARGATE_SPOT", weight: 1 },
      ],
      12,
    ],
    [
      "one of three on Fargate",
      [
        { capacityProvider: "FARGATE", weight: 1 },
        { capacityProvider: "FARGATE_SPOT", weight: 2 },
      ],
      4,
    ],
    [
      "a base and a share",
      [
        { capacityProvider: "FARGATE", base: 3, weight: 1 },
        { capacityProvider: "FARGATE_SPOT", weight: 1 },
      ],
      7,
    ],
    [
      "a base on Spot",
      [
        { capacityProvider: "FARGATE_SPOT", base: 2 },
        { capacityProvider: "FARGATE", weight: 1 },
      ],
      10,
    ],
  ])("leave out what runs on Spot: %s", (_, strategies, minimum) => {
    const graph = onProviders(...strategies);
    expect(computeOf(graph).minimum).toEqual(known(minimum));
    expect(computeOf(graph).needs).toEqual([]);
  });

  it("follow the strategy of the cluster where the service names none", () => {
    const defaults = resource("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "providers", {
      region,
      clusterName: ref("us-east-2-cluster", "name"),
      capacityProviders: ["FARGATE_SPOT"],
      defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 100 }],
    });
    const graph = withMore(withChange(goodDesign(), SERVICE, "launchType", undefined), defaults);
    expect(computeOf(graph).minimum).toEqual(known(0));
    expect(computeOf(withChange(graph, SERVICE, "launchType", "FARGATE")).minimum).toEqual(known(12));
  });

  it("are not known where the strategy is not", () => {
    const graph = unknownAt(onProviders(), SERVICE, "capacityProviderStrategies");
    expect(computeOf(graph).minimum).toEqual(later_(graph, SERVICE, "capacityProviderStrategies"));
    const weight = unknownAt(
      onProviders({ capacityProvider: "FARGATE", weight: 1 }, { capacityProvider: "FARGATE_SPOT", weight: 1 }),
      SERVICE,
      "capacityProviderStrategies[1].weight",
    );
    expect(computeOf(weight).minimum).toEqual(later_(weight, SERVICE, "capacityProviderStrategies[1].weight"));
  });
});

describe("tasks on instances", () => {
  const fleet = (name: string, inputs: Literal["inputs"] = {}): Literal =>
    resource("aws:autoscaling/group:Group", name, {
      region,
      minSize: 3,
      maxSize: 9,
      availabilityZones: ["us-east-2a", "us-east-2b"],
      ...inputs,
    });
  const provider = (group: string): Literal =>
    resource("aws:ecs/capacityProvider:CapacityProvider", `${group}-provider`, {
      region,
      autoScalingGroupProvider: { autoScalingGroupArn: ref(group, "arn") },
    });
  const service = (inputs: Literal["inputs"]): Literal =>
    resource("aws:ecs/service:Service", "service", {
      region,
      desiredCount: 10,
      cluster: ref("cluster", "arn"),
      ...inputs,
    });
  const cluster = resource("aws:ecs/cluster:Cluster", "cluster", { region });

  it("need one of the groups of their capacity provider, and stand where these do", () => {
    const graph = designFrom([
      cluster,
      fleet("fleet"),
      provider("fleet"),
      service({ capacityProviderStrategies: [{ capacityProvider: ref("fleet-provider", "name"), weight: 1 }] }),
    ]);
    for (const seen of [graph, asState(graph)]) {
      const { needs, minimum, place } = computeOf(seen, "service");
      expect(needs).toEqual([{ what: "an instance to run on", atLeast: 1, of: [urnOf(graph, "fleet")] }]);
      expect(minimum).toEqual(known(10));
      expect(place.zones).toEqual(known(["us-east-2a", "us-east-2b"]));
    }
  });

  it("count as far as their instances are not on Spot", () => {
    const half = { mixedInstancesPolicy: { instancesDistribution: { onDemandPercentageAboveBaseCapacity: 50 } } };
    const graph = designFrom([
      cluster,
      fleet("fleet", half),
      provider("fleet"),
      service({ capacityProviderStrategies: [{ capacityProvider: ref("fleet-provider", "name"), weight: 1 }] }),
    ]);
    expect(computeOf(graph, "service").minimum).toEqual(known(5));
  });

  it("need the groups that the cluster has, by its providers or by the user data that joins it", () => {
    const graph = designFrom([
      cluster,
      fleet("fleet"),
      provider("fleet"),
      resource("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "providers", {
        region,
        clusterName: ref("cluster", "name"),
        capacityProviders: [ref("fleet-provider", "name")],
      }),
      resource("aws:ec2/launchTemplate:LaunchTemplate", "template", {
        region,
        userData: join("ECS_CLUSTER=", ref("cluster", "name")),
      }),
      fleet("joined", { launchTemplate: { id: ref("template") } }),
      service({ launchType: "EC2" }),
    ]);
    expect(computeOf(graph, "service").needs).toEqual([
      { what: "an instance to run on", atLeast: 1, of: [urnOf(graph, "fleet"), urnOf(graph, "joined")] },
    ]);
  });

  it("have a need that is not known where nothing starts instances, or somebody else's machines run them", () => {
    const alone = designFrom([cluster, service({ launchType: "EC2" })]);
    expect(computeOf(alone, "service").needs).toEqual([
      {
        what: "an instance to run on",
        atLeast: 1,
        of: [],
        unknown: later_(alone, "service", "launchType", "puts tasks on instances that nothing in this design starts"),
      },
    ]);
    const anywhere = designFrom([cluster, service({ launchType: "EXTERNAL" })]);
    expect(computeOf(anywhere, "service").needs[0]?.unknown?.why).toBe("puts tasks on machines outside AWS");
    const outside = designFrom([
      cluster,
      service({ capacityProviderStrategies: [{ capacityProvider: "shared", weight: 1 }] }),
    ]);
    expect(computeOf(outside, "service").minimum).toEqual(
      later_(
        outside,
        "service",
        "capacityProviderStrategies[0].capacityProvider",
        "points to something outside this design",
      ),
    );
  });

  it("run on instances that ECS itself manages without a need", () => {
    const managed = resource("aws:ecs/capacityProvider:CapacityProvider", "managed", {
      region,
      managedInstancesProvider: { infrastructureRoleArn: "arn:aws:iam::1:role/x" },
    });
    const graph = designFrom([
      cluster,
      managed,
      service({ capacityProviderStrategies: [{ capacityProvider: ref("managed", "name"), weight: 1 }] }),
    ]);
    expect([computeOf(graph, "service").needs, computeOf(graph, "service").minimum]).toEqual([[], known(10)]);
  });

  it("of a daemon run once on each instance", () => {
    const graph = designFrom([
      cluster,
      fleet("fleet"),
      provider("fleet"),
      service({
        schedulingStrategy: "DAEMON",
        capacityProviderStrategies: [{ capacityProvider: ref("fleet-provider", "name"), weight: 1 }],
      }),
    ]);
    expect(computeOf(graph, "service").minimum).toEqual(known(3));
  });
});
