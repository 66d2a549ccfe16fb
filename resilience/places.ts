import { Cloud, regionFacts } from "../components/sizing/regions";
import { accountOfArn, regionOfArn } from "./arns";
import { chainFact, known, mapFact, unknown, type Fact } from "./fact";
import type { Resource } from "./graph";
import type { GraphIndex } from "./index-of";
import { GLOBAL, type CloudName, type Place } from "./model";
import { text } from "./reader";

/** The cloud of a type token; undefined for what belongs to none: components, `random`, `tls`. */
export function cloudOf(type: string): CloudName | undefined {
  const [name = ""] = type.split(":");
  if (name === "aws" || name === "gcp" || name === "cloudflare") return name;
  return name === "aws-native" ? "aws" : name === "google-native" ? "gcp" : undefined;
}

/** AWS services that have no region: none of their resource classes takes a `region` (@pulumi/aws 7.48.0). */
const GLOBAL_AWS_MODULES = new Set(["iam", "cloudfront", "globalaccelerator", "organizations", "shield", "route53"]);

/**
 * Where a resource stands: by its own properties, then by an ARN or self link of it, then by its provider's configuration.
 * Nothing is taken from the environment of whoever judges.
 */
export function placeOf(index: GraphIndex, resource: Resource): Place {
  const cloud = cloudOf(resource.type) ?? "other";
  return {
    cloud,
    region: regionOf(index, resource, cloud),
    account: accountOf(index, resource, cloud),
    zones: zonesOf(resource),
  };
}

/** The region of a zone's name: `us-east-2a` and `us-central1-a` lose what tells zones apart. A local zone's name stays whole. */
export function regionOfZone(cloud: CloudName, zone: string): string {
  return cloud === "aws" ? zone.replace(/^([a-z]{2,}(?:-[a-z]+)+-\d)[a-z]$/, "$1") : zone.replace(/-[a-z]$/, "");
}

/** Ground, grid and weather of a region; unknown for a region that the table does not hold. */
export function geographyOf(cloud: CloudName, region: string): string | undefined {
  return cloud === "aws" || cloud === "gcp"
    ? regionFacts(cloud === "aws" ? Cloud.Aws : Cloud.Gcp, region)?.geography
    : undefined;
}

function regionOf(index: GraphIndex, resource: Resource, cloud: CloudName): Fact<string> {
  if (cloud === "cloudflare") return known(GLOBAL);
  if (cloud === "other") return mapFact(firstText(resource, OTHER_PLACES), (name) => name ?? GLOBAL);
  const candidates = cloud === "aws" ? awsRegions(index, resource) : gcpRegions(index, resource);
  let firstUnknown: Fact<string> | undefined;
  for (const candidate of candidates) {
    const fact = candidate();
    if (!fact.known) firstUnknown ??= fact;
    else if (fact.value !== undefined && fact.value !== "") return known(fact.value);
  }
  return (
    firstUnknown ?? unknown(resource.urn, cloud === "aws" ? "region" : "location", "is set nowhere in the program")
  );
}

/** Under these names the providers of other clouds say where a thing stands. */
const OTHER_PLACES = ["region", "location", "datacenter", "availabilityZone", "zone"];

/** The first of several properties that is set. */
function firstText(resource: Resource, paths: readonly string[]): Fact<string | undefined> {
  for (const path of paths) {
    const fact = text(resource, path);
    if (!fact.known || fact.value !== undefined) return fact;
  }
  return known(undefined);
}

type Candidate = () => Fact<string | undefined>;

function awsRegions(index: GraphIndex, resource: Resource): Candidate[] {
  const module_ = resource.type.split(":")[1]?.split("/")[0] ?? "";
  if (GLOBAL_AWS_MODULES.has(module_)) return [() => known(GLOBAL)];
  return [
    () => text(resource, "region"),
    () => mapFact(text(resource, "availabilityZone"), (zone) => zone && regionOfZone("aws", zone)),
    () => mapFact(text(resource, "arn"), (arn) => arn && regionOfArn(arn)),
    () => known(resource.id === null ? undefined : regionOfArn(resource.id)),
    ...ofProvider(index, resource, (provider) => text(provider, "region")),
  ];
}

