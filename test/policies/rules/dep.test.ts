/**
 * Proves what DEP-01 to DEP-06 say about the good design with one thing of it changed: where images, secrets and keys are read, which texts and
 * properties lead to another region, what recovery would have to ask of a control plane.
 * Does not prove how dependencies and texts are read off resources: the tests of the kinds do.
 */
import { describe, expect, it } from "vitest";
import { dep01 } from "../../../policies/rules/dep-01-image";
import { dep02 } from "../../../policies/rules/dep-02-secret";
import { dep03 } from "../../../policies/rules/dep-03-key";
import { dep04 } from "../../../policies/rules/dep-04-other-region";
import { dep05 } from "../../../policies/rules/dep-05-control-plane";
import { dep06 } from "../../../policies/rules/dep-06-google-front";
import {
  asState,
  designFrom,
  goodDesign,
  join,
  json,
  later,
  ref,
  resource,
  unknownAt,
  withChange,
  withMore,
  without,
  type Draft,
  type Literal,
} from "../../support/designs";
import { toldBy } from "../../support/judged";

const good = goodDesign();
const bucketAlone = designFrom([resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2" })]);
const rules = [dep01, dep02, dep03, dep04, dep05, dep06];
const DIGEST = "@sha256:0000000000000000000000000000000000000000000000000000000000000000";

/** The good design with another container in us-west-2. */
function withContainer(container: Record<string, Draft>, ...more: Literal[]) {
  const image = join(ref("us-west-2-images", "repositoryUrl"), DIGEST);
  return withChange(
    withMore(good, ...more),
    "us-west-2-task",
    "containerDefinitions",
    json([{ name: "api", image, ...container }]),
  );
}

/** The same with one variable in the environment of Cloud Run in us-east4. */
function withVariable(name: string, value: Draft) {
  return withChange(good, "us-east4-service", "template.containers[0].envs", [{ name, value }]);
}

describe("all of them", () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))(
    "%s passes the good design, planned and running",
    (_, rule) => {
      expect(toldBy(rule, good)).toEqual([]);
      expect(toldBy(rule, asState(good))).toEqual([]);
    },
  );

  it.each(rules.map((rule) => [rule.id, rule] as const))("%s has nothing to say about a bucket", (_, rule) => {
    expect(toldBy(rule, bucketAlone)).toBeUndefined();
  });
});

describe("DEP-01", () => {
  it("refuses an image from another region's repository, in a plan by what it depends on", () => {
    const graph = withContainer({ image: join(ref("us-east-2-images", "repositoryUrl"), DIGEST) });
    const told = [
      "violation us-west-2-service: us-west-2-service in aws:us-west-2 reads its image (containerDefinitions) from aws:us-east-2: while that is down, no new task of it starts; fix: push the image to a repository in aws:us-west-2 as well, and name that repository's host for us-west-2-service",
    ];
    expect(toldBy(dep01, graph)).toEqual(told);
    expect(toldBy(dep01, asState(graph))?.[0]).toContain("from aws:us-east-2: while that is down");
  });

  it("refuses another cloud's registry, and somebody else's", () => {
    const atGoogle = withContainer({ image: `us-central1-docker.pkg.dev/example/exchange/exchange${DIGEST}` });
    expect(toldBy(dep01, atGoogle)?.[0]).toContain(
      "from gcp:us-central1: while that is down, no new task of it starts",
    );
    const atDocker = withContainer({ image: `library/nginx${DIGEST}` });
    expect(toldBy(dep01, atDocker)?.[0]).toContain("from somebody else's registry or service: while that is down");
  });

  it("passes a multi-region of the own cloud", () => {
    const path = "template.containers[0].image";
    const multi = withChange(good, "us-east4-service", path, `us-docker.pkg.dev/example/exchange/exchange${DIGEST}`);
    expect(toldBy(dep01, multi)).toEqual([]);
    const far = withChange(good, "us-east4-service", path, `us-central1-docker.pkg.dev/example/exchange/x${DIGEST}`);
    expect(toldBy(dep01, far)).toHaveLength(1);
  });

  it("cannot tell where the image is not known, and names the property", () => {
    const told = toldBy(dep01, unknownAt(good, "us-west-2-task", "containerDefinitions"));
    expect(told?.[0]).toBe(
      "undecided us-west-2-task: containerDefinitions of us-west-2-task is known only after an update, so nobody can say where us-west-2-service reads its image; fix: write containerDefinitions as a plain value, or judge the stack's state after an update",
    );
  });
});

