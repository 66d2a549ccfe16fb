import * as pulumi from "@pulumi/pulumi";
import { AwsCertificates, AwsRegion } from "./aws";
import { CloudflareLoadBalancer, CloudflareOriginPulls } from "./cloudflare";
import { refuse } from "./errors";
import { exchangeApiIssues, loadBalancerArgs, originPullsArgs, regionArgs } from "./exchange-children";
import { manifestOf, type ExchangeManifest } from "./exchange-manifest";
import { planRegions, type PlannedRegion } from "./exchange-plan";
import type { ExchangeApiArgs } from "./exchange-args";
import { GcpCertificates, GcpRegion } from "./gcp";
import { Cloud } from "./sizing/regions";

/** The components that an `ExchangeApi` is made of. */
export interface ExchangeApiNodes {
  /** AWS regions by name. */
  awsRegions: Record<string, AwsRegion>;
  /** Google regions by name. */
  gcpRegions: Record<string, GcpRegion>;
  /** Certificates of the AWS regions. Nothing where none are made. */
  awsCertificates: AwsCertificates | undefined;
  /** Certificates of the Google regions. Nothing where none are made. */
  gcpCertificates: GcpCertificates | undefined;
  /** Client certificates that Cloudflare shows. Nothing where none are wanted. */
  originPulls: CloudflareOriginPulls | undefined;
  /** The door in front of all regions. */
  loadBalancer: CloudflareLoadBalancer;
}

const allNodes = new WeakMap<ExchangeApi, ExchangeApiNodes>();

/**
 * An exchange-style API in several regions of two clouds, behind Cloudflare's health-checked load balancing.
 *
 * Checks the whole before the first resource exists, computes how many replicas each region has to run so that the loss of any one
 * region, cloud, ground or zone is carried by what already runs, and builds certificates, regions and load balancer.
 * Regions are changed one after another in the order of `regions`, each steady before the next; a failure stops the rest. The load
 * balancer is changed last, so that capacity is there before traffic moves.
 *
 * It needs providers for `aws`, `gcp` and `cloudflare`, and `tls` for origin pulls: pass them by `providers`.
 * What it costs to leave running is said by `AwsRegion`, `GcpRegion` and `CloudflareLoadBalancer`.
 */
export class ExchangeApi extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:ExchangeApi";

  /** Hostname that clients call. */
  readonly hostname: pulumi.Output<string>;
  /** What was declared and what was computed from it, for programs that judge designs. */
  readonly manifest: pulumi.Output<ExchangeManifest>;
  /** Where Cloudflare reaches each region, by region. */
  readonly originAddresses: pulumi.Output<Record<string, string>>;
  /** Addresses from which each region's replicas reach the Internet, by region: whoever runs the journal lets these in. */
  readonly egressAddresses: pulumi.Output<Record<string, string[]>>;

  /**
   * @param name - prefix of every child's name.
   * @param args - what to build.
   * @param opts - the standard options; `providers` for aws, gcp, cloudflare and tls.
   */
  constructor(name: string, args: ExchangeApiArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`ExchangeApi "${name}"`, exchangeApiIssues(args));
    super(ExchangeApi.__pulumiType, name, {}, opts);
    const child = { parent: this };
    const planned = planRegions(args);

    const originPulls = buildOriginPulls(name, args, child);
    const certificates = buildCertificates(name, args, planned, child);
    const regions = buildRegions(name, args, planned, { ...certificates, originPulls }, child);
    const built = Object.entries({ ...regions.awsRegions, ...regions.gcpRegions });
    const addresses = Object.fromEntries(built.map(([region, { originAddress }]) => [region, originAddress]));
    const loadBalancer = new CloudflareLoadBalancer(`${name}-edge`, loadBalancerArgs(args, planned, addresses), {
      ...child,
      dependsOn: built.map(([, region]) => region),
    });
    allNodes.set(this, { ...regions, ...certificates, originPulls, loadBalancer });

    this.hostname = loadBalancer.hostname;
    this.manifest = pulumi
      .all([loadBalancer.detectionBestSeconds, loadBalancer.detectionWorstSeconds, loadBalancer.fallbackPool])
      .apply(([bestSeconds, worstSeconds, fallbackRegion]) =>
        manifestOf(args, planned, { bestSeconds, worstSeconds, fallbackRegion }),
      );
    this.originAddresses = pulumi.output(addresses);
    this.egressAddresses = pulumi.output(
      Object.fromEntries(built.map(([region, { egressAddresses }]) => [region, egressAddresses])),
    );
    this.registerOutputs({
      hostname: this.hostname,
      manifest: this.manifest,
      originAddresses: this.originAddresses,
      egressAddresses: this.egressAddresses,
    });
  }

  /** The components inside, for settings that have no argument. */
  get nodes(): ExchangeApiNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

