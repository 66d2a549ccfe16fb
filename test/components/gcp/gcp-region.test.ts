// Proves which resources a Google region is made of, what its service, secrets, logs and protection are, what each change touches, and
// that the vendors' contracts find nothing. It does not prove that Google accepts them together: no account is involved.
import { describe, expect, it } from "vitest";
import { GcpRegion, type GcpRegionArgs } from "../../../components/gcp";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record, value, type Recorded, type Recording } from "../../support/mocks";
import { skipped } from "../../support/skip";
import { at, computed, IMAGE, PEM, regionArgs } from "./region-fixture";

const NAME = "exchange-us-central1";
const SERVICE = "gcp:cloudrunv2/service:Service";
const RULE = "gcp:compute/forwardingRule:ForwardingRule";

async function plan(changes: Partial<GcpRegionArgs> = {}): Promise<Recording<GcpRegion>> {
  return record(() => new GcpRegion(NAME, regionArgs(changes)));
}

async function up(changes: Partial<GcpRegionArgs> = {}): Promise<Recording<GcpRegion>> {
  return record(() => new GcpRegion(NAME, regionArgs(changes)), { preview: false, computed });
}

/** Every resource with everything on. */
const FULL: Partial<GcpRegionArgs> = {
  secrets: { JOURNAL_CREDENTIALS: "s3cret-of-the-journal", API_KEY: "s3cret-of-the-api" },
  environment: { LOG_LEVEL: "info" },
  internetEgress: true,
  originPullMode: "enforce",
  originPullAuthorities: PEM + PEM,
  alarmEmails: ["ops@example.com"],
  tags: { team: "exchange" },
};

