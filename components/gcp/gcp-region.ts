import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import { refuse } from "../errors";
import type { RegionOutputs } from "../region";
import { Cloud } from "../sizing/regions";
import { nameIssues } from "./checks";
import { GcpAlarms } from "./gcp-alarms";
import { GcpNetwork } from "./gcp-network";
import type { GcpRegionArgs } from "./gcp-region-args";
import {
  buildAddress,
  buildBackend,
  buildClientTrust,
  buildProxy,
  buildRule,
  buildSecurityPolicy,
  buildUrlMap,
  type ClientTrust,
} from "./region-entry";
import { gcpRegionIssues } from "./region-issues";
import { buildLogs, type RegionLogs } from "./region-logs";
import { planGcpRegion, type GcpRegionPlan } from "./region-plan";
import { buildAccount, buildSecrets, buildService, type SecretParts } from "./region-service";

/** The resources that a `GcpRegion` is made of. */
export interface GcpRegionNodes {
  /** The network. Nothing where one was brought. */
  network: GcpNetwork | undefined;
  /** What replicas run as. */
  account: gcp.serviceaccount.Account;
  /** Secret, version and reader of each secret variable, by the variable's name. */
  secrets: Record<string, SecretParts>;
  /** The Cloud Run service. */
  service: gcp.cloudrunv2.Service;
  /** Cloud Armor in front of the backend. */
  securityPolicy: gcp.compute.RegionSecurityPolicy;
  /** The load balancer's backend. */
  backend: gcp.compute.RegionBackendService;
  /** The load balancer's routes. */
  urlMap: gcp.compute.RegionUrlMap;
  /** Trust in client certificates. Nothing while origin pulls are off. */
  clientTrust: ClientTrust | undefined;
  /** The load balancer's HTTPS proxy. */
  proxy: gcp.compute.RegionTargetHttpsProxy;
  /** The public address. */
  address: gcp.compute.Address;
  /** Address, port and proxy together: the door. */
  rule: gcp.compute.ForwardingRule;
  /** Where logs are kept. */
  logs: RegionLogs;
  /** What operators hear. */
  alarms: GcpAlarms;
}

const allNodes = new WeakMap<GcpRegion, GcpRegionNodes>();

/**
 * The API in one Google Cloud region: Cloud Run behind a regional external Application Load Balancer that only Cloudflare can reach.
 *
 * Makes a network, a service account, a secret for each secret variable, the Cloud Run service, Cloud Armor, the load balancer with its
 * address, a log bucket in the region and alarms. Cloud Run spreads replicas over the region's zones by itself. Left running it costs, in
 * Iowa, about 57 dollars a month for each replica of the floor (1 CPU, 2 GiB, always allocated), 18 for the forwarding rule, Cloud Armor's
 * policy by the month, and traffic and logs as they come. These are list prices as we know them: check before you promise them.
 *
 * It fails alone: nothing global of Google's front end is in its path. The load balancer does not see a dead service, so Cloudflare's
 * monitor must ask a path that proves readiness. New replicas need Google's control plane; running ones do not, hence the floor.
 *
 * Cloudflare's addresses are those of all its customers. Requests for another hostname are refused, which keeps their zones out unless they
 * can rewrite it; only `originPullMode` "enforce" proves that a request came through our zone.
 *
 * The first `up` of an empty project may be refused while grants and APIs spread (minutes); the next one repairs it. The certificate
 * has to be active before traffic comes: up to an hour after its record stands.
 *
 * To remove the region: one `up` with `deletionProtected: false`, then one without it. Cloud Run holds addresses of the subnet
 * for one to two hours after its last replica and Google refuses to delete network and subnet until then: the second `up` ends with that
 * refusal once everything else is gone, and the same `up` two hours later finishes.
 */
export class GcpRegion extends pulumi.ComponentResource implements RegionOutputs {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:GcpRegion";

  /** Always `gcp`. */
  readonly cloud: pulumi.Output<string>;
  /** Google's name of the region. */
  readonly region: pulumi.Output<string>;
  /** IPv4 address on which the region serves HTTPS. It is known once the load balancer stands. */
  readonly originAddress: pulumi.Output<string>;
  /** The image that the region runs. */
  readonly image: pulumi.Output<string>;
  /** Replicas that run at all times. */
  readonly minimumReplicas: pulumi.Output<number>;
  /** Addresses from which replicas reach the Internet. Empty without `internetEgress`. */
  readonly egressAddresses: pulumi.Output<string[]>;
  /** Name of the Cloud Run service. */
  readonly serviceName: pulumi.Output<string>;
  /** Id of the load balancer's backend service. */
  readonly backendServiceId: pulumi.Output<string>;
  /** E-mail address of the service account that replicas run as. */
  readonly serviceAccountEmail: pulumi.Output<string>;

