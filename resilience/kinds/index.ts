import type { Kind } from "../model";
import { awsKinds, neutralAwsTypes } from "./aws";
import { edgeKinds, neutralEdgeTypes } from "./edge";
import { gcpKinds, neutralGcpTypes } from "./gcp";

/** Every kind that the model understands, by type token. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  [...edgeKinds, ...awsKinds, ...gcpKinds].flatMap((kind) => kind.types.map((type): [string, Kind] => [type, kind])),
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

const neutral = [...NEUTRAL, ...neutralAwsTypes, ...neutralGcpTypes, ...neutralEdgeTypes];

/** Whether a type is known to decide nothing about what survives. */
export function isNeutral(type: string): boolean {
  return neutral.some((pattern) => pattern.test(type));
}