function gcpRegions(index: GraphIndex, resource: Resource): Candidate[] {
  const at = (property: string): Fact<string | undefined> =>
    mapFact(text(resource, property), (value) => value && googleRegion(value));
  const own = [() => at("region"), () => at("location"), () => at("zone")];
  if (isGlobalGoogle(resource.type)) return [...own, () => known(GLOBAL)];
  return [
    ...own,
    ...ofProvider(index, resource, (provider) =>
      mapFact(firstText(provider, ["region", "zone"]), (value) => value && googleRegion(value)),
    ),
  ];
}

/**
 * The region that a Google location means: the region of a zone, and `GLOBAL` for what spans several (`us`, `EU`, `nam4`, `eur3`,
 * `global`), since then only the whole cloud takes it away. Regions end in a digit: `us-central1` (cloud.google.com/compute/docs/regions-zones).
 */
function googleRegion(location: string): string {
  const region = regionOfZone("gcp", lastSegment(location).toLowerCase());
  return /^[a-z]+-[a-z]+\d+$/.test(region) ? region : GLOBAL;
}

/**
 * Google types that stand in no region, whatever their provider is set to: they have neither `region` nor `location` nor `zone` among
 * their arguments (@pulumi/gcp 9.37.0), or default to everywhere.
 */
function isGlobalGoogle(type: string): boolean {
  if (/^gcp:(?:projects|iam|serviceaccount|organizations|folder|dns|monitoring|logging|billing)\//.test(type))
    return true;
  return /^gcp:compute\/(?:global\w*|backendService|backendBucket|urlMap|uRLMap|target\w*Proxy|network|firewall|healthCheck|sSLPolicy|sslPolicy|sSLCertificate|managedSslCertificate|securityPolicy|route|instanceTemplate|network\w*)(?:\/|:)/.test(
    type,
  );
}

function ofProvider(
  index: GraphIndex,
  resource: Resource,
  read: (provider: Resource) => Fact<string | undefined>,
): Candidate[] {
  const provider = resource.provider === null ? undefined : index.byUrn.get(resource.provider);
  return provider === undefined ? [] : [() => read(provider)];
}

function accountOf(index: GraphIndex, resource: Resource, cloud: CloudName): Fact<string> {
  if (cloud === "cloudflare") return known("");
  // Whoever else runs it is an account of its own: what closes it closes nothing of another provider.
  if (cloud === "other") return known(resource.type.split(":")[0] ?? "");
  for (const candidate of cloud === "gcp" ? projects(index, resource) : awsAccounts(index, resource)) {
    const fact = candidate();
    // An ARN that is known only later says nothing about the account that the provider is bound to.
    if (fact.known && fact.value !== undefined && fact.value !== "") return known(fact.value);
  }
  return known("");
}

function projects(index: GraphIndex, resource: Resource): Candidate[] {
  return [() => text(resource, "project"), ...ofProvider(index, resource, (provider) => text(provider, "project"))];
}

function awsAccounts(index: GraphIndex, resource: Resource): Candidate[] {
  return [
    () => mapFact(text(resource, "arn"), (arn) => arn && accountOfArn(arn)),
    ...ofProvider(index, resource, (provider) => text(provider, "allowedAccountIds[0]")),
    ...ofProvider(index, resource, (provider) =>
      mapFact(firstText(provider, ["assumeRoles[0].roleArn", "assumeRole.roleArn"]), (arn) => arn && accountOfArn(arn)),
    ),
    ...ofProvider(index, resource, (provider) => known(index.accountOfProvider(provider.urn))),
  ];
}

/** The zones that a resource names itself; what spreads by its subnets is told by its kind. */
function zonesOf(resource: Resource): Fact<string[]> {
  const zone = chainFact(text(resource, "availabilityZone"), (own) =>
    own === undefined ? text(resource, "zone") : known<string | undefined>(own),
  );
  return mapFact(zone, (value) => (value === undefined ? [] : [lastSegment(value)]));
}

/** The name at the end of a self link or path. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
