import { Cloud, regionFacts, regionsOf } from "../../../components/sizing/regions";
import type { JsonObject } from "../../../resilience/values";
import type { Asked, BuiltIn } from "./asked";

/** Regions, zones, networks, images and address ranges of Google Cloud. */
export const googlePlaces: Record<string, BuiltIn> = {
  "gcp:compute/getZones:getZones": zones,
  "gcp:compute/getRegions:getRegions": (asked) => ({
    ...asked.args,
    id: `projects/${asked.project}`,
    project: asked.project,
    names: publicRegions(),
  }),
  "gcp:cloudrun/getLocations:getLocations": (asked) => ({
    id: `projects/${asked.project}`,
    project: asked.project,
    locations: publicRegions(),
  }),
  "gcp:compute/getNetwork:getNetwork": network,
  "gcp:container/getEngineVersions:getEngineVersions": engineVersions,
  "gcp:compute/getImage:getImage": image,
  "gcp:compute/getNetblockIPRanges:getNetblockIPRanges": netblocks,
};

function publicRegions(): string[] {
  return regionsOf(Cloud.Gcp)
    .filter(({ status }) => status === "public")
    .map(({ region }) => region)
    .sort();
}

/** The zones of the region, by the table of regions; of all regions where none is named, as the API answers. */
function zones(asked: Asked): JsonObject | undefined {
  const { region } = asked;
  const facts = region === undefined ? regionsOf(Cloud.Gcp) : [regionFacts(Cloud.Gcp, region)];
  const names = facts.flatMap((one) => one?.zoneNames ?? []);
  if (names.length === 0) return undefined;
  const path = region === undefined ? "" : `/regions/${region}`;
  return {
    ...asked.args,
    id: `projects/${asked.project}${path}`,
    project: asked.project,
    names: asked.text("status") === "DOWN" ? [] : [...names].sort(),
  };
}

/** A network by its name. Its links follow from project and name. */
function network(asked: Asked): JsonObject | undefined {
  const name = asked.text("name");
  if (name === undefined) return undefined;
  // Every project has one of that name, unless it was deleted.
  if (name !== "default") asked.guess();
  const id = `projects/${asked.project}/global/networks/${name}`;
  return {
    id,
    name,
    project: asked.project,
    selfLink: `https://www.googleapis.com/compute/v1/${id}`,
    subnetworksSelfLinks: [],
    description: "",
    gatewayIpv4: "",
    internalIpv6Range: "",
  };
}

/** The newest image of a family, which changes with every release, or a named one. */
function image(asked: Asked): JsonObject | undefined {
  const family = asked.text("family");
  const name = asked.text("name") ?? (family === undefined ? undefined : asked.invent(`${family}-v20000101-twodoor`));
  if (name === undefined) return undefined;
  const id = `projects/${asked.project}/global/images/${name}`;
  return {
    id,
    name,
    project: asked.project,
    ...(family === undefined ? {} : { family }),
    selfLink: `https://www.googleapis.com/compute/v1/${id}`,
    labels: {},
    licenses: [],
    status: "READY",
  };
}

/** Versions of Kubernetes that Google offers, which change every week: made up, in the form in which Google writes them. */
function engineVersions(asked: Asked): JsonObject {
  const prefix = /^\d+\.\d+/.exec(asked.text("versionPrefix") ?? "")?.[0] ?? "1.30";
  const version = asked.invent(`${prefix}.0-gke.1907426538`);
  const channels = { RAPID: version, REGULAR: version, STABLE: version };
  return {
    defaultClusterVersion: version,
    latestMasterVersion: version,
    latestNodeVersion: version,
    validMasterVersions: [version],
    validNodeVersions: [version],
    releaseChannelDefaultVersion: channels,
    releaseChannelLatestVersion: channels,
    releaseChannelUpgradeTargetVersion: channels,
  };
}

/**
 * Ranges that Google documents and does not change
 * (https://cloud.google.com/load-balancing/docs/health-checks#firewall_rules,
 * https://cloud.google.com/vpc/docs/configure-private-google-access#domain-options,
 * https://cloud.google.com/iap/docs/using-tcp-forwarding, https://cloud.google.com/dns/docs/zones/zones-overview).
 */
const documented: Record<string, { v4: string[]; v6: string[] }> = {
  "dns-forwarders": { v4: ["35.199.192.0/19"], v6: [] },
  "health-checkers": { v4: ["35.191.0.0/16", "130.211.0.0/22"], v6: [] },
  "iap-forwarders": { v4: ["35.235.240.0/20"], v6: [] },
  "legacy-health-checkers": { v4: ["35.191.0.0/16", "209.85.152.0/22", "209.85.204.0/22"], v6: [] },
  "private-googleapis": { v4: ["199.36.153.8/30"], v6: ["2600:2d00:2:2000::/64"] },
  "restricted-googleapis": { v4: ["199.36.153.4/30"], v6: ["2600:2d00:2:1000::/64"] },
};

/** The other lists (`cloud-netblocks`, `google-netblocks`) change, so ranges that are kept for documentation stand for them. */
function netblocks(asked: Asked): JsonObject {
  const rangeType = asked.text("rangeType") ?? "cloud-netblocks";
  const ranges = documented[rangeType] ?? { v4: [asked.invent("192.0.2.0/24")], v6: [asked.invent("2001:db8::/32")] };
  return {
    id: `netblock-ip-ranges-${rangeType}`,
    rangeType,
    cidrBlocks: [...ranges.v4, ...ranges.v6],
    cidrBlocksIpv4s: ranges.v4,
    cidrBlocksIpv6s: ranges.v6,
  };
}