interface Child {
  parent: pulumi.Resource;
}

function buildOriginPulls(name: string, args: ExchangeApiArgs, child: Child): CloudflareOriginPulls | undefined {
  const pulls = originPullsArgs(args);
  return pulls === undefined ? undefined : new CloudflareOriginPulls(`${name}-origin-pulls`, pulls, child);
}

interface Certificates {
  awsCertificates: AwsCertificates | undefined;
  gcpCertificates: GcpCertificates | undefined;
}

/** Certificates stand above the regions: regions of one account share a validation record, which must outlive each of them. */
function buildCertificates(name: string, args: ExchangeApiArgs, planned: PlannedRegion[], child: Child): Certificates {
  const { hostname, edge, tags } = args;
  const common = { hostname, zoneId: edge.zoneId, ...(tags === undefined ? {} : { tags }) };
  const aws = planned.filter(({ args: { aws } }) => aws !== undefined && aws.certificateArn === undefined);
  const gcp = planned.flatMap(({ region, args: { gcp } }) =>
    gcp === undefined || gcp.certificateId !== undefined ? [] : [{ region, project: gcp.project }],
  );
  return {
    awsCertificates:
      aws.length === 0
        ? undefined
        : new AwsCertificates(`${name}-aws`, { ...common, regions: aws.map(({ region }) => region) }, child),
    gcpCertificates:
      gcp.length === 0 ? undefined : new GcpCertificates(`${name}-gcp`, { ...common, regions: gcp }, child),
  };
}

interface Regions {
  awsRegions: Record<string, AwsRegion>;
  gcpRegions: Record<string, GcpRegion>;
}

/** Each region waits for all of the one before it, so that a change that goes wrong stops at the first. */
function buildRegions(
  name: string,
  args: ExchangeApiArgs,
  planned: PlannedRegion[],
  from: Certificates & { originPulls: CloudflareOriginPulls | undefined },
  child: Child,
): Regions {
  const regions: Regions = { awsRegions: {}, gcpRegions: {} };
  let previous: pulumi.Resource[] = [];
  for (const plan of planned) {
    const options = { ...child, dependsOn: previous };
    const common = regionArgs(args, plan, from.originPulls?.authorities);
    const { aws, gcp } = plan.args;
    if (plan.cloud === Cloud.Aws && aws !== undefined) {
      const certificateArn = aws.certificateArn ?? certificateOf(from.awsCertificates?.certificateArns, plan.region);
      const region = new AwsRegion(`${name}-${plan.region}`, { ...common, ...aws, certificateArn }, options);
      regions.awsRegions[plan.region] = region;
      previous = [region];
    } else if (gcp !== undefined) {
      const certificateId = gcp.certificateId ?? certificateOf(from.gcpCertificates?.certificateIds, plan.region);
      const region = new GcpRegion(`${name}-${plan.region}`, { ...common, ...gcp, certificateId }, options);
      regions.gcpRegions[plan.region] = region;
      previous = [region];
    }
  }
  return regions;
}

function certificateOf(
  certificates: pulumi.Output<Record<string, string>> | undefined,
  region: string,
): pulumi.Output<string> {
  if (certificates === undefined) throw new Error(`no certificates were made for ${region}`);
  return certificates.apply((byRegion) => {
    const certificate = byRegion[region];
    if (certificate === undefined) throw new Error(`no certificate was made for ${region}`);
    return certificate;
  });
}
