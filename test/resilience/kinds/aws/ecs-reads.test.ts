/**
 * Proves: what tasks of ECS read: images, secrets, keys, texts, and data that they serve from. Leaves out: stores themselves (data.test.ts).
 */
import { describe, expect, it } from "vitest";
import {
  asState,
  goodDesign,
  join,
  ref,
  resource,
  secret,
  unknownAt,
  urnOf,
  withChange,
  withMore,
  withOptions,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { computeOf, dependenciesOf, inAws, known, later_, region, SERVICE, TASK, withContainer } from "./service-parts";

describe("what tasks read", () => {
  const account = "123456789012";
  it.each([
    [`${account}.dkr.ecr.us-east-1.amazonaws.com/exchange:1`, "aws", "us-east-1", []],
    [`${account}.dkr.ecr.us-east-2.amazonaws.com/exchange@sha256:0`, "aws", "us-east-2", ["us-east-2-images"]],
    [`${account}.dkr.ecr.us-west-2.amazonaws.com/exchange`, "aws", "us-west-2", ["us-west-2-images"]],
    ["public.ecr.aws/nginx/nginx:1.27", "aws", "us-east-1", []],
    ["europe-west1-docker.pkg.dev/project/images/api:1", "gcp", "europe-west1", []],
    ["ghcr.io/example/api:1", "other", "global", []],
    ["nginx", "other", "global", []],
  ])("is the image %s of its registry's region", (image, cloud, where, parts) => {
    const graph = withContainer({ image });
    expect(dependenciesOf(graph, "image")).toEqual([
      {
        kind: "image",
        urn: urnOf(graph, TASK),
        property: "containerDefinitions[0].image",
        parts: parts.map((name) => urnOf(graph, name)),
        cloud: known(cloud),
        regions: known([where]),
      },
    ]);
  });

  it("is an image of a repository in whose regions copies are, where only the edge tells", () => {
    const graph = withMore(
      goodDesign(),
      resource("aws:ecr/replicationConfiguration:ReplicationConfiguration", "replication", {
        region,
        replicationConfiguration: {
          rules: [
            {
              destinations: [{ region: "eu-west-1", registryId: account }],
              repositoryFilters: [{ filter: "exch", filterType: "PREFIX_MATCH" }],
            },
            {
              destinations: [{ region: "eu-west-2", registryId: account }],
              repositoryFilters: [{ filter: "other", filterType: "PREFIX_MATCH" }],
            },
          ],
        },
      }),
    );
    expect(dependenciesOf(graph, "image").map(({ regions }) => regions)).toEqual([known(["eu-west-1", region])]);
    expect(dependenciesOf(asState(graph), "image").map(({ regions }) => regions)).toEqual([known([region])]);
  });

  it("is an image through the tool that builds and pushes it", () => {
    const built = withContainer(
      { image: ref("build", "ref"), secrets: [] },
      resource("docker-build:index:Image", "build", { tags: [join(ref("us-east-2-images", "repositoryUrl"), ":1")] }),
    );
    expect(dependenciesOf(built, "image")).toEqual([
      inAws(built, "image", TASK, "containerDefinitions", "us-east-2-images"),
    ]);
  });

  it("is an image that is not known where neither text nor edges tell", () => {
    const graph = unknownAt(goodDesign(), TASK, "containerDefinitions");
    const why = later_(graph, TASK, "containerDefinitions");
    expect(computeOf(graph).dependencies).toEqual([
      { kind: "image", urn: urnOf(graph, TASK), property: "containerDefinitions", parts: [], cloud: why, regions: why },
    ]);
    const hiddenTask = withChange(goodDesign(), TASK, "containerDefinitions", secret);
    expect(dependenciesOf(hiddenTask, "image").map(({ cloud }) => cloud)).toEqual([
      later_(hiddenTask, TASK, "containerDefinitions", "is a secret"),
    ]);
    const outside = withChange(goodDesign(), SERVICE, "taskDefinition", "arn:aws:ecs:us-east-2:1:task-definition/x:1");
    expect(computeOf(outside).texts).toEqual(
      later_(outside, SERVICE, "taskDefinition", "points to something outside this design"),
    );
  });

  it("is each secret by its ARN, in the region of that ARN", () => {
    const graph = withContainer({
      image: "nginx",
      secrets: [
        { name: "A", valueFrom: "arn:aws:secretsmanager:us-east-1:1:secret:far-AbCdEf:password::" },
        { name: "B", valueFrom: "parameter" },
      ],
      repositoryCredentials: { credentialsParameter: "arn:aws:secretsmanager:us-west-2:1:secret:pull-AbCdEf" },
      logConfiguration: { secretOptions: [{ name: "C", valueFrom: "arn:aws:ssm:eu-west-1:1:parameter/c" }] },
    });
    expect(dependenciesOf(graph, "secret").map(({ property, regions }) => [property, regions])).toEqual([
      ["containerDefinitions[0].logConfiguration.secretOptions[C]", known(["eu-west-1"])],
      ["containerDefinitions[0].repositoryCredentials.credentialsParameter", known(["us-west-2"])],
      ["containerDefinitions[0].secrets[A]", known(["us-east-1"])],
      ["containerDefinitions[0].secrets[B]", known([region])],
    ]);
  });

  it("is a replicated secret in each of its regions where only the edge tells", () => {
    const graph = withChange(goodDesign(), "us-east-2-credentials", "replicas", [{ region: "us-west-2" }]);
    expect(dependenciesOf(graph, "secret").map(({ regions }) => regions)).toEqual([known([region, "us-west-2"])]);
  });

  it("is the key under which a secret is kept, in its region or as a multi-Region key in several", () => {
    const far = withChange(goodDesign(), "us-east-2-credentials", "kmsKeyId", "arn:aws:kms:us-east-1:1:key/mrk-1");
    expect(dependenciesOf(far, "key")).toEqual([
      {
        kind: "key",
        urn: urnOf(far, "us-east-2-credentials"),
        property: "kmsKeyId",
        parts: [],
        cloud: known("aws"),
        regions: known(["us-east-1"]),
      },
    ]);
    const replicated = withMore(
      withChange(goodDesign(), "us-east-2-key", "multiRegion", true),
      resource("aws:kms/replicaKey:ReplicaKey", "replica", {
        region: "us-west-2",
        primaryKeyArn: ref("us-east-2-key", "arn"),
      }),
    );
    expect(dependenciesOf(replicated, "key").map(({ regions }) => regions)).toEqual([known([region, "us-west-2"])]);
    const alias = resource("aws:kms/alias:Alias", "alias", { region, targetKeyId: ref("us-east-2-key", "keyId") });
    const byAlias = withChange(
      withMore(goodDesign(), alias),
      "us-east-2-credentials",
      "kmsKeyId",
      ref("alias", "name"),
    );
    expect(dependenciesOf(byAlias, "key").map(({ parts }) => parts)).toEqual([[urnOf(byAlias, "us-east-2-key")]]);
    const unclear = unknownAt(goodDesign(), "us-east-2-credentials", "kmsKeyId");
    expect(dependenciesOf(unclear, "key").map(({ regions }) => regions)).toEqual([
      later_(unclear, "us-east-2-credentials", "kmsKeyId"),
    ]);
  });

  it("hands over environment, files and words as texts, each by its name", () => {
    const graph = withContainer({
      image: "nginx",
      command: ["serve", "--peer=https://api.eu-west-1.example.com"],
      entryPoint: ["/bin/sh"],
      environment: [
        { name: "URL", value: "https://sqs.us-east-1.amazonaws.com" },
        { value: "nameless" },
        { name: "ODD", value: 7 },
      ],
      environmentFiles: [{ type: "s3", value: "arn:aws:s3:::settings/api.env" }],
    });
    expect(computeOf(graph).texts).toEqual(
      known([
        { property: "containerDefinitions[0].environment[URL]", text: known("https://sqs.us-east-1.amazonaws.com") },
        { property: "containerDefinitions[0].environment[1]", text: known("nameless") },
        {
          property: "containerDefinitions[0].environment[ODD]",
          text: later_(graph, TASK, "containerDefinitions[0].environment[ODD]", "has a form that is not understood"),
        },
        { property: "containerDefinitions[0].environmentFiles[0]", text: known("arn:aws:s3:::settings/api.env") },
        { property: "containerDefinitions[0].command[0]", text: known("serve") },
        { property: "containerDefinitions[0].command[1]", text: known("--peer=https://api.eu-west-1.example.com") },
        { property: "containerDefinitions[0].entryPoint[0]", text: known("/bin/sh") },
      ]),
    );
  });

  it.each([
    ["no JSON", "{"],
    ["no list", "{}"],
    ["a number", 7],
  ])("is not known where the definitions are %s", (_, value) => {
    const graph = withChange(goodDesign(), TASK, "containerDefinitions", value);
    expect(computeOf(graph).texts).toEqual(
      later_(graph, TASK, "containerDefinitions", "has a form that is not understood"),
    );
  });

  it("survives containers of any shape, and names of prototypes", () => {
    const odd =
      '[null, 7, [], {"__proto__": {"image": "x"}}, {"constructor": 1, "secrets": {}, "environment": [null, {"name": "__proto__", "value": "v"}]}]';
    const graph = withChange(goodDesign(), TASK, "containerDefinitions", odd);
    expect(computeOf(graph).dependencies).toEqual([]);
    expect(computeOf(graph).texts).toEqual(
      known([{ property: "containerDefinitions[4].environment[__proto__]", text: known("v") }]),
    );
  });

  it("is told by task sets where the service names no task definition", () => {
    const graph = withMore(
      withChange(goodDesign(), SERVICE, "taskDefinition", undefined),
      resource("aws:ecs/taskSet:TaskSet", "set", {
        region,
        service: ref(SERVICE, "id"),
        taskDefinition: ref(TASK, "arn"),
      }),
    );
    expect(dependenciesOf(graph, "image").map(({ parts }) => parts)).toEqual([[urnOf(graph, "us-east-2-images")]]);
  });
});

describe("data that tasks use", () => {
  const database = resource("aws:rds/instance:Instance", "orders", { region, multiAz: true });
  const need = (graph: DraftGraph, part: string, noun = "database") => [
    { what: `the ${noun} ${part}`, atLeast: 1, of: [urnOf(graph, part)] },
  ];

  it("are a dependency and a need, by the edges of the environment", () => {
    const graph = withContainer(
      { image: "nginx", environment: [{ name: "DB", value: ref("orders", "address") }] },
      database,
    );
    for (const seen of [graph, asState(graph)]) {
      expect(computeOf(seen).needs).toEqual(need(graph, "orders"));
      expect(dependenciesOf(seen, "data")).toEqual([inAws(graph, "data", TASK, "containerDefinitions", "orders")]);
    }
  });

  it("are found behind a proxy, behind a DNS record, and in what a secret was made from", () => {
    const proxied = withContainer(
      { image: "nginx", environment: [{ name: "DB", value: ref("proxy", "endpoint") }] },
      database,
      resource("aws:rds/proxy:Proxy", "proxy", { region }),
      resource("aws:rds/proxyTarget:ProxyTarget", "target", {
        region,
        dbProxyName: ref("proxy", "name"),
        dbInstanceIdentifier: ref("orders", "identifier"),
      }),
    );
    expect(computeOf(proxied).needs).toEqual(need(proxied, "orders"));
    const byRecord = withContainer(
      { image: "nginx", environment: [{ name: "DB", value: ref("record", "fqdn") }] },
      database,
      resource("aws:route53/record:Record", "record", {
        name: "db",
        type: "CNAME",
        records: [ref("orders", "address")],
      }),
    );
    expect(computeOf(byRecord).needs).toEqual(need(byRecord, "orders"));
    const kept = withMore(
      goodDesign(),
      database,
      resource("aws:secretsmanager/secretVersion:SecretVersion", "version", {
        region,
        secretId: ref("us-east-2-credentials"),
        secretString: join("postgres://", ref("orders", "address")),
      }),
    );
    expect(computeOf(kept).needs).toEqual(need(kept, "orders"));
    expect(computeOf(asState(kept)).needs).toEqual(need(kept, "orders"));
    const parameter = withContainer(
      { image: "nginx", secrets: [{ name: "DB", valueFrom: ref("parameter", "arn") }] },
      database,
      resource("aws:ssm/parameter:Parameter", "parameter", {
        region,
        type: "String",
        value: ref("orders", "endpoint"),
      }),
    );
    expect(computeOf(parameter).needs).toEqual(need(parameter, "orders"));
    expect(computeOf(asState(parameter)).needs).toEqual(need(parameter, "orders"));
  });

  it("are found by a host in a text, and by a plain name in the same region only", () => {
    const far = resource("aws:dynamodb/table:Table", "far", { region: "us-west-2", name: "book" });
    const near = resource("aws:dynamodb/table:Table", "near", { region, name: "book" });
    const byName = (...tables: Literal[]) =>
      computeOf(
        withContainer({ image: "nginx", environment: [{ name: "TABLE", value: "book" }] }, ...tables),
      ).needs.flatMap(({ what }) => what);
    expect([byName(far), byName(near), byName(far, near)]).toEqual([[], ["the database near"], ["the database near"]]);
    const graph = asState(
      withContainer(
        { image: "nginx", environment: [{ name: "URL", value: "postgres://u@orders.address:5432/x" }] },
        withOptionsOf(database),
        resource("random:index/randomPet:RandomPet", "reader", { keepers: { at: ref("orders", "address") } }),
      ),
    );
    expect(computeOf(graph).needs).toEqual(need(graph, "orders"));
  });

  it("are a need in the copy of the task's own region", () => {
    const table = resource("aws:dynamodb/table:Table", "book", {
      region: "us-west-2",
      replicas: [{ regionName: region }],
    });
    const graph = withContainer(
      { image: "nginx", environment: [{ name: "TABLE", value: ref("book", "name") }] },
      table,
    );
    const id = `${urnOf(graph, "book")}#us-east-2`;
    expect(computeOf(graph).needs).toEqual([{ what: "the database book", atLeast: 1, of: [id] }]);
    expect(dependenciesOf(graph, "data").map(({ parts, regions }) => [parts, regions])).toEqual([
      [[id], known([region, "us-west-2"])],
    ]);
  });

  it("are no need where they are a cache, a topic or a bucket", () => {
    const graph = withContainer(
      {
        image: "nginx",
        environment: [
          { name: "CACHE", value: ref("cache", "primaryEndpointAddress") },
          { name: "TOPIC", value: ref("topic", "arn") },
          { name: "BUCKET", value: ref("bucket", "bucket") },
        ],
      },
      resource("aws:elasticache/replicationGroup:ReplicationGroup", "cache", { region }),
      resource("aws:sns/topic:Topic", "topic", { region }),
      resource("aws:s3/bucketV2:BucketV2", "bucket", { region }),
    );
    expect(computeOf(graph).needs).toEqual([]);
    expect(dependenciesOf(graph, "data").map(({ parts }) => parts)).toEqual(
      ["cache", "topic", "bucket"].map((name) => [urnOf(graph, name)]).sort(),
    );
  });

  it("are the source and not its read replica where a task names both", () => {
    const replica = resource("aws:rds/instance:Instance", "reader", {
      region,
      replicateSourceDb: ref("orders", "identifier"),
    });
    const named = (...names: string[]) =>
      computeOf(
        withContainer(
          { image: "nginx", environment: names.map((name) => ({ name, value: ref(name, "address") })) },
          database,
          replica,
        ),
      ).needs.map(({ what }) => what);
    expect(named("orders", "reader")).toEqual(["the database orders"]);
    expect(named("reader")).toEqual(["the database reader"]);
  });

  it("are a file system that a volume mounts", () => {
    const files = resource("aws:efs/fileSystem:FileSystem", "files", { region });
    const graph = withChange(withContainer({ image: "nginx" }, files), TASK, "volumes", [
      { name: "work", efsVolumeConfiguration: { fileSystemId: ref("files") } },
    ]);
    expect(computeOf(graph).needs).toEqual(need(graph, "files", "file system"));
    expect(computeOf(asState(graph)).needs).toEqual(need(graph, "files", "file system"));
  });

  it("end where a chain of tools is longer than any design has", () => {
    const chain = Array.from({ length: 2000 }, (_, place) =>
      resource("command:local:Command", `step-${String(place)}`, {
        create: place === 1999 ? ref("orders", "address") : ref(`step-${String(place + 1)}`, "stdout"),
      }),
    );
    const graph = withContainer(
      { image: "nginx", environment: [{ name: "X", value: ref("step-0", "stdout") }] },
      database,
      ...chain,
    );
    expect(computeOf(graph).needs).toEqual([]);
  });

  it("survive circles", () => {
    const loop = withOptions(
      withContainer(
        { image: "nginx", environment: [{ name: "X", value: ref("a", "stdout") }] },
        resource("command:local:Command", "a", {}),
        resource("command:local:Command", "b", { create: ref("a", "stdout") }),
        database,
      ),
      "a",
      { dependsOn: ["b", "orders"] },
    );
    expect(computeOf(loop).needs).toEqual(need(loop, "orders"));
  });
});

/** The database with the address that a state answers. */
function withOptionsOf(database: Literal): Literal {
  return { ...database, answers: { address: "orders.address" } };
}
