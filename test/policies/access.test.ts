/**
 * Proves who gets to entries of other kinds than the good design has: network and classic balancers, machines, functions, APIs, containers, packets
 * passed through at Google. Each is its own small design. Not that a cloud enforces what is written.
 */
import { describe, expect, it } from "vitest";
import { accessOf } from "../../policies/access";
import { isWide } from "../../policies/access/ranges";
import { declaredOf } from "../../resilience/declared";
import { designOf } from "../../resilience/design-of";
import { designFrom, later, ref, resource, type Draft, type Literal } from "../support/designs";

const region = "us-east-2";

/** What is open, weak or not known about the only entry of that resource: `open NAME: what`, `weak NAME: what`, `unknown NAME: property`. */
function access(name: string, ...literals: Literal[]): string[] {
  const graph = designFrom(literals);
  const design = designOf(graph, declaredOf(graph));
  const entries = design.of("entry").filter(({ urn }) => urn?.endsWith(`::${name}`));
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) throw new Error(`${String(entries.length)} entries belong to ${name}`);
  const { openings, weaknesses, unknowns } = accessOf(design, entry);
  const short = (urn: string): string => urn.split("::").at(-1) ?? urn;
  return [
    ...openings.map(({ urn, what }) => `open ${short(urn)}: ${what}`),
    ...weaknesses.map(({ urn, what }) => `weak ${short(urn)}: ${what}`),
    ...unknowns.map(({ urn, property }) => `unknown ${short(urn)}: ${property}`),
  ];
}

function group(name: string, ...cidrBlocks: Draft[]): Literal {
  return resource("aws:ec2/securityGroup:SecurityGroup", name, {
    region,
    ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks }],
  });
}

