import { isObject, type JsonObject } from "../../../resilience/values";
import { number, objects, text, texts } from "../../values";
import { others, refusal, thingWith, type Refusal, type Subject, type Surroundings } from "../model";
import { targetGroups } from "./refusals-balancing";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const SERVICE = "aws:ecs/service:Service";
const CLUSTER = "aws:ecs/cluster:Cluster";
const TARGET = "aws:appautoscaling/target:Target";
const POLICY = "aws:appautoscaling/policy:Policy";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const write = ["create", "update"] as const;

/**
 * Fargate's sizes for Linux: memory in MiB from, to and step by CPU units.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
 */
const FARGATE: Record<number, [number, number, number]> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16384, 1024],
  4096: [8192, 30720, 1024],
  8192: [16384, 61440, 4096],
  16384: [32768, 122880, 8192],
};

/** What Amazon ECS and Application Auto Scaling refuse. */
export const computeRefusals: readonly Refusal[] = [
  refusal("aws R37", [TASK], ["create"], "a Fargate task without CPU or memory", ({ inputs }) => {
    const missing = isFargate(inputs) ? ["cpu", "memory"].find((name) => inputs[name] === undefined) : undefined;
    return missing === undefined
      ? undefined
      : `ClientException: Fargate requires that '${missing}' be defined at the task level.`;
  }),
  refusal("aws R38", [TASK], ["create"], "a pair of CPU and memory that Fargate does not have", ({ inputs }) => {
    const [cpu, memory] = [number(inputs, "cpu"), number(inputs, "memory")];
    if (!isFargate(inputs) || cpu === undefined || memory === undefined || isFargateSize(cpu, memory)) return undefined;
    return "ClientException: No Fargate configuration exists for given values.";
  }),
  refusal("aws R39", [TASK], ["create"], "a Fargate task outside awsvpc", ({ inputs }) =>
    isFargate(inputs) && text(inputs, "networkMode") !== "awsvpc"
      ? "ClientException: Fargate only supports network mode ‘awsvpc’."
      : undefined,
  ),
  refusal("aws R40", [TASK], ["create"], "a host port other than the container port in awsvpc", ({ inputs }) => {
    const differs = containers(inputs)
      .flatMap((container) => objects(container, "portMappings"))
      .some((port) => port["hostPort"] !== undefined && port["hostPort"] !== port["containerPort"]);
    return differs && text(inputs, "networkMode") === "awsvpc"
      ? "ClientException: When networkMode=awsvpc, the host ports and container ports in port mappings must match."
      : undefined;
  }),
  refusal("aws R43", [TASK], ["create"], "awslogs on Fargate without group, region and stream prefix", ({ inputs }) => {
    const incomplete = containers(inputs).some((container) => {
      const options = container["logConfiguration"];
      if (!isObject(options) || text(options, "logDriver") !== "awslogs") return false;
      const given = isObject(options["options"]) ? options["options"] : {};
      return ["awslogs-group", "awslogs-region", "awslogs-stream-prefix"].some((name) => given[name] === undefined);
    });
    return isFargate(inputs) && incomplete
      ? "ClientException: Log driver awslogs requires options: awslogs-group, awslogs-region, awslogs-stream-prefix"
      : undefined;
  }),
  refusal(
    "aws R44",
    [TASK],
    ["create"],
    "awslogs, secrets or a private image without an execution role",
    ({ inputs }) => {
      if (!isFargate(inputs) || inputs["executionRoleArn"] !== undefined) return undefined;
      const all = containers(inputs);
      if (all.some((container) => text(container, "logConfiguration.logDriver") === "awslogs"))
        return "ClientException: Fargate requires task definition to have execution role ARN to support log driver awslogs.";
      if (all.some((container) => text(container, "image")?.includes(".dkr.ecr.") === true))
        return "ClientException: Fargate requires task definition to have execution role ARN to support ECR images.";
      return all.some((container) => objects(container, "secrets").length > 0)
        ? "ClientException: When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
        : undefined;
    },
  ),
  refusal("aws R47", [TASK], ["create"], "a stop timeout above 120 seconds on Fargate", ({ inputs }) =>
    isFargate(inputs) && containers(inputs).some((container) => (number(container, "stopTimeout") ?? 0) > 120)
      ? "ClientException: Fargate tasks support a maximum stopTimeout of 120 seconds."
      : undefined,
  ),
  refusal("aws R48", [TASK], ["create"], "a secret whose name is a variable's, or is there twice", ({ inputs }) => {
    const clash = containers(inputs).some((container) => {
      const names = [...objects(container, "secrets"), ...objects(container, "environment")].map((item) =>
        text(item, "name"),
      );
      return objects(container, "secrets").length > 0 && new Set(names).size < names.length;
    });
    return clash
      ? "ClientException: The secret name must be unique and not shared with any new or existing environment variables set on the container."
      : undefined;
  }),
  refusal(
    "aws R50",
    [SERVICE],
    write,
    "an image of another region, or one that is not there",
    ({ inputs, scope }, around) => {
      const image = taskContainers(inputs, around)
        .map((container) => text(container, "image") ?? "")
        .find((name) => foreign(name, scope.region) || around.settings.missingImages.includes(name));
      return image === undefined
        ? undefined
        : `waiting for ECS Service to reach a steady state: tasks failed to start: CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ${image}`;
    },
  ),
  refusal(
    "aws R50 secret",
    [SERVICE],
    write,
    "a secret of another region, or one that is not there",
    ({ inputs, scope }, around) => {
      const references = taskContainers(inputs, around)
        .flatMap((container) => objects(container, "secrets"))
        .map((item) => text(item, "valueFrom") ?? "");
      const wrong = references.find(
        (arn) =>
          arn.startsWith("arn:aws:secretsmanager:") &&
          (arn.split(":")[3] !== scope.region || !secretExists(arn, around)),
      );
      return wrong === undefined
        ? undefined
        : `waiting for ECS Service to reach a steady state: tasks failed to start: ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret ${wrong.split(":").slice(0, 7).join(":")}`;
    },
  ),
  refusal("aws R52", [SERVICE], write, "a target group that is behind no listener yet", ({ inputs }, around) => {
    const lonely = objects(inputs, "loadBalancers")
      .map((entry) => text(entry, "targetGroupArn") ?? "")
      .find((arn) => !hasListener(arn, around));
    return lonely === undefined
      ? undefined
      : `InvalidParameterException: The target group with targetGroupArn ${lonely} does not have an associated load balancer.`;
  }),
  refusal("aws R53", [SERVICE], write, "a target group of instances for a task in awsvpc", ({ inputs }, around) => {
    const wrong = objects(inputs, "loadBalancers")
      .map((entry) => text(entry, "targetGroupArn") ?? "")
      .find((arn) => {
        const group = thingWith(around, TARGETS, "arn", arn);
        return group !== undefined && text(group.inputs, "targetType") !== "ip";
      });
    return wrong === undefined
      ? undefined
      : `InvalidParameterException: The provided target group ${wrong} has target type instance, which is incompatible with the awsvpc network mode specified in the task definition.`;
  }),
  refusal(
    "aws R54",
    [SERVICE],
    write,
    "a container name or port that the task definition does not have",
    balancedContainer,
  ),
  refusal("aws R55", [SERVICE], write, "a task in awsvpc without network configuration", ({ inputs }, around) => {
    const task = thingWith(around, TASK, "arn", inputs["taskDefinition"]);
    return task !== undefined &&
      text(task.inputs, "networkMode") === "awsvpc" &&
      inputs["networkConfiguration"] === undefined
      ? "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified."
      : undefined;
  }),
  refusal("aws R56", [SERVICE], write, "deployment percentages that leave no room", ({ inputs }) => {
    const [minimum, maximum] = [
      number(inputs, "deploymentMinimumHealthyPercent") ?? 100,
      number(inputs, "deploymentMaximumPercent") ?? 200,
    ];
    return minimum > 100 || maximum < 100 || minimum >= maximum
      ? "InvalidParameterException: The maximumPercent must be above the minimumHealthyPercent"
      : undefined;
  }),
  refusal("aws R62", [CLUSTER], ["delete"], "a cluster with services", ({ id }, around) =>
    around.world.ofType(SERVICE).some(({ inputs }) => inputs["cluster"] === id)
      ? "ClusterContainsServicesException: The Cluster cannot be deleted while Services are active."
      : undefined,
  ),
  refusal(
    "aws R63",
    [TARGET],
    ["create"],
    "a service that is not there, or no name of one",
    ({ inputs, scope }, around) => {
      const resource = text(inputs, "resourceId") ?? "";
      const there = around.world
        .ofType(SERVICE)
        .some(({ id, scope: own }) => own.region === scope.region && id.endsWith(`:${resource}`));
      return there ? undefined : `ValidationException: ECS service doesn't exist: ${resource}`;
    },
  ),
  refusal("aws R64", [TARGET], write, "a maximum below the minimum", ({ inputs }) =>
    (number(inputs, "maxCapacity") ?? Infinity) < (number(inputs, "minCapacity") ?? 0)
      ? "ValidationException: Maximum capacity cannot be less than minimum capacity"
      : undefined,
  ),
  refusal("aws R65", [POLICY], ["create"], "a scaling policy without a registered target", (subject, around) => {
    const there = others(subject, around, TARGET).some(
      ({ inputs, scope }) =>
        inputs["resourceId"] === subject.inputs["resourceId"] && scope.region === subject.scope.region,
    );
    return there
      ? undefined
      : `ObjectNotFoundException: No scalable target registered for service namespace: ecs, resource ID: ${text(subject.inputs, "resourceId") ?? ""}`;
  }),
];

