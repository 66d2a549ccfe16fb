import { known, Reason, unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { Entry, Kind, Need, Part, Surroundings } from "../../model";
import { count } from "../../reader";
import { referenced } from "../../references";
import { originAt } from "../origins";
import { ofTypes } from "../once";
import { TUNNELS } from "./types";

const CONFIGS = [
  "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
  "cloudflare:index/tunnelConfig:TunnelConfig",
] as const;

/** Types that run a connector, and are parts under their own URN. */
const RUNNERS = new Set([
  "aws:ecs/service:Service",
  "aws:autoscaling/group:Group",
  "aws:ec2/instance:Instance",
  "gcp:cloudrunv2/service:Service",
  "gcp:compute/instance:Instance",
  "gcp:compute/instanceGroupManager:InstanceGroupManager",
  "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager",
]);

/** From a tunnel's token to what runs with it: secret, its version, template, service. */
const STEPS_MAX = 6;

/**
 * Cloudflare tunnels: connectors inside a region call out to Cloudflare, and requests come back through them
 * (developers.cloudflare.com/cloudflare-one/connections/connect-networks). A tunnel works while one of its connectors does; several of one
 * tunnel are replicas. What its rules lead to besides is needed, too.
 */
export const tunnelKinds: readonly Kind[] = [
  { types: TUNNELS, parts: entryOf },
  { types: CONFIGS, parts: () => [] },
];

function entryOf(tunnel: Resource, around: Surroundings): Part[] {
  const runners = runnersOf(tunnel, around);
  const missing = unknown(tunnel.urn, "connectors", Reason.Elsewhere);
  const connector: Need = {
    what: "a connector",
    atLeast: 1,
    of: runners.map(({ urn }) => urn),
    ...(runners.length === 0 ? { unknown: missing } : {}),
  };
  const entry: Entry = {
    role: "entry",
    id: tunnel.urn,
    urn: tunnel.urn,
    label: tunnel.name,
    place: around.placeOf(tunnel),
    needs: [connector, ...serviceNeeds(tunnel, around)],
    isPublic: known(true),
    checks: [],
  };
  return [entry];
}

function runnersOf(tunnel: Resource, { index }: Surroundings): Resource[] {
  const found = new Set<Resource>();
  const seen = new Set([tunnel.urn]);
  let level = [tunnel];
  for (let step = 0; step < STEPS_MAX && level.length > 0; step += 1) {
    level = level.flatMap((each) =>
      index.dependants(each.urn).filter((dependant) => {
        if (seen.has(dependant.urn) || dependant.type.startsWith("cloudflare:")) return false;
        seen.add(dependant.urn);
        if (!RUNNERS.has(dependant.type)) return true;
        found.add(dependant);
        return false;
      }),
    );
  }
  return [...found].sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/** What the tunnel's rules send requests to, where that is in the design; beside the connector itself there is nothing to need. */
function serviceNeeds(tunnel: Resource, around: Surroundings): Need[] {
  const configs = ofTypes(around.index, CONFIGS).filter((config) => {
    const of = referenced(around.index, config, "tunnelId", TUNNELS);
    return of.known && of.value.includes(tunnel);
  });
  return configs.flatMap((config) => {
    const rules = count(config, "config.ingresses");
    return Array.from({ length: rules.known ? rules.value : 0 }, (_, place) => {
      const ids = originAt(config, `config.ingresses[${String(place)}].service`, around);
      const inside = ids.filter((id) => !id.startsWith("external:"));
      return inside.map((id): Need => ({ what: "what it leads to", atLeast: 1, of: [id] }));
    }).flat();
  });
}