describe("DEP-02", () => {
  it("refuses a secret of another region, however many of them in one finding", () => {
    const secrets = ["A", "B"].map((name) => ({
      name,
      valueFrom: `arn:aws:secretsmanager:us-east-2:123456789012:secret:${name}`,
    }));
    const graph = withChange(
      good,
      "us-west-2-task",
      "containerDefinitions",
      json([{ name: "api", image: `123456789012.dkr.ecr.us-west-2.amazonaws.com/exchange${DIGEST}`, secrets }]),
    );
    expect(toldBy(dep02, graph)).toEqual([
      "violation us-west-2-service: us-west-2-service in aws:us-west-2 reads secrets (containerDefinitions[0].secrets[A] and containerDefinitions[0].secrets[B]) from aws:us-east-2: while that is down, no new task of it starts; fix: replicate the secret to aws:us-west-2 (replicas) and name the replica's ARN for us-west-2-service",
    ]);
  });

  it("passes a secret that Google replicates by itself, and refuses one that is kept in one other region", () => {
    const automatic = withChange(good, "us-east4-credentials", "replication", { auto: {} });
    expect(toldBy(dep02, automatic)).toEqual([]);
    const elsewhere = withChange(good, "us-east4-credentials", "replication", {
      userManaged: { replicas: [{ location: "us-central1" }] },
    });
    expect(toldBy(dep02, elsewhere)?.[0]).toContain("us-east4-service in gcp:us-east4 reads secrets");
    const two = withChange(good, "us-east4-credentials", "replication", {
      userManaged: { replicas: [{ location: "us-central1" }, { location: "us-west1" }] },
    });
    expect(toldBy(dep02, two)).toEqual([]);
  });

  it("cannot tell where the secret's regions are not known", () => {
    const told = toldBy(dep02, unknownAt(good, "us-east4-credentials", "replication"));
    expect(told?.[0]).toContain(
      "is known only after an update, so nobody can say where us-east4-service reads secrets",
    );
  });
});

describe("DEP-03", () => {
  it("refuses what is encrypted under another region's key", () => {
    const graph = withChange(good, "us-west-2-logs", "kmsKeyId", ref("us-east-2-key", "arn"));
    expect(toldBy(dep03, graph)).toEqual([
      "violation us-west-2-logs: us-west-2-logs in aws:us-west-2 is encrypted under a key (kmsKeyId) that stands in aws:us-east-2: while that is down, it cannot be read; fix: name a key of aws:us-west-2 in kmsKeyId of us-west-2-logs",
    ]);
  });

  it("reads the region of a key that is made elsewhere off its ARN", () => {
    const graph = withChange(good, "us-west-2-logs", "kmsKeyId", "arn:aws:kms:us-east-1:123456789012:key/mrk-0");
    expect(toldBy(dep03, graph)?.[0]).toContain("stands in aws:us-east-1");
    expect(toldBy(dep03, withChange(good, "us-west-2-logs", "kmsKeyId", "alias/aws/logs"))).toEqual([]);
  });

  it("refuses a key that a service at Google uses from another region", () => {
    const graph = withChange(good, "us-east4-service", "template.encryptionKey", ref("us-central1-key"));
    expect(toldBy(dep03, graph)).toEqual([
      "violation us-east4-service: us-east4-service in gcp:us-east4 reads keys (template.encryptionKey) from gcp:us-central1: while that is down, us-east4-service cannot decrypt or sign; fix: use a key, or a replica of a multi-Region key, that stands in gcp:us-east4",
    ]);
  });

  it("leaves alone what nothing serves near, and the key of a copy elsewhere", () => {
    const away = resource("aws:sqs/queue:Queue", "reports", {
      region: "eu-west-1",
      kmsMasterKeyId: "arn:aws:kms:eu-central-1:123456789012:key/0",
    });
    const copied = withChange(good, "us-west-2-credentials", "replicas", [
      { region: "us-east-2", kmsKeyId: "arn:aws:kms:us-east-2:123456789012:key/0" },
    ]);
    expect(toldBy(dep03, withMore(good, away))).toEqual([]);
    expect(toldBy(dep03, copied)).toEqual([]);
  });

  it("cannot tell where the key is not known", () => {
    expect(toldBy(dep03, unknownAt(good, "us-west-2-logs", "kmsKeyId"))).toEqual([
      "undecided us-west-2-logs: kmsKeyId of us-west-2-logs is known only after an update, so nobody can say where the key of us-west-2-logs stands; fix: write kmsKeyId as a plain value, or judge the stack's state after an update",
    ]);
  });
});

