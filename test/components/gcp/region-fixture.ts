/** The compliant region that tests of `GcpRegion` change one thing of. */
import type { GcpRegionArgs } from "../../../components/gcp";

export const DIGEST = "a".repeat(64);
export const IMAGE = `us-central1-docker.pkg.dev/twodoor-central/exchange/exchange@sha256:${DIGEST}`;
export const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/** Only what has no default. */
export function regionArgs(changes: Partial<GcpRegionArgs> = {}): GcpRegionArgs {
  return {
    project: "twodoor-central",
    region: "us-central1",
    hostname: "api.example.com",
    image: IMAGE,
    cidrBlock: "10.32.0.0/16",
    minimumReplicas: 4,
    maximumReplicas: 12,
    certificateId: "projects/twodoor-central/locations/us-central1/certificates/api",
    ...changes,
  };
}

/** What Google computes, as far as tests compare it. */
export function computed(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const physical = `${name}-1a2b3c4`;
  const common = { name: physical, selfLink: `https://www.googleapis.com/compute/v1/${physical}` };
  switch (type) {
    case "gcp:compute/address:Address":
      return { ...common, address: name.includes("nat") ? `198.51.100.${String(name.length)}` : "203.0.113.7" };
    case "gcp:serviceaccount/account:Account":
      return { email: `${String(inputs.accountId)}@twodoor-central.iam.gserviceaccount.com` };
    case "gcp:secretmanager/secretVersion:SecretVersion":
      return { version: "7" };
    case "gcp:compute/forwardingRule:ForwardingRule":
      return { ...common, ipAddress: inputs.ipAddress };
    case "gcp:secretmanager/secret:Secret":
    case "gcp:logging/projectBucketConfig:ProjectBucketConfig":
      return {};
    default:
      return common;
  }
}

/** The value at a path such as `template.containers.0.image` of recorded inputs; nothing where the path leads nowhere. */
export function at(inputs: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
      inputs,
    );
}
