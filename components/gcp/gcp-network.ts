import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { tagIssues } from "../checks";
import { protectedIf, type Child } from "../child";
import { refuse } from "../errors";
import { egressPortIssues } from "../region-checks";
import type { Issue } from "../sizing/issues";
import { boundedName } from "../sizing/names";
import { nameIssues, projectIssues, regionIssues } from "./checks";
import { blockIssues, planSubnets } from "./network-plan";

/** Longest logical name that leaves room for the eight characters of auto-naming within Google's 63. */
const NAME_LENGTH_MAX = 55;
/** Addresses of the NAT gateway. Two, so that one can be exchanged while the other is already on every allow list. */
const NAT_ADDRESS_KEYS = ["primary", "secondary"] as const;

/** A network that is already there, for a region to use instead of making one. */
export interface GcpNetworkReference {
  /** Id of the VPC network: `projects/PROJECT/global/networks/NAME`. It must hold an active proxy-only subnet in the region. Changing this replaces the region's entry. */
  networkId: pulumi.Input<string>;
  /** Id of the subnet for egress, /26 or larger, with Private Google Access. Changing this makes a new revision. */
  egressSubnetworkId: pulumi.Input<string>;
  /** Addresses from which its NAT gateway reaches the Internet. Defaults to none. @default - none */
  egressAddresses?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Arguments of `GcpNetwork`. */
export interface GcpNetworkArgs {
  /** Project id. Changing this replaces everything. */
  project: string;
  /** Google's name of the region: `us-central1`. Changing this replaces the subnets. */
  region: string;
  /** Address range as CIDR, from /16 to /20: the first /23 goes to the load balancer's proxies, the upper half to egress. It cannot be changed while a load balancer stands in the network: Google takes one active proxy-only subnet of a network and region. */
  cidrBlock: string;
  /** Makes a NAT gateway with two reserved addresses. Defaults to false: only Google's own APIs can be reached. @default false */
  internetEgress?: boolean;
  /** TCP ports that may be called on the Internet, at most 20. Of no effect without `internetEgress`. Defaults to 443 alone. @default [443] */
  internetEgressPorts?: number[];
  /** Whether Pulumi refuses to delete the network and its addresses. Defaults to true. @default true */
  deletionProtected?: boolean;
  /** Labels for everything that can carry them. Defaults to none. @default - none */
  tags?: Record<string, string>;
}

/** The resources that a `GcpNetwork` is made of. */
export interface GcpNetworkNodes {
  /** The VPC network, without automatic subnets. */
  network: gcp.compute.Network;
  /** Where the load balancer's proxies get their addresses. A forwarding rule has to depend on it by hand. */
  proxySubnetwork: gcp.compute.Subnetwork;
  /** Where replicas get their addresses. */
  egressSubnetwork: gcp.compute.Subnetwork;
  /** What replicas may call: Google's APIs and the ports of `internetEgressPorts`. */
  allowedEgress: gcp.compute.Firewall;
  /** Everything else, refused. */
  deniedEgress: gcp.compute.Firewall;
  /** Carrier of the NAT gateway. Nothing without `internetEgress`. */
  router: gcp.compute.Router | undefined;
  /** The NAT gateway. Nothing without `internetEgress`. */
  nat: gcp.compute.RouterNat | undefined;
  /** Its reserved addresses by key, `primary` and `secondary`. Empty without `internetEgress`. */
  natAddresses: Record<string, gcp.compute.Address>;
}

const allNodes = new WeakMap<GcpNetwork, GcpNetworkNodes>();

/**
 * The private network of one Google region: a proxy-only subnet for its load balancer and a subnet for egress.
 *
 * Makes a VPC network, two subnets and, with `internetEgress`, a router, two reserved addresses and a NAT gateway, which is regional and
 * does not stand in one zone. Network and subnets cost nothing; the gateway and its addresses are billed by the hour and by traffic.
 * Two firewall rules close the way out but for the named ports; the way in needs none, since a load balancer reaches Cloud Run without
 * passing the network.
 *
 * Cloud Run holds addresses of the egress subnet for one to two hours after its last instance, and Google refuses to delete
 * the subnet until then. An `up` that removes the network ends with that refusal; run it again two hours later.
 */
export class GcpNetwork extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:GcpNetwork";

