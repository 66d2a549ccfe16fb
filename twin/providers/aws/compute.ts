import { text } from "../../values";
import { digest } from "../../world";
import type { Made, ResourceModel } from "../model";
import { arn, named, nameOf } from "./names";

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/** Containers: clusters, task definitions, services, their scaling, and their images' registry. */
export const compute: Record<string, ResourceModel> = {
  "aws:ecs/cluster:Cluster": {
    ...named(255),
    replaceOn: ["region", "name"],
    sets: ["settings"],
    id: (made) => arn(made, "ecs", `cluster/${nameOf(made)}`),
    computed: { arn: ({ id }) => id },
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    replaceOn: ["region", "clusterName"],
    sets: ["capacityProviders", "defaultCapacityProviderStrategies"],
    id: ({ inputs }) => text(inputs, "clusterName") ?? "",
  },
  [TASK_DEFINITION]: {
    // Each change is a new revision of the family, so everything but tags replaces.
    replaceOn: ["*"],
    inPlace: ["tags", "skipDestroy", "trackLatest"],
    sets: ["requiresCompatibilities", "volumes", "placementConstraints"],
    // The provider's id is the family, which the old and the new revision share while one replaces the other.
    keyedBy: "arn",
    id: ({ inputs }) => text(inputs, "family") ?? "",
    computed: {
      arn: (made) => `${withoutRevision(made)}:${String(revision(made))}`,
      arnWithoutRevision: withoutRevision,
      revision,
    },
  },
  "aws:ecs/service:Service": {
    ...named(255),
    replaceOn: ["region", "name", "cluster", "iamRole", "launchType", "schedulingStrategy"],
    sets: [
      "loadBalancers",
      "networkConfiguration.subnets",
      "networkConfiguration.securityGroups",
      "capacityProviderStrategies",
    ],
    id: (made) => arn(made, "ecs", `service/${clusterName(made)}/${nameOf(made)}`),
    computed: { arn: ({ id }) => id },
  },
  "aws:appautoscaling/target:Target": {
    replaceOn: ["region", "resourceId", "scalableDimension", "serviceNamespace"],
    id: ({ inputs }) => text(inputs, "resourceId") ?? "",
    keyedBy: "arn",
    computed: {
      arn: (made) =>
        arn(
          made,
          "application-autoscaling",
          `scalable-target/${digest(34, made.scope.region ?? "", text(made.inputs, "resourceId") ?? "")}`,
        ),
      roleArn: ({ scope }) =>
        `arn:aws:iam::${scope.account ?? ""}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
    },
  },
  "aws:appautoscaling/policy:Policy": {
    ...named(255),
    replaceOn: ["region", "name", "resourceId", "scalableDimension", "serviceNamespace"],
    id: (made) => nameOf(made),
    computed: {
      arn: (made) =>
        arn(
          made,
          "autoscaling",
          `scalingPolicy:${made.hex(32, "arn")}:resource/ecs/${text(made.inputs, "resourceId") ?? ""}:policyName/${nameOf(made)}`,
        ),
      alarmArns: () => [],
    },
  },
  "aws:ecr/repository:Repository": {
    ...named(256),
    replaceOn: ["region", "name", "encryptionConfigurations"],
    id: (made) => nameOf(made),
    keyedBy: "arn",
    computed: {
      arn: (made) => arn(made, "ecr", `repository/${nameOf(made)}`),
      registryId: ({ scope }) => scope.account ?? "",
      repositoryUrl: (made) =>
        `${made.scope.account ?? ""}.dkr.ecr.${made.scope.region ?? ""}.amazonaws.com/${nameOf(made)}`,
    },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": { replaceOn: ["region", "repository", "policy"] },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": { replaceOn: ["region", "repository"] },
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": {},
};

/** The name of the cluster that a service's `cluster` input, a name or an ARN, stands for. */
function clusterName({ inputs }: Pick<Made, "inputs">): string {
  return (text(inputs, "cluster") ?? "default").split("/").at(-1) ?? "default";
}

function withoutRevision(made: Made): string {
  return arn(made, "ecs", `task-definition/${text(made.inputs, "family") ?? ""}`);
}

/** One more than the highest revision that the family has had: an old one that is still there counts. */
function revision(made: Made): number {
  const family = withoutRevision(made);
  const known = made.around.world.ofType(TASK_DEFINITION).filter(({ state }) => state["arnWithoutRevision"] === family);
  return Math.max(0, ...known.map(({ state }) => (typeof state["revision"] === "number" ? state["revision"] : 0))) + 1;
}
