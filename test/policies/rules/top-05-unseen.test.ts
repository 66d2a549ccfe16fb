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
      "undecided api: api (digitalocean:index/app:App) may serve and is not understood, so nobody can say which outage stops what it serves; fix: tag it twodoor:serving=false if no client asks it; otherwise judge it by hand, since this check cannot",
    ]);
    const two = beside(bucketAlone, resource("aws:amplify/app:App", "site"));
    const both = beside({ ...bucketAlone, ...two }, resource("aws:lightsail/instance:Instance", "vm"));
    expect(toldBy(top05, both)).toEqual([
      "undecided site: site (aws:amplify/app:App) and 1 more may serve and are not understood, so nobody can say which outage stops what they serve; fix: tag it twodoor:serving=false if no client asks it; otherwise judge it by hand, since this check cannot",
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