  /**
   * @param name - prefix of every child's name: lower-case letters, digits and hyphens.
   * @param args - what to build.
   * @param opts - the standard options.
   */
  constructor(name: string, args: GcpRegionArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`GcpRegion "${name}"`, [...nameIssues(name), ...gcpRegionIssues(args)]);
    super(GcpRegion.__pulumiType, name, {}, opts);
    const plan = planGcpRegion(name, args);
    const nodes = buildRegion(name, plan, args, { parent: this });
    allNodes.set(this, nodes);

    this.cloud = pulumi.output(Cloud.Gcp);
    this.region = pulumi.output(plan.region);
    this.originAddress = nodes.rule.ipAddress;
    this.image = pulumi.output(args.image);
    this.minimumReplicas = pulumi.output(plan.minimumReplicas);
    this.egressAddresses = nodes.network?.egressAddresses ?? pulumi.output(args.network?.egressAddresses ?? []);
    this.serviceName = nodes.service.name;
    this.backendServiceId = nodes.backend.id;
    this.serviceAccountEmail = nodes.account.email;
    this.registerOutputs({
      cloud: this.cloud,
      region: this.region,
      originAddress: this.originAddress,
      image: this.image,
      minimumReplicas: this.minimumReplicas,
      egressAddresses: this.egressAddresses,
      serviceName: this.serviceName,
      backendServiceId: this.backendServiceId,
      serviceAccountEmail: this.serviceAccountEmail,
    });
  }

  /** The resources inside, for settings that have no argument. */
  get nodes(): GcpRegionNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** Compute first, then the entry from the inside out, the forwarding rule last. */
function buildRegion(name: string, plan: GcpRegionPlan, args: GcpRegionArgs, child: Child): GcpRegionNodes {
  const network = args.network === undefined ? buildNetwork(name, plan, args, child) : undefined;
  const networkId = args.network?.networkId ?? network?.nodes.network.id ?? "";
  const subnetworkId = args.network?.egressSubnetworkId ?? network?.egressSubnetworkId ?? "";
  const dependsOn = network === undefined ? [] : [network];

  const account = buildAccount(name, plan, child);
  const secrets = buildSecrets(name, plan, args.secrets ?? {}, account, child);
  const service = buildService(plan, args, { account, secrets, networkId, subnetworkId, dependsOn }, child);

  const securityPolicy = buildSecurityPolicy(plan, args.hostname, child);
  const backend = buildBackend(plan, service, securityPolicy, child);
  const urlMap = buildUrlMap(plan, backend, child);
  const clientTrust = buildClientTrust(plan, args.originPullAuthorities ?? "", child);
  const proxy = buildProxy(plan, { urlMap, certificateId: args.certificateId, clientTrust }, child);
  const address = buildAddress(plan, child);
  const rule = buildRule(plan, { proxy, address, networkId, dependsOn }, child);

  const logs = buildLogs(plan, service, urlMap, child);
  const alarms = buildAlarms(name, plan, service, urlMap, child);
  return {
    network,
    account,
    secrets,
    service,
    securityPolicy,
    backend,
    urlMap,
    clientTrust,
    proxy,
    address,
    rule,
    logs,
    alarms,
  };
}

function buildNetwork(
  name: string,
  { project, region, internetEgress, deletionProtected, labels }: GcpRegionPlan,
  { cidrBlock, internetEgressPorts }: GcpRegionArgs,
  child: Child,
): GcpNetwork {
  return new GcpNetwork(
    `${name}-net`,
    {
      project,
      region,
      cidrBlock,
      internetEgress,
      deletionProtected,
      tags: labels,
      ...(internetEgressPorts === undefined ? {} : { internetEgressPorts }),
    },
    child,
  );
}

function buildAlarms(
  name: string,
  plan: GcpRegionPlan,
  service: gcp.cloudrunv2.Service,
  urlMap: gcp.compute.RegionUrlMap,
  child: Child,
): GcpAlarms {
  const { project, region, minimumReplicas, maximumReplicas, serverlessRequestsPerSecondMax } = plan;
  return new GcpAlarms(
    `${name}-alarms`,
    {
      project,
      region,
      serviceName: service.name,
      urlMapName: urlMap.name,
      minimumReplicas,
      maximumReplicas,
      serverlessRequestsPerSecondMax,
      alarmEmails: plan.alarmEmails,
      tags: plan.labels,
    },
    child,
  );
}
