import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import type { Place } from "./names";
import type { Entry } from "./entry";
import { TARGET_UTILIZATION_PERCENT, type AwsRegionPlan, type NetworkSite } from "./region-plan";
import type { RegionSecret } from "./secrets";
import type { TaskRoles } from "./task-roles";

/** Name of the container inside the task: the service and the logs refer to it. */
const CONTAINER = "api";
/** How long a task that was told to stop has for its last work, after the load balancer has let go of it. Fargate allows 120 s. */
const STOP_TIMEOUT_SECONDS = 60;
/** What the container has to be given before a failing health check counts. */
const START_SECONDS = 60;

/** The running part of the region. */
export interface Compute {
  cluster: aws.ecs.Cluster;
  taskDefinition: aws.ecs.TaskDefinition;
  service: aws.ecs.Service;
  scalingTarget: aws.appautoscaling.Target;
  scalingPolicies: Record<string, aws.appautoscaling.Policy>;
}

/** What the running part is put together from. */
export interface ComputeParts {
  site: NetworkSite;
  entry: Entry;
  roles: TaskRoles;
  secrets: Record<string, RegionSecret>;
  /** The image that was checked. */
  image: pulumi.Output<string>;
  logGroup: aws.cloudwatch.LogGroup;
  /** Name of the alarm that ends a deployment and brings back the one before. */
  rollbackAlarm: pulumi.Output<string>;
  /** What has to exist before a task can start. */
  ready: pulumi.Resource[];
}

/** Cluster, task definition, service and autoscaling. */
export function buildCompute(
  name: string,
  place: Place,
  plan: AwsRegionPlan,
  parts: ComputeParts,
  child: Child,
): Compute {
  const { region, tags } = place;
  const cluster = new aws.ecs.Cluster(
    name,
    // Container Insights would make a log group of its own that nobody keeps for a stated time or encrypts.
    { region, settings: [{ name: "containerInsights", value: "disabled" }], tags },
    child,
  );
  const taskDefinition = buildTaskDefinition(name, place, plan, parts, child);
  const service = buildService(name, place, plan, { ...parts, cluster, taskDefinition }, child);
  return { cluster, taskDefinition, service, ...buildScaling(name, place, plan, { parts, cluster, service }, child) };
}

function buildTaskDefinition(
  name: string,
  { region, tags }: Place,
  plan: AwsRegionPlan,
  parts: ComputeParts,
  child: Child,
): aws.ecs.TaskDefinition {
  return new aws.ecs.TaskDefinition(
    `${name}-task`,
    {
      region,
      family: name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: plan.cpu,
      memory: plan.memory,
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
      executionRoleArn: parts.roles.execution.arn,
      taskRoleArn: parts.roles.task.arn,
      volumes: [{ name: "writable" }],
      containerDefinitions: pulumi.jsonStringify([containerDefinition(region, plan, parts)]),
      // A revision that is no longer registered cannot be gone back to by hand.
      skipDestroy: true,
      tags,
    },
    child,
  );
}

function containerDefinition(region: string, plan: AwsRegionPlan, parts: ComputeParts): object {
  const byName = <T>(values: Record<string, T>): [string, T][] =>
    Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: CONTAINER,
    image: parts.image,
    essential: true,
    user: `${String(plan.userId)}:${String(plan.userId)}`,
    readonlyRootFilesystem: true,
    mountPoints: [{ sourceVolume: "writable", containerPath: plan.writablePath, readOnly: false }],
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    portMappings: [{ containerPort: plan.containerPort, hostPort: plan.containerPort, protocol: "tcp" }],
    environment: byName(plan.environment).map(([name, value]) => ({ name, value })),
    secrets: byName(parts.secrets).map(([name, { valueFrom }]) => ({ name, valueFrom })),
    healthCheck: { command: plan.healthCheckCommand, interval: 10, timeout: 5, retries: 3, startPeriod: START_SECONDS },
    stopTimeout: STOP_TIMEOUT_SECONDS,
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": parts.logGroup.name,
        "awslogs-region": region,
        "awslogs-stream-prefix": CONTAINER,
        // When CloudWatch Logs is down, lines are lost rather than the API held up.
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    },
  };
}

function buildService(
  name: string,
  { region, tags }: Place,
  plan: AwsRegionPlan,
  parts: ComputeParts & Pick<Compute, "cluster" | "taskDefinition">,
  child: Child,
): aws.ecs.Service {
  const { entry, site } = parts;
  return new aws.ecs.Service(
    `${name}-service`,
    {
      region,
      cluster: parts.cluster.arn,
      taskDefinition: parts.taskDefinition.arn,
      launchType: "FARGATE",
      platformVersion: "LATEST",
      desiredCount: plan.minimumReplicas,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { enable: true, rollback: true, alarmNames: [parts.rollbackAlarm] },
      healthCheckGracePeriodSeconds: START_SECONDS,
      loadBalancers: [
        { targetGroupArn: entry.targetGroup.arn, containerName: CONTAINER, containerPort: plan.containerPort },
      ],
      networkConfiguration: {
        subnets: site.privateSubnetIds,
        securityGroups: [entry.taskGroup.id],
        assignPublicIp: false,
      },
      // Rebalancing stops tasks whenever ECS sees fit and cuts their WebSockets. Instead the spread is restored by the next deployment.
      availabilityZoneRebalancing: "DISABLED",
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      // Without it a broken image would be a green `pulumi up`.
      waitForSteadyState: true,
      tags,
    },
    {
      ...child,
      // Autoscaling owns the number from here on: an update would otherwise set the fleet back at its peak.
      ignoreChanges: ["desiredCount"],
      // A target group without listener is refused, and a task without rights, route or secret does not start.
      dependsOn: [entry.listener, parts.roles.executionRights, ...site.ready, ...parts.ready],
      customTimeouts: { create: "20m", update: "20m", delete: "20m" },
    },
  );
}

function buildScaling(
  name: string,
  { region, tags }: Place,
  plan: AwsRegionPlan,
  { parts, cluster, service }: { parts: ComputeParts } & Pick<Compute, "cluster" | "service">,
  child: Child,
): Pick<Compute, "scalingTarget" | "scalingPolicies"> {
  const scalingTarget = new aws.appautoscaling.Target(
    `${name}-replicas`,
    {
      region,
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
      minCapacity: plan.minimumReplicas,
      maxCapacity: plan.maximumReplicas,
      tags,
    },
    child,
  );
  const policy = (role: string, metric: Metric): aws.appautoscaling.Policy =>
    new aws.appautoscaling.Policy(
      `${name}-${role}`,
      {
        region,
        policyType: "TargetTrackingScaling",
        serviceNamespace: scalingTarget.serviceNamespace,
        scalableDimension: scalingTarget.scalableDimension,
        resourceId: scalingTarget.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: metric.specification,
          targetValue: metric.target,
          scaleOutCooldown: 60,
          scaleInCooldown: 300,
        },
      },
      child,
    );
  const scalingPolicies: Compute["scalingPolicies"] = {
    cpu: policy("cpu", {
      specification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      target: TARGET_UTILIZATION_PERCENT,
    }),
  };
  if (plan.requestsPerMinuteTarget !== undefined) {
    const { loadBalancer, targetGroup } = parts.entry;
    const resourceLabel = pulumi.interpolate`${loadBalancer.arnSuffix}/${targetGroup.arnSuffix}`;
    scalingPolicies["requests"] = policy("requests", {
      specification: { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel },
      target: plan.requestsPerMinuteTarget,
    });
  }
  return { scalingTarget, scalingPolicies };
}

interface Metric {
  specification: aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification;
  target: number;
}
