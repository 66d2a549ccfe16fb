import * as pulumi from "@pulumi/pulumi";
import { CloudflareZone, ExchangeApi, OriginPullMode, type ExchangeApiArgs, type ExchangeRegion } from "../components";
import type { RegionSettings, Settings } from "./config";
import type { Foundation } from "./foundation";
import type { Providers } from "./providers";

/** The API in every region with its load balancer and, where this stack owns the zone, the zone's settings. */
export function buildService(settings: Settings, foundation: Foundation, providers: Providers): ExchangeApi {
  const api = new ExchangeApi(settings.name, exchangeArgs(settings, foundation), {
    providers,
    dependsOn: foundation.ready,
  });
  const { ownsZone, zoneId, zoneName, plan, rateLimit } = settings.cloudflare;
  if (ownsZone) {
    new CloudflareZone(
      `${settings.name}-zone`,
      { zoneId, zoneName, plan, hostnames: [settings.hostname], ...only("rateLimit", rateLimit) },
      // Strict TLS concerns every proxied host of the zone: the origins' certificates come first.
      { providers, dependsOn: [api] },
    );
  }
  return api;
}

/** The settings as the component takes them. */
function exchangeArgs(settings: Settings, foundation: Foundation): ExchangeApiArgs {
  const { stage, originPulls, journalCredentials, secrets, ...rest } = settings;
  const { ownsZone: _zone, rateLimit: _limit, ...edge } = rest.cloudflare;
  return {
    hostname: rest.hostname,
    edge,
    regions: rest.regions.map((region) => regionArgs(settings, foundation, region)),
    capacity: rest.capacity,
    journal: {
      ...rest.journal,
      ...(journalCredentials === undefined ? {} : { credentials: pulumi.secret(journalCredentials) }),
    },
    container: {
      ...rest.container,
      ...only("environment", rest.environment),
      ...(secrets === undefined ? {} : { secrets: secretValues(secrets) }),
    },
    ...only("steeringPolicy", rest.steeringPolicy),
    ...only("alarmEmails", rest.alarmEmails),
    ...only("deletionProtected", rest.deletionProtected),
    ...(originPulls === undefined
      ? {}
      : {
          originPulls: {
            mode: stage === "enforcement" ? OriginPullMode.Enforce : OriginPullMode.Accept,
            generations: originPulls.generations,
            activeGeneration: originPulls.active,
          },
        }),
  };
}

function regionArgs(settings: Settings, foundation: Foundation, region: RegionSettings): ExchangeRegion {
  const { accountId } = settings.aws;
  const digest = region.imageDigest ?? settings.imageDigest ?? "";
  return {
    region: region.region,
    cidrBlock: region.cidrBlock,
    image: pulumi.interpolate`${foundation.repositoryUrls[region.region] ?? ""}@${digest}`,
    ...only("serving", region.serving),
    ...only("weight", region.weight),
    ...(region.cloud === "gcp"
      ? { gcp: { project: region.project } }
      : {
          aws: {
            accountId,
            availabilityZones: region.availabilityZones,
            ...only("permissionsBoundaryArn", foundation.awsPermissionsBoundaryArn),
          },
        }),
  };
}

function secretValues(secrets: Record<string, string>): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, pulumi.secret(value)]));
}

/** The one property, or nothing: components tell what is left out from what is set. */
function only<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  const property: { [key in K]?: V } = {};
  if (value !== undefined) property[key] = value;
  return property;
}