/** The containers that a task definition's JSON names; none where it is unknown or no JSON. */
export function containers(inputs: JsonObject): JsonObject[] {
  try {
    const parsed = JSON.parse(text(inputs, "containerDefinitions") ?? "[]") as unknown;
    return Array.isArray(parsed) ? (parsed as JsonObject[]) : [];
  } catch {
    return [];
  }
}

function taskContainers(inputs: JsonObject, around: Surroundings): JsonObject[] {
  const task = thingWith(around, TASK, "arn", inputs["taskDefinition"]);
  return task === undefined ? [] : containers(task.inputs);
}

function balancedContainer({ inputs }: Subject, around: Surroundings): string | undefined {
  if (thingWith(around, TASK, "arn", inputs["taskDefinition"]) === undefined) return undefined;
  const all = taskContainers(inputs, around);
  for (const entry of objects(inputs, "loadBalancers")) {
    const [name, port] = [text(entry, "containerName") ?? "", number(entry, "containerPort")];
    const container = all.find((candidate) => text(candidate, "name") === name);
    if (container === undefined)
      return `InvalidParameterException: The container ${name} does not exist in the task definition.`;
    if (!objects(container, "portMappings").some((mapping) => number(mapping, "containerPort") === port)) {
      return `InvalidParameterException: The container ${name} did not have a container port ${String(port)} defined.`;
    }
  }
  return undefined;
}

function hasListener(targetGroup: string, around: Surroundings): boolean {
  if (thingWith(around, TARGETS, "arn", targetGroup) === undefined) return true; // made elsewhere: the twin cannot know
  return around.world
    .ofType("aws:lb/listener:Listener")
    .some(({ inputs }) => targetGroups(inputs).includes(targetGroup));
}

function secretExists(reference: string, around: Surroundings): boolean {
  const arn = reference.split(":").slice(0, 7).join(":");
  return around.world
    .ofType("aws:secretsmanager/secretVersion:SecretVersion")
    .some(({ inputs }) => inputs["secretId"] === arn);
}

function foreign(image: string, region: string | undefined): boolean {
  const match = /\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\//.exec(image);
  return match !== null && match[1] !== region;
}

function isFargate(inputs: JsonObject): boolean {
  return texts(inputs, "requiresCompatibilities").includes("FARGATE");
}

function isFargateSize(cpu: number, memory: number): boolean {
  if (cpu === 256) return [512, 1024, 2048].includes(memory);
  const [from, to, step] = FARGATE[cpu] ?? [1, 0, 1];
  return memory >= from && memory <= to && (memory - from) % step === 0;
}
