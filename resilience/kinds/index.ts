import type { Kind } from "../model";
import { awsKinds, neutralAwsTypes } from "./aws";
import { edgeKinds, neutralEdgeTypes } from "./edge";
import { gcpKinds, neutralGcpTypes } from "./gcp";

/** Every kind that the model understands, by type token. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  [...edgeKinds, ...awsKinds, ...gcpKinds].flatMap((kind) => kind.types.map((type): [string, Kind] => [type, kind])),
);

/** Components, providers and what stands in no cloud: known, and part of nothing. */
const NEUTRAL: readonly RegExp[] = [
  /^pulumi:/,
  /^(?:random|tls|std|time|command|docker|docker-build|null|local|archive):/,
];

const neutral = [...NEUTRAL, ...neutralAwsTypes, ...neutralGcpTypes, ...neutralEdgeTypes];

/** Whether a type is known to decide nothing about what survives. */
export function isNeutral(type: string): boolean {
  return neutral.some((pattern) => pattern.test(type));
}