describe("ranges", () => {
  it.each(["*", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/2", "::/0", "2000::/3", "0.0.0.0/7"])(
    "%s is wide",
    (range) => {
      expect(isWide(range)).toBe(true);
    },
  );

  it.each(["10.0.0.0/8", "104.16.0.0/13", "203.0.113.7", "203.0.113.7/32", "2a06:98c0::/29", "", "x/y"])(
    "%s is not",
    (range) => {
      expect(isWide(range)).toBe(false);
    },
  );
});

describe("network balancers of AWS", () => {
  const network = (extra: Record<string, Draft>): Literal[] => [
    resource("aws:lb/loadBalancer:LoadBalancer", "network", { region, loadBalancerType: "network", ...extra }),
    resource("aws:lb/targetGroup:TargetGroup", "targets", { region, protocol: "TCP", port: 443, targetType: "ip" }),
    resource("aws:lb/listener:Listener", "listener", {
      region,
      loadBalancerArn: ref("network", "arn"),
      port: 443,
      protocol: "TCP",
      defaultActions: [{ type: "forward", targetGroupArn: ref("targets", "arn") }],
    }),
  ];
  const service = resource("aws:ecs/service:Service", "service", {
    region,
    desiredCount: 4,
    networkConfiguration: { securityGroups: [ref("tasks")] },
    loadBalancers: [{ targetGroupArn: ref("targets", "arn"), containerName: "api", containerPort: 443 }],
  });

  it("without groups leave it to those of their targets", () => {
    expect(access("network", ...network({}), service, group("tasks", "0.0.0.0/0"))).toEqual([
      "open tasks: the security group tasks lets in every address",
    ]);
    expect(access("network", ...network({}), service, group("tasks", "173.245.48.0/20"))).toEqual([]);
  });

  it("with groups are closed by these", () => {
    const open = [service, group("tasks", "0.0.0.0/0")];
    expect(
      access("network", ...network({ securityGroups: [ref("front")] }), ...open, group("front", "173.245.48.0/20")),
    ).toEqual([]);
    expect(
      access("network", ...network({ securityGroups: [ref("front")] }), ...open, group("front", "0.0.0.0/0")),
    ).toEqual(["open tasks: the security group tasks lets in every address"]);
  });
});

describe("other entries of AWS", () => {
  it("are open as their groups are: machines, classic balancers", () => {
    for (const groups of [{ vpcSecurityGroupIds: [ref("own")] }, { securityGroups: [ref("own", "name")] }]) {
      const machine = resource("aws:ec2/instance:Instance", "machine", {
        region,
        associatePublicIpAddress: true,
        ...groups,
      });
      expect(access("machine", machine, group("own", "0.0.0.0/0"))).toEqual([
        "open own: the security group own lets in every address",
      ]);
    }
    const classic = (cidr: Draft) => [
      resource("aws:elb/loadBalancer:LoadBalancer", "classic", {
        region,
        securityGroups: [ref("own")],
        listeners: [{ lbPort: 443, lbProtocol: "https", instancePort: 80, instanceProtocol: "http" }],
      }),
      group("own", cidr),
    ];
    expect(access("classic", ...classic("0.0.0.0/0"))).toEqual([
      "open own: the security group own lets in every address",
    ]);
    expect(access("classic", ...classic("173.245.48.0/20"))).toEqual([]);
    expect(access("classic", ...classic(later))).toEqual(["unknown own: ingress[0].cidrBlocks[0]"]);
  });

  const lambda = resource("aws:lambda/function:Function", "function", {
    region,
    role: "arn:aws:iam::123456789012:role/f",
  });

  it("are open where nothing asks who calls: function URLs", () => {
    const url = (authorizationType: Draft) => [
      lambda,
      resource("aws:lambda/functionUrl:FunctionUrl", "url", {
        region,
        functionName: ref("function", "name"),
        authorizationType,
      }),
    ];
    expect(access("url", ...url("NONE"))).toEqual(["open url: the function URL url answers everybody"]);
    expect(access("url", ...url("AWS_IAM"))).toEqual([]);
    expect(access("url", ...url(later))).toEqual(["unknown url: authorizationType"]);
  });

  it("are open at their own address: APIs, unless it is disabled or a policy tells addresses apart", () => {
    const http = (disableExecuteApiEndpoint: Draft) => [
      lambda,
      resource("aws:apigatewayv2/api:Api", "api", {
        region,
        protocolType: "HTTP",
        target: ref("function", "arn"),
        disableExecuteApiEndpoint,
      }),
    ];
    expect(access("api", ...http(false))).toEqual([
      "open api: the API api answers everybody at its execute-api address",
    ]);
    expect(access("api", ...http(true))).toEqual([]);
    expect(access("api", ...http(later))).toEqual(["unknown api: disableExecuteApiEndpoint"]);
    const rest = (policy: Draft) => [resource("aws:apigateway/restApi:RestApi", "rest", { region, policy })];
    expect(access("rest", ...rest('{"Condition":{"IpAddress":{"aws:SourceIp":["173.245.48.0/20"]}}}'))).toEqual([]);
    expect(access("rest", ...rest(later))).toEqual(["unknown rest: policy"]);
  });

  it("are closed by a certificate on their domain, where the API has no other address", () => {
    const domain = (mutualTlsAuthentication: Draft, disableExecuteApiEndpoint: boolean) => [
      lambda,
      resource("aws:apigatewayv2/api:Api", "api", {
        region,
        protocolType: "HTTP",
        target: ref("function", "arn"),
        disableExecuteApiEndpoint,
      }),
      resource("aws:apigatewayv2/domainName:DomainName", "domain", {
        region,
        domainName: "api.example.com",
        mutualTlsAuthentication,
      }),
      resource("aws:apigatewayv2/apiMapping:ApiMapping", "mapping", {
        region,
        apiId: ref("api"),
        domainName: ref("domain"),
        stage: "$default",
      }),
    ];
    const trust = { truststoreUri: "s3://example/authorities.pem" };
    expect(access("domain", ...domain(trust, true))).toEqual([]);
    expect(access("domain", ...domain(trust, false))).toEqual([
      "open api: the API api answers everybody at its execute-api address",
    ]);
    expect(access("domain", ...domain(null, true))).toEqual([
      "open domain: the domain domain asks nobody for a certificate",
    ]);
  });

  it("are open unless they are private: App Runner", () => {
    const runner = (isPubliclyAccessible: Draft) =>
      resource("aws:apprunner/service:Service", "runner", {
        region,
        serviceName: "api",
        networkConfiguration: { ingressConfiguration: { isPubliclyAccessible } },
      });
    expect(access("runner", runner(true))).toEqual([
      "open runner: the service runner answers everybody at its own address",
    ]);
  });
});

describe("packets passed through at Google", () => {
  const passthrough = (firewall: Record<string, Draft>): Literal[] => [
    resource("gcp:compute/network:Network", "network", { project: "p" }),
    resource("gcp:compute/network:Network", "other", { project: "p" }),
    resource("gcp:compute/regionBackendService:RegionBackendService", "backend", {
      project: "p",
      region: "us-central1",
      loadBalancingScheme: "EXTERNAL",
      backends: [{ group: ref("group", "instanceGroup") }],
    }),
    resource("gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager", "group", {
      project: "p",
      region: "us-central1",
      targetSize: 3,
    }),
    resource("gcp:compute/forwardingRule:ForwardingRule", "rule", {
      project: "p",
      region: "us-central1",
      loadBalancingScheme: "EXTERNAL",
      network: ref("network"),
      backendService: ref("backend"),
    }),
    resource("gcp:compute/firewall:Firewall", "firewall", {
      project: "p",
      network: ref("network"),
      allows: [{ protocol: "tcp", ports: ["443"] }],
      ...firewall,
    }),
  ];

  it("are let in by a rule of their network alone", () => {
    const open = ["open firewall: the firewall rule firewall lets in every address"];
    expect(access("rule", ...passthrough({ sourceRanges: ["0.0.0.0/0"] }))).toEqual(open);
    expect(access("rule", ...passthrough({}))).toEqual(open);
    expect(access("rule", ...passthrough({ sourceRanges: ["173.245.48.0/20"] }))).toEqual([]);
    expect(access("rule", ...passthrough({ sourceTags: ["edge"] }))).toEqual([]);
    expect(access("rule", ...passthrough({ sourceRanges: ["0.0.0.0/0"], network: ref("other") }))).toEqual([]);
    expect(access("rule", ...passthrough({ sourceRanges: ["0.0.0.0/0"], network: later }))).toEqual(open);
    expect(access("rule", ...passthrough({ sourceRanges: ["0.0.0.0/0"], direction: "EGRESS" }))).toEqual([]);
    expect(access("rule", ...passthrough({ sourceRanges: ["0.0.0.0/0"], disabled: true }))).toEqual([]);
    expect(access("rule", ...passthrough({ sourceRanges: ["0.0.0.0/0"], allows: [] }))).toEqual([]);
    expect(access("rule", ...passthrough({ sourceRanges: [later] }))).toEqual(["unknown firewall: sourceRanges[0]"]);
  });
});