  /** Id of the VPC network. Whoever uses it depends on the proxy-only subnet too. */
  readonly networkId: pulumi.Output<string>;
  /** Id of the subnet for egress. */
  readonly egressSubnetworkId: pulumi.Output<string>;
  /** Id of the proxy-only subnet. */
  readonly proxySubnetworkId: pulumi.Output<string>;
  /** Addresses from which the network reaches the Internet. Empty without `internetEgress`. */
  readonly egressAddresses: pulumi.Output<string[]>;

  /**
   * @param name - prefix of every child's name.
   * @param args - what to build.
   * @param opts - the standard options.
   */
  constructor(name: string, args: GcpNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`GcpNetwork "${name}"`, [...nameIssues(name), ...gcpNetworkIssues(args)]);
    super(GcpNetwork.__pulumiType, name, {}, opts);
    const child = { parent: this };

    const network = buildNetwork(name, args, child);
    const proxySubnetwork = buildProxySubnetwork(name, args, network, child);
    const egressSubnetwork = buildEgressSubnetwork(name, args, network, child);
    const firewalls = buildEgressRules(name, args, network, child);
    const egress = args.internetEgress === true ? buildNat(name, args, network, egressSubnetwork, child) : undefined;
    const natAddresses = egress?.natAddresses ?? {};
    allNodes.set(this, {
      network,
      proxySubnetwork,
      egressSubnetwork,
      ...firewalls,
      router: egress?.router,
      nat: egress?.nat,
      natAddresses,
    });

    // A load balancer's rule needs the proxy-only subnet and names only the network: through its id the rule waits for both.
    this.networkId = pulumi.all([network.id, proxySubnetwork.id]).apply(([id]) => id);
    this.egressSubnetworkId = egressSubnetwork.id;
    this.proxySubnetworkId = proxySubnetwork.id;
    this.egressAddresses = pulumi.all(Object.values(natAddresses).map((address) => address.address));
    this.registerOutputs({
      networkId: this.networkId,
      egressSubnetworkId: this.egressSubnetworkId,
      proxySubnetworkId: this.proxySubnetworkId,
      egressAddresses: this.egressAddresses,
    });
  }

  /** The resources inside, for settings that have no argument. */
  get nodes(): GcpNetworkNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** Every problem of the arguments of a `GcpNetwork`. */
export function gcpNetworkIssues(args: GcpNetworkArgs): Issue[] {
  return [
    ...projectIssues("project", args.project),
    ...regionIssues("region", args.region),
    ...blockIssues("cidrBlock", args.cidrBlock),
    ...egressPortIssues(args.internetEgressPorts ?? [443]),
    ...tagIssues("tags", args.tags ?? {}),
  ];
}

function buildNetwork(name: string, args: GcpNetworkArgs, child: Child): gcp.compute.Network {
  return new gcp.compute.Network(
    boundedName(name, "network", NAME_LENGTH_MAX),
    { project: args.project, autoCreateSubnetworks: false, routingMode: "REGIONAL" },
    { ...child, ...protectedIf(args.deletionProtected ?? true) },
  );
}

function buildProxySubnetwork(
  name: string,
  { project, region, cidrBlock }: GcpNetworkArgs,
  network: gcp.compute.Network,
  child: Child,
): gcp.compute.Subnetwork {
  return new gcp.compute.Subnetwork(
    boundedName(name, "proxy", NAME_LENGTH_MAX),
    {
      project,
      region,
      network: network.id,
      ipCidrRange: planSubnets(cidrBlock).proxy,
      // No flow logs and no Private Google Access: Google refuses both on a proxy-only subnet
      // (terraform-google-modules/terraform-google-network issue 371).
      purpose: "REGIONAL_MANAGED_PROXY",
      role: "ACTIVE",
    },
    child,
  );
}

