import type { Kind } from "../model";
import { awsKinds, neutralAwsTypes } from "./aws";
import { edgeKinds, neutralEdgeTypes } from "./edge";
import { gcpKinds, neutralGcpTypes } from "./gcp";

/** Every kind that the model understands, by type token. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  [...edgeKinds, ...awsKinds, ...gcpKinds].flatMap((kind) => kind.types.map((type): [string, Kind] => [type, kind])),
);

/**
 * Objects of Kubernetes that run nothing, let nobody in and keep no data: names, settings, secrets, rights, rules of placement and size. What runs or
 * lets clients in (Deployment, Service, Ingress, a chart) is named to whoever judges.
 */
const KUBERNETES = new RegExp(
  `^kubernetes:(?:${[
    "core/v1:(?:ConfigMap|LimitRange|Namespace|ResourceQuota|Secret|ServiceAccount)$",
    "rbac\\.authorization\\.k8s\\.io/",
    "apiextensions\\.k8s\\.io/",
    "admissionregistration\\.k8s\\.io/",
    "autoscaling/",
    "policy/",
    "scheduling\\.k8s\\.io/",
    "storage\\.k8s\\.io/\\w+:(?:CSIDriver|StorageClass)$",
    "networking\\.k8s\\.io/\\w+:(?:IngressClass|NetworkPolicy)$",
  ].join("|")})`,
);

/**
 * Other packages of which nothing carries traffic, keeps data or is read by what serves: texts and files made while planning, images that
 * are built and pushed to a registry, and services that watch or store code. Known, and part of nothing.
 */
const NEUTRAL: readonly RegExp[] = [
  /^pulumi:/,
  /^(?:archive|cloudinit|command|docker|docker-build|external|local|null|random|std|time|tls):/,
  /^(?:datadog|github|gitlab|grafana|newrelic|opsgenie|pagerduty|pulumiservice|sentry):/,
];

const neutral = [...NEUTRAL, KUBERNETES, ...neutralAwsTypes, ...neutralGcpTypes, ...neutralEdgeTypes];

/** Whether a type is known to decide nothing about what survives. */
export function isNeutral(type: string): boolean {
  return neutral.some((pattern) => pattern.test(type));
}