describe("DEP-04", () => {
  it.each([
    ["QUEUE_URL", "https://sqs.us-east-2.amazonaws.com/123456789012/orders", "aws:us-east-2"],
    ["TOPIC", "arn:aws:sns:eu-west-1:123456789012:fills", "aws:eu-west-1"],
    ["DATABASE", "example:us-central1:ledger", "gcp:us-central1"],
    ["REGION", "us-central1", "gcp:us-central1"],
  ])("refuses the address of another region in %s", (name, value, place) => {
    const told = toldBy(dep04, withVariable(name, value));
    expect(told).toHaveLength(1);
    expect(told?.[0]).toContain(`us-east4-service runs in gcp:us-east4 and is told ${place} in `);
    expect(told?.[0]).not.toContain(value === "us-central1" ? "no such text" : value);
  });

  it.each([
    ["PEERS", "https://a.us-east4.run.app,https://a.us-central1.run.app"],
    ["JOURNAL_URL", "tls://journal-aws-1.example.net:4222"],
    ["NOTE", "logs of us-central1 are kept for a year"],
    ["FAILOVER_REGION", "us-central1"],
    ["REGION", "us-east4"],
  ])("passes %s: a list with the own region, no address of a cloud, no own region", (name, value) => {
    expect(toldBy(dep04, withVariable(name, value))).toEqual([]);
  });

  it("cannot tell where a variable depends on nothing that is known; judges the others all the same", () => {
    const graph = withChange(good, "us-east4-service", "template.containers[0].envs", [
      { name: "A", value: later },
      { name: "B", value: "arn:aws:sqs:us-east-1:123456789012:q" },
    ]);
    const told = toldBy(dep04, graph) ?? [];
    expect(told.map((line) => line.split(":")[0])).toEqual([
      "undecided us-east4-service",
      "violation us-east4-service",
    ]);
  });

  it("follows the properties of what serves to another region", () => {
    const pools = (...regions: string[]) =>
      regions.map((region) => resource("aws:cognito/userPool:UserPool", `users-${region}`, { region }));
    const far = withContainer(
      { environment: [{ name: "POOL", value: ref("users-us-east-2") }] },
      ...pools("us-east-2"),
    );
    expect(toldBy(dep04, far)).toEqual([
      "violation us-west-2-task: us-west-2-task serves in aws:us-west-2 and uses users-us-east-2 in aws:us-east-2 (containerDefinitions): while that is down, it waits for it; fix: give us-west-2-task its own of that in aws:us-west-2",
    ]);
    const near = withContainer(
      { environment: [{ name: "POOL", value: ref("users-us-west-2") }] },
      ...pools("us-west-2"),
    );
    expect(toldBy(dep04, near)).toEqual([]);
  });

  const queues = ["us-east-2", "us-west-2"].map((region) =>
    resource("aws:sqs/queue:Queue", `orders-${region}`, { region }),
  );
  const bothQueues = join(ref("orders-us-east-2", "url"), ",", ref("orders-us-west-2", "url"));

  it("cannot tell peers from two values where the whole text is not known, and passes them once it is", () => {
    const graph = withContainer({ environment: [{ name: "QUEUES", value: bothQueues }] }, ...queues);
    expect(toldBy(dep04, graph)).toEqual([
      "undecided us-west-2-task: containerDefinitions of us-west-2-task is known only after an update, so nobody can say where us-west-2-service reads its data; fix: write containerDefinitions as a plain value, or judge the stack's state after an update",
    ]);
  });

  it("passes peers in one value, and refuses the far one in a value of its own", () => {
    const caches = ["us-central1", "us-east4"].map((region) =>
      resource("gcp:redis/instance:Instance", `cache-${region}`, { region, memorySizeGb: 1, tier: "STANDARD_HA" }),
    );
    const [far, near] = [ref("cache-us-central1", "host"), ref("cache-us-east4", "host")];
    const withEnvs = (...envs: Draft[]) =>
      withChange(withMore(good, ...caches), "us-east4-service", "template.containers[0].envs", envs);
    expect(toldBy(dep04, withEnvs({ name: "CACHES", value: join(near, ",", far) }))).toEqual([]);
    expect(toldBy(dep04, withEnvs({ name: "A", value: near }, { name: "B", value: far }))).toEqual([
      "violation us-east4-service: us-east4-service in gcp:us-east4 reads its data (template.containers[0].envs[1].value) from gcp:us-central1: while that is down, us-east4-service cannot answer; fix: keep a copy of the data in gcp:us-east4 and let us-east4-service use that one",
    ]);
  });

  it("refuses data that stands in another region alone", () => {
    const table = resource("aws:dynamodb/table:Table", "ledger", { region: "us-east-2", hashKey: "id" });
    const graph = withContainer({ environment: [{ name: "TABLE", value: ref("ledger", "arn") }] }, table);
    expect(
      toldBy(dep04, graph)?.some((line) => line.includes("reads its data") && line.includes("from aws:us-east-2")),
    ).toBe(true);
  });
});

