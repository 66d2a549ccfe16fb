/**
 * Proves what TOP-05 says of what may serve and cannot be seen in a design. Does not prove that nothing else serves unseen: the kinds that are
 * not understood are named in every report.
 */
import { describe, expect, it } from "vitest";
import { top05 } from "../../../policies/rules/top-05-survival";
import type { Graph } from "../../../resilience/graph";
import {
  designFrom,
  goodDesign,
  later,
  resource,
  type Draft,
  type DraftGraph,
  type Literal,
} from "../../support/designs";
import { toldBy } from "../../support/judged";

const good = goodDesign();
const bucketAlone = designFrom([resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2" })]);

describe("what is not seen, to TOP-05,", () => {
  const beside = (graph: DraftGraph, literal: Literal, isRemote = false): Graph => {
    const more = designFrom([literal]).resources.filter(({ name }) => name === literal.name);
    const added = more.map((one) => (isRemote ? { ...one, provider: null, isRemote: true as const } : one));
    return { ...graph, resources: [...graph.resources, ...added] };
  };
  const alone = (type: string, inputs: Record<string, Draft> = {}) =>
    toldBy(top05, beside(bucketAlone, resource(type, "api", inputs)));
  const made =
    "undecided api: what api (awsx:ecs:FargateService) makes is not in this plan, so nobody can say whether it serves and which outage stops it; fix: judge `pulumi preview --json` or the stack's state, which hold what such components make";

  it("is what a plugin makes, alone and beside what serves", () => {
    const remote = resource("awsx:ecs:FargateService", "api");
    expect(toldBy(top05, beside(bucketAlone, remote, true))).toEqual([made]);
    expect(toldBy(top05, beside(good, remote, true))).toEqual([made]);
  });

  it.each<[string, Record<string, Draft>, boolean]>([
    ["a worker", { taskDefinitionArgs: { container: { image: "worker" } } }, false],
    [
      "workers",
      { taskDefinitionArgs: { containers: { a: { image: "a" }, b: { image: "b", portMappings: null } } } },
      false,
    ],
    ["a port", { taskDefinitionArgs: { container: { portMappings: [{ targetGroup: later }] } } }, true],
    ["a port of the second", { taskDefinitionArgs: { containers: { a: {}, b: { portMappings: [{}] } } } }, true],
    ["a container not known", { taskDefinitionArgs: { container: later } }, true],
    ["containers not known", { taskDefinitionArgs: { containers: later } }, true],
    ["a task not known", { taskDefinitionArgs: later }, true],
    ["a task made elsewhere", { taskDefinition: later }, true],
    ["a balancer", { taskDefinitionArgs: { container: {} }, loadBalancers: [{ containerPort: 80 }] }, true],
    ["balancers not known", { taskDefinitionArgs: { container: {} }, loadBalancers: later }, true],
    ["a registry of names", { taskDefinitionArgs: { container: {} }, serviceRegistries: { registryArn: later } }, true],
    ["a mesh", { taskDefinitionArgs: { container: {} }, serviceConnectConfiguration: { enabled: true } }, true],
  ])("is a service of ECS with %s", (_, inputs, isAsked) => {
    for (const type of ["awsx:ecs:FargateService", "awsx:ecs:EC2Service"]) {
      expect(toldBy(top05, beside(bucketAlone, resource(type, "api", inputs), true)) !== undefined).toBe(isAsked);
    }
  });

  it("is told how to be left out, by what it is", () => {
    const fixOf = (type: string, inputs: Record<string, Draft> = {}) =>
      alone(type, inputs)?.map((line) => line.split("; fix: ")[1]?.split(";")[0]);
    const open = { spec: { type: "LoadBalancer" } };
    expect(fixOf("kubernetes:helm.sh/v3:Release")).toEqual(["if no client asks it, waive this with that reason"]);
    expect(fixOf("kubernetes:core/v1:Service", open)).toEqual([
      "if no client asks it, label it twodoor-serving=false (metadata.labels)",
    ]);
    const labelled = { ...open, metadata: { labels: { "twodoor-serving": "false" } } };
    expect(fixOf("kubernetes:core/v1:Service", labelled)).toBeUndefined();
  });

  it("is what a template of CloudFormation makes", () => {
    expect(alone("aws:cloudformation/stack:Stack")).toEqual([
      "undecided api: what api (aws:cloudformation/stack:Stack) makes is not in this plan, so nobody can say whether it serves and which outage stops it; fix: make it with this program; what a template makes is in no plan and in no state",
    ]);
  });

  it("is what a chart holds, which is read by a plugin", () => {
    const graph = beside(bucketAlone, resource("kubernetes:helm.sh/v3:Chart", "shop"), true);
    const chart = graph.resources.map(({ isRemote, ...one }) => (isRemote === undefined ? one : { ...one }));
    expect(toldBy(top05, { ...graph, resources: chart })).toEqual([
      "undecided shop: what shop (kubernetes:helm.sh/v3:Chart) makes is not in this plan, so nobody can say whether it serves and which outage stops it; fix: judge `pulumi preview --json` or the stack's state, which hold what such components make",
    ]);
  });

  it("is not what a program makes itself, nor networks, registries and trails of a package", () => {
    const graph = beside(bucketAlone, resource("shop:index:Api", "api"), true);
    const local = graph.resources.map(({ isRemote, ...one }) => (isRemote === undefined ? one : { ...one }));
    expect(toldBy(top05, { ...graph, resources: local })).toBeUndefined();
    for (const type of [
      "awsx:ec2:Vpc",
      "awsx:ec2:DefaultVpc",
      "awsx:ecr:Image",
      "awsx:cloudtrail:Trail",
      "eks:index:Addon",
      "synced-folder:index:S3BucketFolder",
    ]) {
      expect(toldBy(top05, beside(bucketAlone, resource(type, "net"), true)), type).toBeUndefined();
    }
  });

  it("is what runs in a cluster, where nothing leads to it", () => {
    const cluster = { location: "us-central1", removeDefaultNodePool: true };
    expect(alone("gcp:container/cluster:Cluster", cluster)).toEqual([
      "undecided api: what runs in api (gcp:container/cluster:Cluster) is not in this plan, so nobody can say whether it serves and which outage stops it; fix: plan the load balancer that leads to it here, or tag the cluster twodoor:serving=false if no client asks it",
    ]);
    expect(alone("aws:eks/cluster:Cluster")).toHaveLength(1);
    const out = { ...cluster, resourceLabels: { "twodoor-serving": "false" } };
    expect(alone("gcp:container/cluster:Cluster", out)).toBeUndefined();
    expect(toldBy(top05, beside(good, resource("gcp:container/cluster:Cluster", "jobs", cluster)))).toEqual([]);
  });

  it("is what serves and is not understood", () => {
    expect(alone("digitalocean:index/app:App")).toEqual([
      "undecided api: api (digitalocean:index/app:App) may serve and is not understood, so nobody can say which outage stops what it serves; fix: if no client asks it, tag it twodoor:serving=false, or waive this with that reason; otherwise judge it by hand, since this check cannot",
    ]);
    const two = beside(bucketAlone, resource("aws:amplify/app:App", "site"));
    const both = beside({ ...bucketAlone, ...two }, resource("aws:lightsail/instance:Instance", "vm"));
    expect(toldBy(top05, both)).toEqual([
      "undecided site: site (aws:amplify/app:App) may serve and is not understood, so nobody can say which outage stops what it serves; fix: if no client asks it, tag it twodoor:serving=false, or waive this with that reason; otherwise judge it by hand, since this check cannot",
      "undecided vm: vm (aws:lightsail/instance:Instance) may serve and is not understood, so nobody can say which outage stops what it serves; fix: if no client asks it, tag it twodoor:serving=false, or waive this with that reason; otherwise judge it by hand, since this check cannot",
    ]);
  });

  it.each([
    ["kubernetes:networking.k8s.io/v1:Ingress", {}, true],
    ["kubernetes:gateway.networking.k8s.io/v1:Gateway", {}, true],
    ["kubernetes:helm.sh/v3:Release", {}, true],
    ["kubernetes:yaml/v2:ConfigFile", {}, true],
    ["kubernetes:core/v1:Service", { spec: { type: "LoadBalancer" } }, true],
    ["kubernetes:core/v1:Service", { spec: { type: later } }, true],
    ["kubernetes:core/v1:Service", { spec: { type: "ClusterIP" } }, false],
    ["kubernetes:core/v1:Service", {}, false],
    ["kubernetes:core/v1:ConfigMap", {}, false],
    ["kubernetes:apps/v1:Deployment", {}, false],
    ["azure-native:web:WebApp", {}, true],
    ["digitalocean:index/domain:Domain", {}, false],
    ["aws:elasticbeanstalk/environment:Environment", {}, true],
    ["aws:glue/job:Job", {}, false],
    ["gcp:apigateway/gateway:Gateway", {}, true],
    ["cloudflare:index/r2Bucket:R2Bucket", {}, false],
  ] as const)("%s %j lets clients in: %s", (type, inputs, serves) => {
    expect(alone(type, inputs) !== undefined).toBe(serves);
  });
});

describe("what its names lead to outside, to TOP-05,", () => {
  const ZONE = "fedcba9876543210fedcba9876543210";
  const record = (name: string, content: Draft, more: Record<string, Draft> = {}): Literal =>
    resource("cloudflare:index/dnsRecord:DnsRecord", name, { zoneId: ZONE, name, type: "A", ttl: 1, content, ...more });
  const told = (literals: Literal[], origins: Record<string, string> = {}) =>
    toldBy(top05, designFrom(literals), { declared: { origins } });
  const outside = (subject: string, where: string, key: string) =>
    `undecided ${subject.split(" ")[0] ?? ""}: content of ${subject} clients to ${where}, and nothing of this design stands there: nobody can say which outage stops what serves there; fix: say in the settings where it stands, under design.origins as "${key}", or judge the design that makes it`;

  it.each([true, false])("is asked for once for each address (proxied: %s)", (proxied) => {
    const records = [
      record("app", "198.51.100.7", { proxied }),
      record("docs", "198.51.100.7", { proxied }),
      record("shop", "shop.example.net", { proxied, type: "CNAME" }),
      record("ws", later, { proxied }),
    ];
    expect(told(records)).toEqual([
      outside("app and 1 more lead", "198.51.100.7", "198.51.100.7"),
      outside("shop leads", "shop.example.net", "shop.example.net"),
      outside("ws leads", "an address that is not known in this plan", "ws"),
    ]);
  });

  it("is asked for of other providers of DNS", () => {
    const zoneRecord = resource("aws:route53/record:Record", "app", {
      zoneId: "Z1",
      name: "app.example.com",
      type: "A",
      ttl: 60,
      records: ["198.51.100.7"],
    });
    expect(told([zoneRecord])?.map((line) => line.slice(0, 72))).toEqual([
      "undecided app: records[0] of app leads clients to 198.51.100.7, and noth",
    ]);
    const google = resource("gcp:dns/recordSet:RecordSet", "app", {
      managedZone: "zone",
      name: "app.example.com.",
      type: "A",
      ttl: 60,
      rrdatas: ["198.51.100.7"],
    });
    expect(told([google])?.map((line) => line.slice(0, 72))).toEqual([
      "undecided app: rrdatas[0] of app leads clients to 198.51.100.7, and noth",
    ]);
  });

  it("is judged where the settings, or the name that its cloud gave it, say where it stands", () => {
    const refused = (where: string) => [
      `violation app: without aws, geography:ohio or aws:us-east-2, requests to app fail: app -> ${where} stands in aws:us-east-2; fix: have the last thing of that chain a second time outside aws, geography:ohio or aws:us-east-2, or let the path do without it`,
    ];
    expect(told([record("app", "198.51.100.7")], { "198.51.100.7": "aws:us-east-2" })?.slice(0, 1)).toEqual(
      refused("198.51.100.7"),
    );
    expect(told([record("app", "198.51.100.7")], { app: "aws:us-east-2" })?.slice(0, 1)).toEqual(
      refused("198.51.100.7"),
    );
    const host = "lb-1.us-east-2.elb.amazonaws.com";
    expect(told([record("app", host, { type: "CNAME" })])?.slice(0, 1)).toEqual(refused(host));
  });

  it("is asked for of the rest where the settings place one of them", () => {
    const both = told([record("app", "198.51.100.7"), record("ws", "198.51.100.9")], {
      "198.51.100.7": "aws:us-east-2",
    });
    expect(both?.at(-1)).toBe(outside("ws leads", "198.51.100.9", "198.51.100.9"));
  });

  it.each([
    [
      "beside what serves in the design",
      [...good.literals, record("status", "status.example.net", { type: "CNAME" })],
      [],
    ],
    ["of a mail server", [record("example.com", "mx.example.net", { type: "MX" })], undefined],
    ["that proves something", [record("_acme-challenge.app", "proof.example.net", { type: "CNAME" })], undefined],
    ["of a private machine", [record("db", "10.1.2.3")], undefined],
    ["of a bucket outside", [record("www", "files.s3-website-us-east-1.amazonaws.com", { type: "CNAME" })], undefined],
    ["of a site at Cloudflare", [record("www", "site.pages.dev", { type: "CNAME" })], undefined],
    ["that its owner takes out", [record("old", "198.51.100.7", { tags: ["twodoor:serving:false"] })], undefined],
  ] as [string, Literal[], string[] | undefined][])("is not asked for of a name %s", (_, literals, expected) => {
    expect(told(literals)).toEqual(expected);
  });

  describe("of a Worker,", () => {
    const domain = resource("cloudflare:index/workersCustomDomain:WorkersCustomDomain", "domain", {
      accountId: "a",
      hostname: "api.example.com",
      service: "gateway",
    });
    const route = (script: Draft): Literal =>
      resource("cloudflare:index/workersRoute:WorkersRoute", "route", {
        zoneId: ZONE,
        pattern: "api.example.com/*",
        script,
      });
    const script = resource("cloudflare:index/workersScript:WorkersScript", "script", {
      accountId: "a",
      scriptName: "gateway",
      bindings: [{ name: "ORIGIN", type: "plain_text", text: "https://origin.example.net" }],
    });
    const asked = (name: string) => [
      `undecided ${name}: where the Worker behind api.example.com sends requests is told by its code alone, so nobody can say which outage stops it; fix: say in the settings where what it calls stands, under design.origins as "api.example.com"; if it answers at the edge by itself, waive this with that reason`,
    ];

    it("is asked for at a domain or route, whether this design makes the script or not", () => {
      expect(told([script, domain])).toEqual(asked("domain"));
      expect(told([domain])).toEqual(asked("domain"));
      expect(told([script, route("gateway")])).toEqual(asked("route"));
    });

    it("is judged where the settings say where it stands", () => {
      expect(told([script, domain], { "api.example.com": "aws:us-east-2" })?.slice(0, 1)).toEqual([
        "violation domain: without aws, geography:ohio or aws:us-east-2, requests to api.example.com fail: api.example.com stands in aws:us-east-2; fix: have the last thing of that chain a second time outside aws, geography:ohio or aws:us-east-2, or let the path do without it",
      ]);
    });

    it("is not asked for of a route that keeps Workers away, nor beside what serves, nor twice for another name of it", () => {
      expect(told([script, route("")])).toBeUndefined();
      expect(told([script])).toBeUndefined();
      expect(told([...good.literals, script, domain])).toEqual([]);
      expect(told([script, domain, record("www", "api.example.com", { type: "CNAME" })])).toEqual(asked("domain"));
    });
  });
});