describe("what a region is made of", () => {
  it("makes exactly these resources with only what has no default", async () => {
    const recording = await plan();
    expect(recording.counts()).toEqual({
      "gcp:cloudrunv2/service:Service": 1,
      "gcp:compute/address:Address": 1,
      "gcp:compute/firewall:Firewall": 2,
      "gcp:compute/forwardingRule:ForwardingRule": 1,
      "gcp:compute/network:Network": 1,
      "gcp:compute/regionBackendService:RegionBackendService": 1,
      "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup": 1,
      "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy": 1,
      "gcp:compute/regionSslPolicy:RegionSslPolicy": 1,
      "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy": 1,
      "gcp:compute/regionUrlMap:RegionUrlMap": 1,
      "gcp:compute/subnetwork:Subnetwork": 2,
      "gcp:logging/projectBucketConfig:ProjectBucketConfig": 1,
      "gcp:logging/projectExclusion:ProjectExclusion": 1,
      "gcp:logging/projectSink:ProjectSink": 1,
      "gcp:monitoring/alertPolicy:AlertPolicy": 5,
      "gcp:serviceaccount/account:Account": 1,
      "twodoor:index:GcpAlarms": 1,
      "twodoor:index:GcpNetwork": 1,
      "twodoor:index:GcpRegion": 1,
    });
  });

  it("adds exactly these with everything on", async () => {
    const [bare, full] = [(await plan()).counts(), (await plan(FULL)).counts()];
    const added = Object.fromEntries(
      Object.entries(full)
        .map(([type, count]): [string, number] => [type, count - (bare[type] ?? 0)])
        .filter(([, count]) => count > 0),
    );
    expect(added).toEqual({
      "gcp:certificatemanager/trustConfig:TrustConfig": 1,
      "gcp:compute/address:Address": 2,
      "gcp:compute/router:Router": 1,
      "gcp:compute/routerNat:RouterNat": 1,
      "gcp:monitoring/notificationChannel:NotificationChannel": 1,
      "gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy": 1,
      "gcp:secretmanager/secret:Secret": 2,
      "gcp:secretmanager/secretIamMember:SecretIamMember": 2,
      "gcp:secretmanager/secretVersion:SecretVersion": 2,
    });
  });

  it("makes no network where one is brought", async () => {
    const network = {
      networkId: "projects/p/global/networks/shared",
      egressSubnetworkId: "projects/p/regions/us-central1/subnetworks/egress",
      egressAddresses: ["192.0.2.8"],
    };
    const recording = await up({ network });
    expect(recording.all("gcp:compute/network:Network")).toEqual([]);
    expect(recording.all("gcp:compute/subnetwork:Subnetwork")).toEqual([]);
    expect(recording.one(RULE).inputs.network).toBe(network.networkId);
    expect(at(recording.one(SERVICE).inputs, "template.vpcAccess")).toEqual({
      egress: "ALL_TRAFFIC",
      networkInterfaces: [{ network: network.networkId, subnetwork: network.egressSubnetworkId }],
    });
  });

  it("gives every resource a parent, its project and its place", async () => {
    const children = (await plan(FULL)).resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    const orphans = children.filter(({ parent }) => parent === "" || parent.includes("pulumi:pulumi:Stack"));
    expect(orphans.map(({ name }) => name)).toEqual([]);
    const projectless = children.filter(({ inputs }) => inputs.project !== "twodoor-central");
    // A secret's version belongs to the project that its secret names.
    expect(projectless.map(({ name }) => name)).toEqual([
      `${NAME}-secret-API_KEY-version`,
      `${NAME}-secret-JOURNAL_CREDENTIALS-version`,
    ]);
    const places = new Set(children.flatMap(({ inputs }): unknown[] => [inputs.region, inputs.location]));
    expect([...places].filter((place) => place !== undefined)).toEqual(["us-central1"]);
  });

  it("leaves physical names to auto-naming, within Google's lengths", async () => {
    const long = "exchange-of-a-company-with-a-very-long-name-in-us-central1";
    const recording = await record(() => new GcpRegion(long, regionArgs(FULL)));
    const named = recording.resources.filter(({ inputs }) => inputs.name !== undefined);
    expect(named).toEqual([]);
    expect(recording.one(SERVICE).name.length).toBeLessThanOrEqual(41);
    expect(recording.one("gcp:serviceaccount/account:Account").inputs.accountId).toBe("exchange-of-a-company-aead-run");
    const tooLong = recording.resources.filter(({ type, name }) => type.startsWith("gcp:compute/") && name.length > 55);
    expect(tooLong.map(({ name }) => name)).toEqual([]);
  });
});

