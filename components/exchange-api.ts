import * as pulumi from "@pulumi/pulumi";
import type { Child } from "./child";
import { AwsCertificates, AwsRegion } from "./aws";
import { CloudflareLoadBalancer, CloudflareOriginPulls, OriginPullCertificates } from "./cloudflare";
import { refuse } from "./errors";
import {
  awsCertificatesArgs,
  awsRegionArgs,
  exchangeApiIssues,
  gcpCertificatesArgs,
  gcpRegionArgs,
  loadBalancerArgs,
  originPullCertificatesArgs,
  originPullsArgs,
} from "./exchange-children";
import { manifestOf, tellableImages, type ExchangeManifest } from "./exchange-manifest";
import { planRegions, type PlannedRegion } from "./exchange-plan";
import { exchangeWarnings } from "./exchange-warnings";
import type { ExchangeApiArgs } from "./exchange-args";
import { GcpCertificates, GcpRegion } from "./gcp";

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
  /** Authorities and client certificates for origin pulls. Nothing where none are wanted. */
  originPullCertificates: OriginPullCertificates | undefined;
  /** What Cloudflare shows to the regions. Nothing where nothing is wanted. */
  originPulls: CloudflareOriginPulls | undefined;
  /** The door in front of all regions. */
  loadBalancer: CloudflareLoadBalancer;
}

const allNodes = new WeakMap<ExchangeApi, ExchangeApiNodes>();

/**
 * An exchange-style API in several regions of two clouds, behind Cloudflare's health-checked load balancing.
 *
 * A design that one outage can stop (one cloud, one region, shared ground) is built with a warning: `twodoor check` and the policy pack
 * refuse it, and say what becomes of it. What the clouds themselves refuse, it refuses.
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
    for (const warning of exchangeWarnings(args)) void pulumi.log.warn(warning, this);
    const child = { parent: this };
    const planned = planRegions(args);

    const certificates = buildCertificates(name, args, planned, child);
    const regions = buildRegions(name, args, planned, certificates, child);
    const built = Object.entries({ ...regions.awsRegions, ...regions.gcpRegions });
    const after = { ...child, dependsOn: built.map(([, region]) => region) };
    const addresses = Object.fromEntries(built.map(([region, { originAddress }]) => [region, originAddress]));
    const originPulls = buildOriginPulls(name, args, certificates.originPullCertificates, after);
    const loadBalancer = new CloudflareLoadBalancer(`${name}-edge`, loadBalancerArgs(args, planned, addresses), after);
    allNodes.set(this, { ...regions, ...certificates, originPulls, loadBalancer });

    this.hostname = loadBalancer.hostname;
    this.manifest = pulumi
      .all([
        loadBalancer.detectionBestSeconds,
        loadBalancer.detectionWorstSeconds,
        loadBalancer.fallbackPool,
        tellableImages(planned),
      ])
      .apply(([bestSeconds, worstSeconds, fallbackRegion, images]) =>
        manifestOf(args, planned, images, { bestSeconds, worstSeconds, fallbackRegion }),
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

/** Comes after the regions: Cloudflare may show a certificate as soon as it has it, and by then every region has to trust it. */
function buildOriginPulls(
  name: string,
  args: ExchangeApiArgs,
  certificates: OriginPullCertificates | undefined,
  after: Child & { dependsOn: pulumi.Resource[] },
): CloudflareOriginPulls | undefined {
  if (certificates === undefined) return undefined;
  const generations = Object.entries(certificates.nodes.generations).map(([id, { leafCertificate, leafKey }]) => ({
    id,
    certificate: leafCertificate.certPem,
    privateKey: leafKey.privateKeyPem,
  }));
  return new CloudflareOriginPulls(`${name}-origin-pulls`, originPullsArgs(args, generations), after);
}

interface Certificates {
  awsCertificates: AwsCertificates | undefined;
  gcpCertificates: GcpCertificates | undefined;
  originPullCertificates: OriginPullCertificates | undefined;
}

/** Certificates stand above the regions: regions of one account share a validation record, which must outlive each of them. */
function buildCertificates(name: string, args: ExchangeApiArgs, planned: PlannedRegion[], child: Child): Certificates {
  const aws = awsCertificatesArgs(args, planned);
  const gcp = gcpCertificatesArgs(args, planned);
  const pulls = originPullCertificatesArgs(args);
  return {
    awsCertificates: aws === undefined ? undefined : new AwsCertificates(`${name}-aws`, aws, child),
    gcpCertificates: gcp === undefined ? undefined : new GcpCertificates(`${name}-gcp`, gcp, child),
    originPullCertificates:
      pulls === undefined ? undefined : new OriginPullCertificates(`${name}-origin-pulls`, pulls, child),
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
  from: Certificates,
  child: Child,
): Regions {
  const regions: Regions = { awsRegions: {}, gcpRegions: {} };
  let previous: pulumi.Resource[] = [];
  for (const plan of planned) {
    const options = { ...child, dependsOn: previous };
    const authorities = from.originPullCertificates?.authorities;
    const { aws, gcp } = plan.args;
    if (aws !== undefined) {
      const certificate = (): pulumi.Output<string> =>
        made(from.awsCertificates?.nodes.certificateArns[plan.region], plan);
      const own = awsRegionArgs(args, plan, aws, authorities, certificate);
      const region = new AwsRegion(`${name}-${plan.region}`, own, options);
      regions.awsRegions[plan.region] = region;
      previous = [region];
    } else if (gcp !== undefined) {
      const certificate = (): pulumi.Output<string> =>
        made(from.gcpCertificates?.nodes.regions[plan.region]?.certificate.id, plan);
      const own = gcpRegionArgs(args, plan, gcp, authorities, certificate);
      const region = new GcpRegion(`${name}-${plan.region}`, own, options);
      regions.gcpRegions[plan.region] = region;
      previous = [region];
    }
  }
  return regions;
}

/**
 * The one region's certificate, not the map of all: as a whole the map is unknown while a region is added, and every other region would
 * look like changing.
 */
function made(certificate: pulumi.Output<string> | undefined, { region }: PlannedRegion): pulumi.Output<string> {
  if (certificate === undefined) throw new Error(`no certificate was made for ${region}`);
  return certificate;
}
