// Proves what an AWS region is made of and what its security rests on, by exact inputs of a recorded preview. It does not prove that AWS
// accepts or does it: the vendors' contracts judge single inputs, and the local provider what lies between resources.
import { beforeAll, describe, expect, it } from "vitest";
import { AwsRegion, type AwsRegionArgs } from "../../../components/aws";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record, UNKNOWN, value, type Recording } from "../../support/mocks";
import { skipped } from "../../support/skip";
import { ACCOUNT, AUTHORITY, CERTIFICATE, IMAGE, regionArgs, SECRET_VALUE } from "./arguments";

const NAME = "exchange-us-east-2";

const recorded = (extra: Partial<AwsRegionArgs> = {}): Promise<Recording<AwsRegion>> =>
  record(() => new AwsRegion(NAME, { ...regionArgs, ...extra }));

/** Everything that can be asked for at once. */
const FULL: Partial<AwsRegionArgs> = {
  internetEgress: true,
  environment: { LOG_LEVEL: "debug" },
  secrets: { JOURNAL_CREDENTIALS: SECRET_VALUE },
  originPullMode: "enforce",
  originPullAuthorities: AUTHORITY,
  alarmEmails: ["oncall@example.com"],
  requestsPerSecondPerReplica: 250,
  permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/deploy-exchange-boundary`,
  tags: { team: "exchange" },
};

let plain: Recording<AwsRegion>;
let full: Recording<AwsRegion>;

beforeAll(async () => {
  plain = await recorded();
  full = await recorded(FULL);
});

const parsed = (text: string): { Statement: Record<string, unknown>[] } =>
  JSON.parse(text) as { Statement: Record<string, unknown>[] };

describe("AwsRegion", () => {
  it("makes exactly these resources", () => {
    expect(plain.counts()).toEqual({
      "aws:appautoscaling/policy:Policy": 1,
      "aws:appautoscaling/target:Target": 1,
      "aws:cloudwatch/logGroup:LogGroup": 2,
      "aws:cloudwatch/metricAlarm:MetricAlarm": 6,
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": 1,
      "aws:ec2/flowLog:FlowLog": 1,
      "aws:ec2/internetGateway:InternetGateway": 1,
      "aws:ec2/managedPrefixList:ManagedPrefixList": 2,
      "aws:ec2/route:Route": 1,
      "aws:ec2/routeTable:RouteTable": 4,
      "aws:ec2/routeTableAssociation:RouteTableAssociation": 6,
      "aws:ec2/securityGroup:SecurityGroup": 3,
      "aws:ec2/subnet:Subnet": 6,
      "aws:ec2/vpc:Vpc": 1,
      "aws:ec2/vpcEndpoint:VpcEndpoint": 5,
      "aws:ecs/cluster:Cluster": 1,
      "aws:ecs/service:Service": 1,
      "aws:ecs/taskDefinition:TaskDefinition": 1,
      "aws:iam/role:Role": 3,
      "aws:iam/rolePolicy:RolePolicy": 2,
      "aws:kms/key:Key": 1,
      "aws:lb/listener:Listener": 1,
      "aws:lb/loadBalancer:LoadBalancer": 1,
      "aws:lb/targetGroup:TargetGroup": 1,
      "aws:s3/bucket:Bucket": 1,
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 1,
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 1,
      "aws:s3/bucketPolicy:BucketPolicy": 1,
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 1,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 1,
      "aws:s3/bucketVersioning:BucketVersioning": 1,
      "aws:sns/topic:Topic": 1,
      "aws:sns/topicPolicy:TopicPolicy": 1,
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 3,
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": 6,
      "twodoor:index:AwsNetwork": 1,
      "twodoor:index:AwsRegion": 1,
    });
  });

  it("adds only what is asked for", () => {
    const before = plain.counts();
    const added = Object.entries(full.counts()).filter(([type, count]) => count !== before[type]);
    expect(Object.fromEntries(added.map(([type, count]) => [type, count - (before[type] ?? 0)]))).toEqual({
      "aws:appautoscaling/policy:Policy": 1,
      "aws:ec2/eip:Eip": 3,
      "aws:ec2/natGateway:NatGateway": 3,
      "aws:ec2/route:Route": 3,
      "aws:lb/trustStore:TrustStore": 1,
      "aws:s3/bucket:Bucket": 1,
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 1,
      "aws:s3/bucketObjectv2:BucketObjectv2": 1,
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 1,
      "aws:s3/bucketPolicy:BucketPolicy": 1,
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 1,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 1,
      "aws:s3/bucketVersioning:BucketVersioning": 1,
      "aws:secretsmanager/secret:Secret": 1,
      "aws:secretsmanager/secretVersion:SecretVersion": 1,
      "aws:sns/topicSubscription:TopicSubscription": 1,
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 1,
    });
  });

  it("names the region on all that has one, and hangs everything below itself", () => {
    const global = new Set(["aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"]);
    const custom = full.resources.filter((resource) => resource.custom);
    expect(custom.filter((r) => r.inputs["region"] !== (global.has(r.type) ? undefined : "us-east-2"))).toEqual([]);
    const root = `urn:pulumi:test::twodoor::twodoor:index:AwsRegion::${NAME}`;
    const network = `urn:pulumi:test::twodoor::twodoor:index:AwsRegion$twodoor:index:AwsNetwork::${NAME}-network`;
    const parents = new Set(full.resources.filter((r) => r.urn !== root).map((r) => r.parent));
    expect(parents).toEqual(new Set([root, network]));
    expect(full.resources.filter((r) => r.name !== NAME && !r.name.startsWith(`${NAME}-`))).toEqual([]);
  });

  it("gives physical names to log groups, the family and nothing else", () => {
    const named = full.resources.filter((r) => r.custom && typeof r.inputs["name"] === "string");
    expect(named.map((r) => r.inputs["name"] as string).sort()).toEqual([
      "/twodoor/test/exchange-us-east-2-network/flow",
      "/twodoor/test/exchange-us-east-2/replicas",
    ]);
    expect(plain.one("aws:ecs/taskDefinition:TaskDefinition").inputs["family"]).toBe(NAME);
  });

  it("tells what a pool needs to know", async () => {
    const computed = (type: string): Record<string, unknown> =>
      type === "aws:lb/loadBalancer:LoadBalancer" ? { dnsName: "lb.example", arn: "arn:lb" } : {};
    const run = await record(
      async () => {
        const region = new AwsRegion(NAME, regionArgs);
        return Promise.all(
          [region.cloud, region.region, region.originAddress, region.image, region.loadBalancerArn].map(value<string>),
        );
      },
      { computed },
    );
    expect(run.result).toEqual(["aws", "us-east-2", "lb.example", IMAGE, "arn:lb"]);
    expect(run.one("twodoor:index:AwsRegion").outputs).toEqual({
      cloud: "aws",
      region: "us-east-2",
      originAddress: "lb.example",
      image: IMAGE,
      minimumReplicas: 6,
      egressAddresses: [],
      loadBalancerArn: "arn:lb",
      clusterName: UNKNOWN,
      serviceName: UNKNOWN,
      logGroupName: "/twodoor/test/exchange-us-east-2/replicas",
      alarmTopicArn: UNKNOWN,
    });
  });
});

describe("the entry", () => {
  it("outlives Cloudflare's idle connections, keeps evidence and refuses to be deleted", () => {
    const { inputs, protect, name } = plain.one("aws:lb/loadBalancer:LoadBalancer");
    const log = (prefix: string): object => ({ bucket: UNKNOWN, enabled: true, prefix });
    expect(inputs).toEqual({
      region: "us-east-2",
      internal: false,
      loadBalancerType: "application",
      ipAddressType: "ipv4",
      subnets: UNKNOWN,
      securityGroups: [UNKNOWN],
      idleTimeout: 930,
      clientKeepAlive: 3600,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      xffHeaderProcessingMode: "append",
      enableHttp2: true,
      enableZonalShift: true,
      enableDeletionProtection: true,
      accessLogs: log("access"),
      connectionLogs: log("connection"),
      healthCheckLogs: log("health"),
      tags: {},
    });
    expect([protect, name]).toEqual([true, "exchange-us-east-2-lb"]);
  });

  it("answers HTTPS alone, without asking for a certificate", () => {
    expect(plain.one("aws:lb/listener:Listener").inputs).toEqual({
      region: "us-east-2",
      loadBalancerArn: UNKNOWN,
      protocol: "HTTPS",
      port: 443,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certificateArn: CERTIFICATE,
      mutualAuthentication: { mode: "off" },
      defaultActions: [{ type: "forward", targetGroupArn: UNKNOWN }],
      tags: {},
    });
  });

  it("checks the process alone and lets WebSockets move for five minutes", () => {
    expect(plain.one("aws:lb/targetGroup:TargetGroup").inputs).toEqual({
      region: "us-east-2",
      vpcId: UNKNOWN,
      targetType: "ip",
      protocol: "HTTP",
      protocolVersion: "HTTP1",
      port: 8080,
      deregistrationDelay: 300,
      loadBalancingAlgorithmType: "least_outstanding_requests",
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        port: "traffic-port",
        path: "/healthz/ready",
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      tags: {},
    });
  });

  it("is open to Cloudflare's ranges on 443, and tasks to the load balancer alone", () => {
    const shape = (type: string): object[] =>
      plain
        .all(type)
        .filter((rule) => !rule.name.startsWith(`${NAME}-network`))
        .map(({ name, inputs: { ipProtocol, fromPort, toPort, ...rest } }) => ({
          name: name.slice(NAME.length + 1),
          ports: [ipProtocol, fromPort, toPort] as unknown[],
          source: Object.keys(rest).filter((key) => /^(cidr|prefix|referenced)/.test(key)),
        }));
    expect(shape("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")).toEqual([
      { name: "lb-from-ipv4", ports: ["tcp", 443, 443], source: ["prefixListId"] },
      { name: "lb-from-ipv6", ports: ["tcp", 443, 443], source: ["prefixListId"] },
      { name: "tasks-from-lb", ports: ["tcp", 8080, 8080], source: ["referencedSecurityGroupId"] },
    ]);
    expect(shape("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")).toEqual([
      { name: "lb-to-tasks", ports: ["tcp", 8080, 8080], source: ["referencedSecurityGroupId"] },
      { name: "tasks-to-endpoints", ports: ["tcp", 443, 443], source: ["referencedSecurityGroupId"] },
      { name: "tasks-to-s3", ports: ["tcp", 443, 443], source: ["prefixListId"] },
    ]);
    const lists = plain.all("aws:ec2/managedPrefixList:ManagedPrefixList");
    expect(
      lists.map(
        ({ inputs }) =>
          [inputs["addressFamily"], inputs["maxEntries"], (inputs["entries"] as unknown[]).length] as unknown[],
      ),
    ).toEqual([
      ["IPv4", 20, 15],
      ["IPv6", 10, 7],
    ]);
  });

  it("opens the named ports of the Internet to tasks, and only with a way there", async () => {
    const opened = async (extra: Partial<AwsRegionArgs>): Promise<unknown[]> =>
      (await recorded(extra))
        .all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
        .filter(({ inputs }) => inputs["cidrIpv4"] === "0.0.0.0/0")
        .map(({ inputs }) => [inputs["ipProtocol"], inputs["fromPort"], inputs["toPort"]] as unknown[]);
    expect(await opened({ internetEgressPorts: [443, 4222] })).toEqual([]);
    expect(await opened({ internetEgress: true })).toEqual([["tcp", 443, 443]]);
    expect(await opened({ internetEgress: true, internetEgressPorts: [443, 4222] })).toEqual([
      ["tcp", 4222, 4222],
      ["tcp", 443, 443],
    ]);
  });

  it("writes its logs to a private bucket that lets the load balancer and nobody else write", () => {
    const policy = async (): Promise<Recording<unknown>> =>
      record(() => new AwsRegion(NAME, regionArgs), {
        computed: (type) => (type === "aws:s3/bucket:Bucket" ? { arn: "arn:aws:s3:::b", bucket: "b" } : {}),
      });
    return policy().then((run) => {
      expect(parsed(run.one("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"] as string).Statement).toEqual([
        {
          Sid: "HttpsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "EntryLogs",
          Effect: "Allow",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: [
            `arn:aws:s3:::b/access/AWSLogs/${ACCOUNT}/*`,
            `arn:aws:s3:::b/connection/AWSLogs/${ACCOUNT}/*`,
            `arn:aws:s3:::b/health/AWSLogs/${ACCOUNT}/*`,
          ],
        },
      ]);
    });
  });

  it("keeps buckets private, versioned, encrypted by S3 and no longer than asked", () => {
    const settings = (type: string): unknown[] =>
      full.all(`aws:s3/${type}`).map(({ inputs: { region, bucket, ...rest } }) => {
        expect([region, bucket]).toEqual(["us-east-2", UNKNOWN]);
        return rest;
      });
    const closed = {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    };
    expect(settings("bucketPublicAccessBlock:BucketPublicAccessBlock")).toEqual([closed, closed]);
    const owned = { rule: { objectOwnership: "BucketOwnerEnforced" } };
    expect(settings("bucketOwnershipControls:BucketOwnershipControls")).toEqual([owned, owned]);
    const versioned = { versioningConfiguration: { status: "Enabled" } };
    expect(settings("bucketVersioning:BucketVersioning")).toEqual([versioned, versioned]);
    const encrypted = { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] };
    expect(settings("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")).toEqual([
      encrypted,
      encrypted,
    ]);
    const rule = { id: "keep", status: "Enabled", filter: { prefix: "" } };
    const abortIncompleteMultipartUpload = { daysAfterInitiation: 7 };
    expect(settings("bucketLifecycleConfiguration:BucketLifecycleConfiguration")).toEqual([
      {
        rules: [
          {
            ...rule,
            abortIncompleteMultipartUpload,
            noncurrentVersionExpiration: { noncurrentDays: 1 },
            expiration: { days: 90 },
          },
        ],
      },
      { rules: [{ ...rule, abortIncompleteMultipartUpload, noncurrentVersionExpiration: { noncurrentDays: 90 } }] },
    ]);
  });

  it("waits for the bucket's policy and the internet gateway", () => {
    const names = plain
      .one("aws:lb/loadBalancer:LoadBalancer")
      .dependencies.map((urn) => urn.split("$").at(-1)?.replace(`::${NAME}`, " "));
    const needed = [
      "aws:s3/bucketPolicy:BucketPolicy -entry-logs",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration -entry-logs",
      "aws:ec2/internetGateway:InternetGateway -network-gateway",
      "aws:ec2/route:Route -network-public-internet",
    ];
    expect(needed.filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each([
    ["off", 0, { mode: "off" }],
    ["accept", 1, { mode: "off" }],
    ["enforce", 1, { mode: "verify", trustStoreArn: UNKNOWN, ignoreClientCertificateExpiry: false }],
  ] as const)("with origin pulls %s has %i trust stores", async (originPullMode, stores, mutualAuthentication) => {
    const run = await recorded({ originPullMode, originPullAuthorities: AUTHORITY });
    expect(run.all("aws:lb/trustStore:TrustStore").length).toBe(stores);
    expect(run.one("aws:lb/listener:Listener").inputs["mutualAuthentication"]).toEqual(mutualAuthentication);
  });

  it("can be turned off again: nothing that is only there for origin pulls is protected", async () => {
    const off = await recorded({ originPullMode: "off" });
    const staying = off.resources.map(({ name, type }) => `${type} ${name}`);
    const gone = full.resources.filter(({ name, type }) => !staying.includes(`${type} ${name}`));
    expect(gone.filter(({ protect }) => protect).map(({ name }) => name)).toEqual([]);
    expect(gone.filter(({ type }) => type === "aws:s3/bucket:Bucket").map(({ inputs }) => inputs)).toEqual([
      { region: "us-east-2", forceDestroy: true, tags: { team: "exchange" } },
    ]);
  });

  it("pins the version of the accepted authorities", () => {
    expect(full.one("aws:lb/trustStore:TrustStore").inputs).toEqual({
      region: "us-east-2",
      caCertificatesBundleS3Bucket: UNKNOWN,
      caCertificatesBundleS3Key: "authorities.pem",
      caCertificatesBundleS3ObjectVersion: UNKNOWN,
      tags: { team: "exchange" },
    });
    expect(full.one("aws:s3/bucketObjectv2:BucketObjectv2").inputs["content"]).toBe(AUTHORITY);
  });
});

describe("deletionProtected: false", () => {
  it("takes away whatever would stop the next `up` from deleting the region", async () => {
    const run = await recorded({ ...FULL, deletionProtected: false });
    expect(run.resources.filter((resource) => resource.protect)).toEqual([]);
    expect(run.one("aws:lb/loadBalancer:LoadBalancer").inputs["enableDeletionProtection"]).toBe(false);
    expect(run.all("aws:s3/bucket:Bucket").map((bucket) => bucket.inputs["forceDestroy"] as boolean)).toEqual([
      true,
      true,
    ]);
    expect(run.one("aws:secretsmanager/secret:Secret").inputs["recoveryWindowInDays"]).toBe(0);
    expect(run.one("aws:kms/key:Key").inputs["deletionWindowInDays"]).toBe(7);
    expect(
      run.all("aws:cloudwatch/logGroup:LogGroup").map((g) => g.inputs["deletionProtectionEnabled"] as boolean),
    ).toEqual([false, false]);
  });

  it("is not the default", () => {
    expect(full.resources.filter((resource) => resource.protect).map((resource) => resource.name)).toEqual([
      "exchange-us-east-2-key",
      "exchange-us-east-2-lb",
      "exchange-us-east-2-entry-logs",
    ]);
    expect(full.one("aws:secretsmanager/secret:Secret").inputs["recoveryWindowInDays"]).toBe(30);
  });
});

const missing = contractsMissing();
describe.skipIf(skipped(missing))("the vendors' contracts", () => {
  it("find nothing in a region, with everything asked for or nothing", () => {
    expect([...contractFindings(graphOf(plain)), ...contractFindings(graphOf(full))]).toEqual([]);
  });

  it("would find a planted mistake", () => {
    const graph = JSON.parse(JSON.stringify(graphOf(plain)).replace('"cpu":"1024"', '"cpu":"1000"')) as object;
    expect(contractFindings(graph).length > 0).toBe(true);
  });
});