describe("the service", () => {
  async function service(changes: Partial<GcpRegionArgs> = {}): Promise<Recorded> {
    return (await up(changes)).one(SERVICE);
  }

  it("can be reached through the load balancer alone", async () => {
    const { inputs } = await service();
    expect(inputs.ingress).toBe("INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER");
    expect(inputs.defaultUriDisabled).toBe(true);
    expect(inputs.invokerIamDisabled).toBe(true);
  });

  it("keeps its floor running with CPU at all times, and knows its ceiling on both levels", async () => {
    const { inputs } = await service();
    expect(inputs.scaling).toEqual({ minInstanceCount: 4, maxInstanceCount: 12 });
    expect(at(inputs, "template.scaling")).toEqual({ maxInstanceCount: 12 });
    expect(at(inputs, "template.containers.0.resources")).toEqual({
      limits: { cpu: "1", memory: "2048Mi" },
      cpuIdle: false,
      startupCpuBoost: true,
    });
  });

  it("lets streams live for an hour, runs as its own account and starts when ready", async () => {
    const { inputs } = await service();
    expect(at(inputs, "template.timeout")).toBe("3600s");
    expect(at(inputs, "template.maxInstanceRequestConcurrency")).toBe(1000);
    expect(at(inputs, "template.executionEnvironment")).toBe("EXECUTION_ENVIRONMENT_GEN2");
    expect(at(inputs, "template.serviceAccount")).toBe(
      "exchange-us-central1-test-run@twodoor-central.iam.gserviceaccount.com",
    );
    expect(at(inputs, "template.containers.0.image")).toBe(IMAGE);
    expect(at(inputs, "template.containers.0.ports")).toEqual({ containerPort: 8080, name: "http1" });
    expect(at(inputs, "template.containers.0.startupProbe")).toEqual({
      httpGet: { path: "/healthz/ready" },
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 48,
    });
    expect(at(inputs, "template.containers.0.livenessProbe")).toEqual({
      httpGet: { path: "/healthz/live" },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
  });

  it("reads secrets by number and sets neither PORT nor a revision's name", async () => {
    const { inputs } = await service(FULL);
    expect(at(inputs, "template.containers.0.envs")).toEqual([
      { name: "API_KEY", valueSource: { secretKeyRef: { secret: `test-${NAME}-API_KEY`, version: "7" } } },
      { name: "CLOUD", value: "gcp" },
      {
        name: "JOURNAL_CREDENTIALS",
        valueSource: { secretKeyRef: { secret: `test-${NAME}-JOURNAL_CREDENTIALS`, version: "7" } },
      },
      { name: "LOG_LEVEL", value: "info" },
      { name: "REGION", value: "us-central1" },
    ]);
    expect(at(inputs, "template.revision")).toBeUndefined();
  });

  it("sends everything through the private subnet", async () => {
    const { inputs } = await service();
    expect(at(inputs, "template.vpcAccess")).toEqual({
      egress: "ALL_TRAFFIC",
      networkInterfaces: [{ network: `${NAME}-net-network-id`, subnetwork: `${NAME}-net-egress-id` }],
    });
  });

  it("takes an image of another registry when told so", async () => {
    const elsewhere = `docker.io/library/exchange@sha256:${"b".repeat(64)}`;
    const recording = await up({ image: elsewhere, externalImage: true });
    expect(at(recording.one(SERVICE).inputs, "template.containers.0.image")).toBe(elsewhere);
  });
});

describe("secrets", () => {
  it("stay in the region, readable by the service's account alone, and before the service", async () => {
    const recording = await up(FULL);
    const secret = recording.one("gcp:secretmanager/secret:Secret", `${NAME}-secret-API_KEY`);
    expect(secret.inputs.replication).toEqual({ userManaged: { replicas: [{ location: "us-central1" }] } });
    expect(secret.deleteBeforeReplace).toBe(true);
    const readers = recording.all("gcp:secretmanager/secretIamMember:SecretIamMember");
    expect(readers.map(({ inputs }): unknown[] => [inputs.role, inputs.secretId])).toEqual([
      ["roles/secretmanager.secretAccessor", `test-${NAME}-API_KEY`],
      ["roles/secretmanager.secretAccessor", `test-${NAME}-JOURNAL_CREDENTIALS`],
    ]);
    const service = recording.one(SERVICE);
    expect(readers.filter(({ urn }) => !service.dependencies.includes(urn))).toEqual([]);
  });

  it("leave the former version readable when a value changes", async () => {
    const versions = (await plan(FULL)).all("gcp:secretmanager/secretVersion:SecretVersion");
    expect(versions.map(({ inputs }): unknown => inputs.deletionPolicy)).toEqual(["ABANDON", "ABANDON"]);
  });

  it("are in no input that is not marked secret, and in no output", async () => {
    const recording = await plan(FULL);
    const open = recording.resources.filter(
      ({ wire, outputs, secretInputs }) =>
        JSON.stringify(outputs).includes("s3cret") ||
        Object.keys(wire).some((key) => JSON.stringify(wire[key]).includes("s3cret") && !secretInputs.includes(key)),
    );
    expect(open.map(({ name }) => name)).toEqual([]);
    const holders = recording.resources.filter(({ wire }) => JSON.stringify(wire).includes("s3cret"));
    expect(holders.map(({ type }) => type)).toEqual([
      "gcp:secretmanager/secretVersion:SecretVersion",
      "gcp:secretmanager/secretVersion:SecretVersion",
    ]);
  });
});

describe("logs", () => {
  const OURS = `(resource.type="cloud_run_revision" AND resource.labels.service_name="${NAME}-api-1a2b3c4") OR (resource.type="http_external_regional_lb_rule" AND resource.labels.url_map_name="${NAME}-routes-1a2b3c4")`;

  it("of service and load balancer are kept in the region, and out of the default bucket once they are", async () => {
    const recording = await up({ logRetentionDays: 365 });
    expect(recording.one("gcp:logging/projectBucketConfig:ProjectBucketConfig").inputs.retentionDays).toBe(365);
    const sink = recording.one("gcp:logging/projectSink:ProjectSink");
    expect([sink.inputs.destination, sink.inputs.filter]).toEqual([`logging.googleapis.com/${NAME}-logs-id`, OURS]);
    const exclusion = recording.one("gcp:logging/projectExclusion:ProjectExclusion");
    expect(exclusion.inputs.filter).toBe(OURS);
    expect(exclusion.dependencies).toContain(sink.urn);
  });

  it.each([
    [0, ["httpRequest.status<500"]],
    [0.05, ["httpRequest.status<500 AND NOT sample(insertId, 0.05)"]],
    [1, []],
  ])("at a rate of %f leave out of requests that did not fail: %j", async (requestLogSampleRate, filters) => {
    const { exclusions } = (await up({ requestLogSampleRate })).one("gcp:logging/projectSink:ProjectSink").inputs;
    expect(Object.values(exclusions as object).map((exclusion) => at(exclusion, "filter"))).toEqual(filters);
  });
});

describe("protection", () => {
  it("is on for everything that clients and data depend on", async () => {
    const recording = await plan(FULL);
    const guarded = recording.resources.filter(({ protect }) => protect).map(({ name }) => name);
    expect(guarded.sort()).toEqual([
      `${NAME}-api`,
      `${NAME}-entry`,
      `${NAME}-https`,
      `${NAME}-net-nat-primary`,
      `${NAME}-net-nat-secondary`,
      `${NAME}-net-network`,
      `${NAME}-secret-API_KEY`,
      `${NAME}-secret-JOURNAL_CREDENTIALS`,
    ]);
    expect(recording.one(SERVICE).inputs.deletionProtection).toBe(true);
  });

  it("goes away whole with deletionProtected: false, and nothing else changes", async () => {
    const [on, off] = [await plan(FULL), await plan({ ...FULL, deletionProtected: false })];
    expect(off.resources.filter(({ protect }) => protect)).toEqual([]);
    const changed = off.resources.filter(
      ({ urn, wire }) => JSON.stringify(wire) !== JSON.stringify(on.resources.find((other) => other.urn === urn)?.wire),
    );
    expect(changed.map(({ name }) => name)).toEqual([`${NAME}-api`]);
    expect(off.one(SERVICE).inputs.deletionProtection).toBe(false);
  });

  it("follows the component's own protect option when deletionProtected is off", async () => {
    const recording = await record(
      () => new GcpRegion(NAME, regionArgs({ deletionProtected: false }), { protect: true }),
    );
    const children = recording.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    expect(children.filter(({ protect }) => !protect)).toEqual([]);
  });

  it("keeps the logs when the region goes", async () => {
    const bucket = (await plan()).one("gcp:logging/projectBucketConfig:ProjectBucketConfig");
    expect(bucket.retainOnDelete).toBe(true);
    expect(bucket.inputs).toEqual({
      project: "twodoor-central",
      location: "us-central1",
      bucketId: `test-${NAME}-logs`,
      retentionDays: 90,
    });
  });
});

describe("change", () => {
  /** Names of resources whose inputs differ, and those that only one of both has. */
  async function changed(changes: Partial<GcpRegionArgs>): Promise<string[]> {
    const [before, after] = [await up(FULL), await up({ ...FULL, ...changes })];
    const wireOf = (recording: Recording<unknown>) =>
      new Map(recording.resources.map(({ urn, wire }) => [urn, JSON.stringify(wire)]));
    const [old, now] = [wireOf(before), wireOf(after)];
    return [...new Set([...old.keys(), ...now.keys()])]
      .filter((urn) => old.get(urn) !== now.get(urn))
      .map((urn) => urn.split("::").at(-1) ?? "")
      .sort();
  }

  it("of the image touches the service alone", async () => {
    const image = IMAGE.replace(/a{64}$/, "c".repeat(64));
    expect(await changed({ image })).toEqual([`${NAME}-api`]);
  });

  it("of the floor touches the service and its alarm alone", async () => {
    expect(await changed({ minimumReplicas: 6 })).toEqual([`${NAME}-alarms-below-floor`, `${NAME}-api`]);
  });

  it("of the ceiling moves no subnet", async () => {
    expect(await changed({ maximumReplicas: 200 })).toEqual([`${NAME}-alarms-near-ceiling`, `${NAME}-api`]);
  });

  it("of a secret's value touches its version alone, from which the service takes the number", async () => {
    const secrets = { ...FULL.secrets, API_KEY: "s3cret-of-the-api-2" };
    expect(await changed({ secrets })).toEqual([`${NAME}-secret-API_KEY-version`]);
  });

  it("from accept to enforce touches the policy alone", async () => {
    expect(await changed({ originPullMode: "accept" })).toEqual([`${NAME}-clients`]);
  });
});

describe("outputs", () => {
  it("are those of every region and a few of Google's, all registered", async () => {
    const outputs = await record(
      async () => {
        const region = new GcpRegion(NAME, regionArgs({ internetEgress: true }));
        return {
          cloud: await value(region.cloud),
          region: await value(region.region),
          originAddress: await value(region.originAddress),
          image: await value(region.image),
          minimumReplicas: await value(region.minimumReplicas),
          egressAddresses: await value(region.egressAddresses),
          serviceName: await value(region.serviceName),
          backendServiceId: await value(region.backendServiceId),
        };
      },
      { preview: false, computed },
    );
    expect(outputs.result).toEqual({
      cloud: "gcp",
      region: "us-central1",
      originAddress: "203.0.113.7",
      image: IMAGE,
      minimumReplicas: 4,
      egressAddresses: ["198.51.100.36", "198.51.100.38"],
      serviceName: `${NAME}-api-1a2b3c4`,
      backendServiceId: `${NAME}-backend-id`,
    });
    expect(Object.keys(outputs.one("twodoor:index:GcpRegion").outputs).sort()).toEqual([
      "backendServiceId",
      "cloud",
      "egressAddresses",
      "image",
      "minimumReplicas",
      "originAddress",
      "region",
      "serviceAccountEmail",
      "serviceName",
    ]);
  });

  it("has no addresses without internetEgress, and those of a network that was brought", async () => {
    const network = { networkId: "n", egressSubnetworkId: "s", egressAddresses: ["192.0.2.8"] };
    const { result } = await record(
      async () => [
        await value(new GcpRegion("closed", regionArgs()).egressAddresses),
        await value(new GcpRegion("brought", regionArgs({ network })).egressAddresses),
      ],
      { preview: false, computed },
    );
    expect(result).toEqual([[], ["192.0.2.8"]]);
  });
});

describe.skipIf(skipped(contractsMissing()))("the vendors' contracts", () => {
  it.each([
    ["only what has no default", {}],
    ["everything on", FULL],
    ["origin pulls accepted", { originPullMode: "accept" as const, originPullAuthorities: PEM }],
  ])("find nothing in a region with %s", async (_, changes) => {
    expect(contractFindings(graphOf(await plan(changes)))).toEqual([]);
  });

  it("would find a planted mistake", async () => {
    const graph = graphOf(await plan());
    const broken = JSON.parse(JSON.stringify(graph).replaceAll("EXTERNAL_MANAGED", "EXTERNAL_MANAGEDD")) as object;
    expect(contractFindings(broken).length).toBe(2);
  });
});
