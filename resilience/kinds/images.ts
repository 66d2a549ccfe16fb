import { GLOBAL, type CloudName } from "../model";

/** Who keeps the image that a container names, read off the reference alone. */
export interface ImageHome {
  /** Host of the registry: `us-central1-docker.pkg.dev`; `docker.io` where the reference names none. */
  host: string;
  /** Path within the registry, without tag and digest: `PROJECT/REPOSITORY/IMAGE`. */
  path: string;
  /** Who runs the registry; `other` for a third party's. */
  cloud: CloudName;
  /** The region that this reference reads from; `GLOBAL` for a registry that no one region holds. */
  region: string;
}

/** A name with a dot, a port, or `localhost` before the first slash is a host (pkg.go.dev/github.com/distribution/reference). */
const HOST = /^(?:[^/]*[.:][^/]*|localhost)$/;
/** docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html; China and the FIPS and dual-stack hosts beside it. */
const ECR =
  /^\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)$/;
/** docs.cloud.google.com/artifact-registry/docs/docker/names: LOCATION-docker.pkg.dev, a region or a multi-region. */
const ARTIFACT_REGISTRY = /^([a-z0-9-]+)-docker\.pkg\.dev$/;
/** docs.cloud.google.com/artifact-registry/docs/transition/gcr-repositories: multi-regions, `gcr.io` is stored in the United States. */
const CONTAINER_REGISTRY = /^(?:[a-z0-9-]+\.)?gcr\.io$/;
/** Google's regions end in a number (docs.cloud.google.com/compute/docs/regions-zones); its multi-regions do not. */
const GOOGLE_REGION = /^[a-z]+-[a-z]+\d+$/;

/**
 * Where an image reference is pulled from: `us-central1-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE@sha256:…` is Google's us-central1. Never
 * fails: what is no known registry is somebody else's.
 */
export function imageHome(reference: string): ImageHome {
  const [first = "", ...rest] = reference.split("/");
  const host = rest.length > 0 && HOST.test(first) ? first.toLowerCase() : "docker.io";
  const path = (host === "docker.io" && first.toLowerCase() !== "docker.io" ? reference : rest.join("/"))
    .replace(/@.*$/, "")
    .replace(/:[^:/]*$/, "");
  return { host, path, ...keeperOf(host) };
}

function keeperOf(host: string): { cloud: CloudName; region: string } {
  const ecr = ECR.exec(host)?.[1];
  if (ecr !== undefined) return { cloud: "aws", region: ecr };
  // ECR Public is one registry, whose API stands in us-east-1 (docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html).
  if (host === "public.ecr.aws") return { cloud: "aws", region: "us-east-1" };
  const location = ARTIFACT_REGISTRY.exec(host)?.[1];
  if (location !== undefined) return { cloud: "gcp", region: GOOGLE_REGION.test(location) ? location : GLOBAL };
  return { cloud: CONTAINER_REGISTRY.test(host) ? "gcp" : "other", region: GLOBAL };
}
