// Proves the inputs of a Google region's network, with and without a way to the Internet. It does not prove that packets pass.
import { describe, expect, it } from "vitest";
import { GcpNetwork, GcpRegion, gcpNetworkIssues, type GcpNetworkArgs } from "../../../components/gcp";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record, value } from "../../support/mocks";
import { skipped } from "../../support/skip";
import { computed, regionArgs } from "./region-fixture";

const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";

function args(changes: Partial<GcpNetworkArgs> = {}): GcpNetworkArgs {
  return { project: "twodoor-central", region: "us-central1", cidrBlock: "10.32.0.0/20", ...changes };
}

describe("a network", () => {
  it("has a proxy-only subnet with nothing that Google refuses there, and a private one for egress", async () => {
    const recording = await record(() => new GcpNetwork("central", args()), { preview: false, computed });
    expect(recording.one("gcp:compute/network:Network").inputs).toEqual({
      project: "twodoor-central",
      autoCreateSubnetworks: false,
      routingMode: "REGIONAL",
    });
    expect(recording.one(SUBNETWORK, "central-proxy").inputs).toEqual({
      project: "twodoor-central",
      region: "us-central1",
      network: "central-network-id",
      ipCidrRange: "10.32.0.0/23",
      purpose: "REGIONAL_MANAGED_PROXY",
      role: "ACTIVE",
    });
    expect(recording.one(SUBNETWORK, "central-egress").inputs).toEqual({
      project: "twodoor-central",
      region: "us-central1",
      network: "central-network-id",
      ipCidrRange: "10.32.8.0/21",
      privateIpGoogleAccess: true,
      logConfig: { aggregationInterval: "INTERVAL_10_MIN", flowSampling: 0.1, metadata: "INCLUDE_ALL_METADATA" },
    });
    expect(recording.counts()["gcp:compute/routerNat:RouterNat"]).toBeUndefined();
  });

  it.each([
    { given: {}, ports: ["443"] },
    { given: { internetEgressPorts: [4222] }, ports: ["443"] },
    { given: { internetEgress: true, internetEgressPorts: [4222, 443] }, ports: ["443", "4222"] },
  ])("lets out TCP $ports alone, given $given", async ({ given, ports }) => {
    const recording = await record(() => new GcpNetwork("central", args(given)), { preview: false, computed });
    const rules = recording.all("gcp:compute/firewall:Firewall").map(({ inputs }) => inputs);
    const shared = { project: "twodoor-central", network: "central-network-id", direction: "EGRESS" };
    expect(rules).toEqual([
      { ...shared, destinationRanges: ["0.0.0.0/0"], priority: 1000, allows: [{ protocol: "tcp", ports }] },
      { ...shared, destinationRanges: ["0.0.0.0/0"], priority: 65534, denies: [{ protocol: "all" }] },
    ]);
  });

  it("opens what is allowed before it closes the rest, and closes last when both go", async () => {
    const recording = await record(() => new GcpNetwork("central", args()), { preview: false, computed });
    const allowed = recording.one("gcp:compute/firewall:Firewall", "central-allow-egress");
    expect(recording.one("gcp:compute/firewall:Firewall", "central-deny-egress").dependencies).toContain(allowed.urn);
  });

  it("rejects more ports than it takes", () => {
    const internetEgressPorts = Array.from({ length: 21 }, (_, index) => index + 1);
    expect(gcpNetworkIssues(args({ internetEgressPorts })).map(({ path, expected }) => [path, expected])).toEqual([
      ["internetEgressPorts", "from 1 to 20 ports"],
    ]);
  });

  it("reaches the Internet from two reserved addresses alone, and only when asked", async () => {
    const recording = await record(
      async () => value(new GcpNetwork("central", args({ internetEgress: true })).egressAddresses),
      { preview: false, computed },
    );
    expect(recording.result).toEqual(["198.51.100.19", "198.51.100.21"]);
    expect(recording.one("gcp:compute/routerNat:RouterNat").inputs).toEqual({
      project: "twodoor-central",
      region: "us-central1",
      router: "central-router-1a2b3c4",
      natIpAllocateOption: "MANUAL_ONLY",
      natIps: [
        "https://www.googleapis.com/compute/v1/central-nat-primary-1a2b3c4",
        "https://www.googleapis.com/compute/v1/central-nat-secondary-1a2b3c4",
      ],
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: [{ name: "central-egress-id", sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
      logConfig: { enable: true, filter: "ERRORS_ONLY" },
    });
  });

  it("makes a rule in it wait for the proxy-only subnet, which the rule cannot name", async () => {
    const recording = await record(
      () => {
        const { networkId } = new GcpNetwork("shared", args());
        new GcpRegion("api", regionArgs({ network: { networkId, egressSubnetworkId: "egress" } }));
      },
      { preview: false, computed },
    );
    const rule = recording.one("gcp:compute/forwardingRule:ForwardingRule");
    expect(rule.inputs.network).toBe("shared-network-id");
    expect(rule.dependencies).toContain(recording.one(SUBNETWORK, "shared-proxy").urn);
  });

  it("registers what it tells", async () => {
    const recording = await record(() => new GcpNetwork("central", args()));
    expect(Object.keys(recording.one("twodoor:index:GcpNetwork").outputs).sort()).toEqual([
      "egressAddresses",
      "egressSubnetworkId",
      "networkId",
      "proxySubnetworkId",
    ]);
  });
});

describe("refusals", () => {
  it.each([
    [{ project: "p" }, "project"],
    [{ region: "us-east-2" }, "region"],
    [{ cidrBlock: "10.0.0.0/24" }, "cidrBlock"],
    [{ tags: { "a.b": "c" } }, "tags.a.b"],
  ] as [Partial<GcpNetworkArgs>, string][])("rejects %j", (changes, path) => {
    expect(gcpNetworkIssues(args(changes)).map((issue) => issue.path)).toEqual([path]);
  });
});

describe.skipIf(skipped(contractsMissing()))("the vendors' contracts", () => {
  it("find nothing", async () => {
    const recording = await record(() => new GcpNetwork("central", args({ internetEgress: true })));
    expect(contractFindings(graphOf(recording))).toEqual([]);
  });
});