describe("DEP-05", () => {
  const record = (options: Record<string, Draft>) =>
    resource("aws:route53/record:Record", "api", { zoneId: "Z1", name: "www.example.com", type: "A", ...options });
  const alias = [{ name: ref("us-east-2-lb", "dnsName"), zoneId: "Z2", evaluateTargetHealth: false }];

  it("tells of a record that somebody has to change during the outage", () => {
    const told = toldBy(dep05, withMore(without(good, "load-balancer"), record({ aliases: alias })));
    expect(told).toEqual([
      "violation api: to send clients of www.example.com away from aws:us-east-2, somebody has to change Route 53's records, which are changed through us-east-1, while that may be what is down; fix: let health checks decide where www.example.com leads: a load balancer with monitored pools, or failover records with health checks",
    ]);
  });

  it("tells of a pool that stands by switched off", () => {
    expect(toldBy(dep05, withChange(good, "us-east4-pool", "enabled", false))).toEqual([
      "violation us-east4-pool: the pool exchange-us-east4 of api.example.com is switched off: to use it, somebody has to reach the API of the load balancer during the outage; fix: enable exchange-us-east4 and give it no traffic by its place in the order or a weight of 0, or take it out of api.example.com",
    ]);
  });

  it("tells of a control plane that a service is told about", () => {
    expect(toldBy(dep05, withVariable("DNS", "https://route53.amazonaws.com"))?.[0]).toContain(
      "us-east4-service in gcp:us-east4 is told route53.amazonaws.com in ",
    );
  });

  it("leaves sts.amazonaws.com alone where it is answered in the region", () => {
    const environment = [{ name: "STS", value: "https://sts.amazonaws.com" }];
    const image = `123456789012.dkr.ecr.us-west-2.amazonaws.com/exchange${DIGEST}`;
    expect(toldBy(dep05, withContainer({ environment, image }))).toEqual([]);
  });

  it.each([
    ["us-east-2", []],
    [
      "us-east-1",
      [
        "violation west: the provider west works in us-east-2 with credentials from the STS of us-east-1: while us-east-1 is down, nothing in us-east-2 can be changed; fix: leave stsRegion out, or set it to us-east-2",
      ],
    ],
  ])("compares the STS of a provider, %s, with its region", (stsRegion, told) => {
    const provider = resource("pulumi:providers:aws", "west", { region: "us-east-2", stsRegion });
    expect(toldBy(dep05, withMore(good, provider))).toEqual(told);
  });
});

describe("DEP-06", () => {
  const front = [
    resource("gcp:compute/globalAddress:GlobalAddress", "front-address", { project: "example-us-east4" }),
    resource("gcp:compute/backendService:BackendService", "front-backend", {
      project: "example-us-east4",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      backends: [{ group: ref("us-east4-neg") }],
    }),
    resource("gcp:compute/uRLMap:URLMap", "front-routes", {
      project: "example-us-east4",
      defaultService: ref("front-backend"),
    }),
    resource("gcp:compute/targetHttpsProxy:TargetHttpsProxy", "front-proxy", {
      project: "example-us-east4",
      urlMap: ref("front-routes"),
    }),
    resource("gcp:compute/globalForwardingRule:GlobalForwardingRule", "front", {
      project: "example-us-east4",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      ipAddress: ref("front-address", "address"),
      portRange: "443",
      target: ref("front-proxy"),
    }),
  ];
  const behindFront = withChange(
    withMore(good, ...front),
    "us-east4-pool",
    "origins[0].address",
    ref("front-address", "address"),
  );

  it("passes the global front beside a regional way in", () => {
    expect(toldBy(dep06, behindFront)).toEqual([]);
  });

  it("tells when the global front is the only way to Google", () => {
    const noOther = ["us-central1-pool", "us-central1-https", "us-east4-https"].reduce(without, behindFront);
    expect(toldBy(dep06, noOther)).toEqual([
      "violation front: front is the only way to what runs in gcp:us-east4: one change to Google's global load balancing closes it; fix: add a regional external load balancer in each of these regions and name it as an origin of its own",
    ]);
  });

  it("has nothing to say where nothing runs at Google", () => {
    const awsOnly = ["us-central1-pool", "us-east4-pool", "us-central1-https", "us-east4-https"].reduce(without, good);
    expect(toldBy(dep06, awsOnly)).toBeUndefined();
  });
});
