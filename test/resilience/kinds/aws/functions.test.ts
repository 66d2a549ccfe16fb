/**
 * Proves: what Lambda functions, APIs of API Gateway, App Runner and ECS Express Mode are to the model: who answers, how many at all
 * times, what they read, and which addresses lead in. Leaves out: who calls those addresses.
 */
import { describe, expect, it } from "vitest";
import { awsKinds } from "../../../../resilience/kinds/aws";
import type { Compute, Entry } from "../../../../resilience/model";
import {
  asState,
  designFrom,
  json,
  later,
  ref,
  resource,
  unknownAt,
  urnOf,
  withChange,
  withMore,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { partOf } from "../../../support/kinds";

const region = "us-east-2";
const known = <T>(value: T) => ({ known: true, value });
const computeOf = (graph: DraftGraph, name: string): Compute => partOf(awsKinds, graph, name, "compute");
const entryOf = (graph: DraftGraph, name: string): Entry => partOf(awsKinds, graph, name, "entry");
const later_ = (graph: DraftGraph, name: string, property: string, why = "is known only after an update") => ({
  known: false,
  urn: urnOf(graph, name),
  property,
  why,
});
const elsewhere = "points to something outside this design";
const fn = (inputs: Literal["inputs"] = {}): Literal =>
  resource(
    "aws:lambda/function:Function",
    "fn",
    { region, name: "orders", ...inputs },
    {
      answers: { arn: "arn:aws:lambda:us-east-2:123456789012:function:orders" },
    },
  );
const alias = resource("aws:lambda/alias:Alias", "live", {
  region,
  functionName: ref("fn", "name"),
  functionVersion: "7",
});

describe("a function", () => {
  it("is a compute over the region, of which nothing stands ready", () => {
    const graph = designFrom([fn()]);
    const urn = urnOf(graph, "fn");
    expect(computeOf(graph, "fn")).toEqual({
      role: "compute",
      id: urn,
      urn,
      label: "fn",
      place: { cloud: "aws", region: known(region), account: known(""), zones: known([]) },
      needs: [],
      unit: "function",
      minimum: known(0),
      maximum: known(undefined),
      dependencies: [],
      rollout: { minimumHealthyPercent: known(undefined), stopsByItself: known(undefined) },
      texts: known([]),
    });
  });

  it("has what is provisioned ready, under any name of it", () => {
    const provisioned = (functionName: Literal["inputs"][string], count: number, name: string): Literal =>
      resource("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", name, {
        region,
        functionName,
        qualifier: "live",
        provisionedConcurrentExecutions: count,
      });
    const graph = designFrom([
      fn(),
      alias,
      provisioned(ref("live", "arn"), 40, "a"),
      provisioned(ref("fn", "name"), 2, "b"),
    ]);
    expect(computeOf(graph, "fn").minimum).toEqual(known(42));
    const scaled = withMore(
      graph,
      resource("aws:appautoscaling/target:Target", "scaling", {
        region,
        resourceId: ref("live", "id"),
        minCapacity: 30,
        maxCapacity: 90,
      }),
    );
    expect(computeOf(scaled, "fn").minimum).toEqual(known(30));
  });

  it("may grow to what is reserved", () => {
    const reserved = (value: number) =>
      computeOf(designFrom([fn({ reservedConcurrentExecutions: value })]), "fn").maximum;
    expect([reserved(100), reserved(-1), reserved(0)]).toEqual([known(100), known(undefined), known(0)]);
  });

  it("stands in the zones of its subnets", () => {
    const zone = resource("aws:ec2/subnet:Subnet", "subnet", { region, availabilityZone: "us-east-2b" });
    const graph = designFrom([zone, fn({ vpcConfig: { subnetIds: [ref("subnet")], securityGroupIds: [] } })]);
    expect(computeOf(graph, "fn").place.zones).toEqual(known(["us-east-2b"]));
  });

  it("reads its image, its file system, and what its environment names, each variable by itself", () => {
    const table = resource("aws:dynamodb/table:Table", "book", { region });
    const graph = designFrom([
      table,
      resource("aws:ecr/repository:Repository", "images", { region, name: "orders" }),
      resource("aws:efs/fileSystem:FileSystem", "files", { region }),
      resource("aws:efs/accessPoint:AccessPoint", "access", { region, fileSystemId: ref("files") }),
      fn({
        packageType: "Image",
        imageUri: "123456789012.dkr.ecr.us-east-2.amazonaws.com/orders:1",
        fileSystemConfig: { arn: ref("access", "arn"), localMountPath: "/mnt/x" },
        environment: { variables: { MODE: "live", TABLE: ref("book", "name"), PEER: later } },
      }),
    ]);
    const { dependencies, needs, texts } = computeOf(graph, "fn");
    expect(dependencies.map(({ kind, property, parts }) => [kind, property, parts])).toEqual([
      ["data", "environment", [urnOf(graph, "book")]],
      ["data", "fileSystemConfig", [urnOf(graph, "files")]],
      ["image", "imageUri", [urnOf(graph, "images")]],
    ]);
    expect(needs.map(({ what }) => what)).toEqual(["the database book", "the file system files"]);
    expect(texts).toEqual(
      known([
        { property: "environment.variables[MODE]", text: known("live") },
        { property: "environment.variables[TABLE]", text: later_(graph, "fn", "environment.variables.TABLE") },
        { property: "environment.variables[PEER]", text: later_(graph, "fn", "environment.variables.PEER") },
      ]),
    );
    const unclear = unknownAt(designFrom([fn()]), "fn", "environment");
    expect(computeOf(unclear, "fn").texts).toEqual(later_(unclear, "fn", "environment.variables"));
  });

  it("is called at its own address", () => {
    const url = (functionName: Literal["inputs"][string]): Literal =>
      resource("aws:lambda/functionUrl:FunctionUrl", "url", { region, functionName, authorizationType: "NONE" });
    for (const target of [ref("fn", "name"), ref("live", "functionName")]) {
      const graph = designFrom([fn(), alias, url(target)]);
      const entry = entryOf(graph, "url");
      expect([entry.id, entry.isPublic]).toEqual([urnOf(graph, "url"), known(true)]);
      expect(entry.needs).toEqual([{ what: "the function", atLeast: 1, of: [urnOf(graph, "fn")] }]);
    }
    const outside = designFrom([url("elsewhere")]);
    expect(entryOf(outside, "url").needs).toEqual([
      { what: "the function", atLeast: 1, of: [], unknown: later_(outside, "url", "functionName", elsewhere) },
    ]);
  });
});

describe("an API", () => {
  const api = (inputs: Literal["inputs"] = {}): Literal =>
    resource("aws:apigatewayv2/api:Api", "api", { region, protocolType: "HTTP", ...inputs });
  const integration = (name: string, inputs: Literal["inputs"]): Literal =>
    resource("aws:apigatewayv2/integration:Integration", name, { region, apiId: ref("api"), ...inputs });
  const need = (graph: DraftGraph, name: string) => ({ what: "an integration", atLeast: 1, of: [urnOf(graph, name)] });
  const balancer = resource("aws:lb/loadBalancer:LoadBalancer", "lb", { region, internal: true });

  it("needs what each integration leads to: functions, aliases, listeners of load balancers", () => {
    const graph = designFrom([
      api(),
      fn(),
      alias,
      balancer,
      resource("aws:lb/listener:Listener", "listener", {
        region,
        loadBalancerArn: ref("lb", "arn"),
        defaultActions: [],
      }),
      integration("one", { integrationType: "AWS_PROXY", integrationUri: ref("live", "invokeArn") }),
      integration("two", {
        integrationType: "HTTP_PROXY",
        connectionType: "VPC_LINK",
        integrationUri: ref("listener", "arn"),
      }),
      integration("three", { integrationType: "MOCK" }),
      integration("four", { integrationType: "AWS_PROXY", integrationSubtype: "SQS-SendMessage" }),
    ]);
    for (const seen of [graph, asState(graph)]) {
      expect(entryOf(seen, "api").needs).toEqual([need(graph, "fn"), need(graph, "lb")]);
    }
  });

  it("is public unless its own address is turned off", () => {
    expect(entryOf(designFrom([api()]), "api").isPublic).toEqual(known(true));
    expect(entryOf(designFrom([api({ disableExecuteApiEndpoint: true })]), "api").isPublic).toEqual(known(false));
  });

  it("leads to its one target, and to the functions of its document", () => {
    const direct = designFrom([fn(), api({ target: ref("fn", "arn") })]);
    expect(entryOf(direct, "api").needs).toEqual([need(direct, "fn")]);
    const document = json({
      paths: { "/": { get: { "x-amazon-apigateway-integration": { uri: ref("fn", "arn") } } } },
    });
    const described = designFrom([fn(), api({ body: document })]);
    for (const seen of [described, asState(described)])
      expect(entryOf(seen, "api").needs).toEqual([need(described, "fn")]);
  });

  it("is not known where its integrations are elsewhere or lead outside", () => {
    const bare = designFrom([api()]);
    const why = "are not in this design, so that it is not known what answers";
    expect(entryOf(bare, "api").needs).toEqual([
      { what: "an integration", atLeast: 1, of: [], unknown: later_(bare, "api", "integrations", why) },
    ]);
    const outside = designFrom([
      api(),
      integration("one", { integrationType: "HTTP_PROXY", integrationUri: "https://example.net" }),
    ]);
    expect(entryOf(outside, "api").needs).toEqual([
      { what: "an integration", atLeast: 1, of: [], unknown: later_(outside, "one", "integrationUri", elsewhere) },
    ]);
    const unclear = designFrom([api({ body: later })]);
    expect(entryOf(unclear, "api").needs[0]?.unknown).toEqual(later_(unclear, "api", "body"));
  });

  it("of the REST kind leads to functions, and through a link to a load balancer", () => {
    const rest = (inputs: Literal["inputs"] = {}): Literal =>
      resource("aws:apigateway/restApi:RestApi", "rest", { region, ...inputs });
    const of = (name: string, inputs: Literal["inputs"]): Literal =>
      resource("aws:apigateway/integration:Integration", name, {
        region,
        restApi: ref("rest"),
        resourceId: "r",
        httpMethod: "GET",
        ...inputs,
      });
    const graph = designFrom([
      rest(),
      fn(),
      balancer,
      resource("aws:apigateway/vpcLink:VpcLink", "link", { region, targetArn: ref("lb", "arn") }),
      of("one", { type: "AWS_PROXY", uri: ref("fn", "invokeArn") }),
      of("two", { type: "HTTP_PROXY", connectionType: "VPC_LINK", connectionId: ref("link"), uri: "http://internal" }),
      of("three", { type: "AWS", uri: "arn:aws:apigateway:us-east-2:sqs:path/1/queue" }),
    ]);
    for (const seen of [graph, asState(graph)]) {
      expect(entryOf(seen, "rest").needs).toEqual([need(graph, "fn"), need(graph, "lb")]);
    }
    for (const types of ["PRIVATE", ["PRIVATE"]]) {
      const closed = withChange(graph, "rest", "endpointConfiguration", { types });
      expect(entryOf(closed, "rest").isPublic).toEqual(known(false));
    }
  });

  it("has hostnames that need each API behind them", () => {
    const domain = resource("aws:apigatewayv2/domainName:DomainName", "domain", {
      region,
      domainName: "api.example.com",
    });
    const bare = designFrom([domain]);
    expect(entryOf(bare, "domain").needs[0]?.unknown?.property).toBe("mappings");
    const mapped = designFrom([
      domain,
      api(),
      resource("aws:apigateway/restApi:RestApi", "rest", { region }),
      resource("aws:apigatewayv2/apiMapping:ApiMapping", "mapping", {
        region,
        domainName: ref("domain"),
        apiId: ref("api"),
        stage: "live",
      }),
      resource("aws:apigatewayv2/routingRule:RoutingRule", "rule", {
        region,
        domainName: ref("domain", "domainName"),
        actions: [{ invokeApi: { apiId: ref("rest"), stage: "live" } }],
      }),
    ]);
    expect(entryOf(mapped, "domain").needs).toEqual(
      ["api", "rest"]
        .map((name) => ({ what: "an API", atLeast: 1, of: [urnOf(mapped, name)] }))
        .sort((a, b) => ((a.of[0] ?? "") < (b.of[0] ?? "") ? -1 : 1)),
    );
    const rest = designFrom([
      resource("aws:apigateway/domainName:DomainName", "domain", { region, domainName: "api.example.com" }),
      resource("aws:apigateway/restApi:RestApi", "rest", { region }),
      resource("aws:apigateway/basePathMapping:BasePathMapping", "mapping", {
        region,
        domainName: ref("domain", "domainName"),
        restApi: ref("rest"),
      }),
    ]);
    expect(entryOf(rest, "domain").needs).toEqual([{ what: "an API", atLeast: 1, of: [urnOf(rest, "rest")] }]);
  });
});

describe("a service of App Runner", () => {
  const service = (inputs: Literal["inputs"] = {}): Literal =>
    resource("aws:apprunner/service:Service", "runner", {
      region,
      serviceName: "orders",
      sourceConfiguration: {
        imageRepository: {
          imageRepositoryType: "ECR",
          imageIdentifier: "123456789012.dkr.ecr.us-west-2.amazonaws.com/orders:1",
          imageConfiguration: {
            runtimeEnvironmentVariables: { MODE: "live" },
            runtimeEnvironmentSecrets: { KEY: "arn:aws:secretsmanager:us-east-1:1:secret:key-AbCdEf" },
          },
        },
      },
      ...inputs,
    });

  it("is what answers and the way in, with the defaults of App Runner", () => {
    const graph = designFrom([service()]);
    const compute = computeOf(graph, "runner");
    const entry = entryOf(graph, "runner");
    expect([compute.minimum, compute.maximum, compute.texts]).toEqual([
      known(1),
      known(25),
      known([
        {
          property: "sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables[MODE]",
          text: known("live"),
        },
      ]),
    ]);
    expect(compute.dependencies.map(({ kind, regions }) => [kind, regions])).toEqual([
      ["image", known(["us-west-2"])],
      ["secret", known(["us-east-1"])],
    ]);
    expect([entry.id, entry.isPublic, entry.needs]).toEqual([
      `${urnOf(graph, "runner")}#entry`,
      known(true),
      [{ what: "the service", atLeast: 1, of: [urnOf(graph, "runner")] }],
    ]);
    expect(entry.checks.map(({ path }) => path)).toEqual([known(undefined)]);
  });

  it("has the sizes of its scaling, and is private where it says so", () => {
    const graph = designFrom([
      resource("aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion", "scaling", {
        region,
        minSize: 4,
        maxSize: 8,
      }),
      service({
        autoScalingConfigurationArn: ref("scaling", "arn"),
        networkConfiguration: { ingressConfiguration: { isPubliclyAccessible: false } },
        healthCheckConfiguration: { protocol: "HTTP", path: "/live" },
      }),
    ]);
    const compute = computeOf(graph, "runner");
    expect([compute.minimum, compute.maximum]).toEqual([known(4), known(8)]);
    expect(entryOf(graph, "runner").isPublic).toEqual(known(false));
    expect(entryOf(graph, "runner").checks.map(({ path }) => path)).toEqual([known("/live")]);
    const outside = withChange(graph, "runner", "autoScalingConfigurationArn", "arn:aws:apprunner:us-east-2:1:x");
    expect(computeOf(outside, "runner").minimum).toEqual(
      later_(outside, "runner", "autoScalingConfigurationArn", elsewhere),
    );
  });
});

describe("a service in Express Mode", () => {
  it("is what answers and the way in", () => {
    const graph = designFrom([
      resource("aws:ec2/subnet:Subnet", "subnet", { region, availabilityZone: "us-east-2a" }),
      resource("aws:ecs/expressGatewayService:ExpressGatewayService", "express", {
        region,
        primaryContainer: {
          image: "123456789012.dkr.ecr.us-east-2.amazonaws.com/orders:1",
          environments: [{ name: "MODE", value: "live" }],
          secrets: [{ name: "KEY", valueFrom: "arn:aws:ssm:us-west-2:1:parameter/key" }],
        },
        scalingTargets: [
          { minTaskCount: 3, maxTaskCount: 9, autoScalingMetric: "AVERAGE_CPU", autoScalingTargetValue: 60 },
        ],
        networkConfigurations: [{ subnets: [ref("subnet")], securityGroups: [] }],
      }),
    ]);
    const compute = computeOf(graph, "express");
    const entry = entryOf(graph, "express");
    expect([compute.minimum, compute.maximum, compute.place.zones]).toEqual([
      known(3),
      known(9),
      known(["us-east-2a"]),
    ]);
    expect(compute.dependencies.map(({ kind, regions }) => [kind, regions])).toEqual([
      ["image", known([region])],
      ["secret", known(["us-west-2"])],
    ]);
    expect(compute.texts).toEqual(known([{ property: "primaryContainer.environments[MODE]", text: known("live") }]));
    expect([entry.id, entry.needs, entry.checks.map(({ path }) => path)]).toEqual([
      `${urnOf(graph, "express")}#entry`,
      [{ what: "the service", atLeast: 1, of: [urnOf(graph, "express")] }],
      [known("/")],
    ]);
  });
});