function buildEgressSubnetwork(
  name: string,
  { project, region, cidrBlock }: GcpNetworkArgs,
  network: gcp.compute.Network,
  child: Child,
): gcp.compute.Subnetwork {
  return new gcp.compute.Subnetwork(
    boundedName(name, "egress", NAME_LENGTH_MAX),
    {
      project,
      region,
      network: network.id,
      ipCidrRange: planSubnets(cidrBlock).egress,
      // Replicas have no public address and send everything through here, Google's own APIs included.
      privateIpGoogleAccess: true,
      logConfig: {
        aggregationInterval: "INTERVAL_10_MIN",
        flowSampling: 0.1,
        metadata: "INCLUDE_ALL_METADATA",
      },
    },
    child,
  );
}

/**
 * VPC firewall rules apply to what Cloud Run sends through its subnet (docs.cloud.google.com/run/docs/configuring/vpc-direct-vpc); the metadata
 * server, which answers DNS too, is always reachable. Private Google Access is TCP 443, so that port is open with and without a NAT gateway.
 */
function buildEgressRules(
  name: string,
  { project, internetEgress, internetEgressPorts }: GcpNetworkArgs,
  network: gcp.compute.Network,
  child: Child,
): Pick<GcpNetworkNodes, "allowedEgress" | "deniedEgress"> {
  const ports = [...new Set([443, ...(internetEgress === true ? (internetEgressPorts ?? []) : [])])].sort(
    (a, b) => a - b,
  );
  const shared = { project, network: network.id, direction: "EGRESS", destinationRanges: ["0.0.0.0/0"] };
  const allowedEgress = new gcp.compute.Firewall(
    boundedName(name, "allow-egress", NAME_LENGTH_MAX),
    { ...shared, priority: 1000, allows: [{ protocol: "tcp", ports: ports.map(String) }] },
    child,
  );
  const deniedEgress = new gcp.compute.Firewall(
    boundedName(name, "deny-egress", NAME_LENGTH_MAX),
    { ...shared, priority: 65534, denies: [{ protocol: "all" }] },
    // Nothing is closed before what must stay open is open: replicas may be running already.
    { ...child, dependsOn: [allowedEgress] },
  );
  return { allowedEgress, deniedEgress };
}

function buildNat(
  name: string,
  args: GcpNetworkArgs,
  network: gcp.compute.Network,
  subnetwork: gcp.compute.Subnetwork,
  child: Child,
): { router: gcp.compute.Router; nat: gcp.compute.RouterNat; natAddresses: Record<string, gcp.compute.Address> } {
  const { project, region } = args;
  const natAddresses = Object.fromEntries(
    NAT_ADDRESS_KEYS.map((key) => [
      key,
      new gcp.compute.Address(
        boundedName(name, `nat-${key}`, NAME_LENGTH_MAX),
        { project, region, addressType: "EXTERNAL", networkTier: "PREMIUM", labels: args.tags ?? {} },
        { ...child, ...protectedIf(args.deletionProtected ?? true) },
      ),
    ]),
  );
  const router = new gcp.compute.Router(
    boundedName(name, "router", NAME_LENGTH_MAX),
    { project, region, network: network.id },
    child,
  );
  const nat = new gcp.compute.RouterNat(
    boundedName(name, "nat", NAME_LENGTH_MAX),
    {
      project,
      region,
      router: router.name,
      natIpAllocateOption: "MANUAL_ONLY",
      natIps: Object.values(natAddresses).map((address) => address.selfLink),
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: [{ name: subnetwork.id, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
      logConfig: { enable: true, filter: "ERRORS_ONLY" },
    },
    child,
  );
  return { router, nat, natAddresses };
}
