// Proves what runs in an AWS region, with which rights, and when it rings: exact inputs of a recorded program. It does not prove how ECS
// deploys or that an alarm rings.
import { describe, expect, it } from "vitest";
import { AwsRegion, type AwsRegionArgs } from "../../../components/aws";
import { record, UNKNOWN, type Recorded, type Recording } from "../../support/mocks";
import { ACCOUNT, IMAGE, regionArgs, SECRET_VALUE } from "./arguments";

const NAME = "exchange-us-east-2";
const GROUP = `arn:aws:logs:us-east-2:${ACCOUNT}:log-group:/twodoor/test/${NAME}/replicas`;
const SECRET_ARN = `arn:aws:secretsmanager:us-east-2:${ACCOUNT}:secret:JOURNAL-AbCdEf`;
const KEY_ARN = `arn:aws:kms:us-east-2:${ACCOUNT}:key/1`;

/** What AWS computes, as far as documents are made of it. */
const COMPUTED: Record<string, Record<string, unknown>> = {
  "aws:secretsmanager/secret:Secret": { arn: SECRET_ARN, id: SECRET_ARN },
  "aws:secretsmanager/secretVersion:SecretVersion": { versionId: "v-1" },
  "aws:kms/key:Key": { arn: KEY_ARN },
};

const recorded = (extra: Partial<AwsRegionArgs> = {}): Promise<Recording<AwsRegion>> =>
  record(() => new AwsRegion(NAME, { ...regionArgs, ...extra }), { computed: (type) => COMPUTED[type] ?? {} });

const container = (run: Recording<unknown>): Record<string, unknown> => {
  const text = run.one("aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"] as string;
  const [only] = JSON.parse(text) as Record<string, unknown>[];
  return only ?? {};
};

const statements = (resource: Recorded, property: string): unknown =>
  (JSON.parse(resource.inputs[property] as string) as { Statement: unknown }).Statement;

describe("the task", () => {
  it("runs as nobody special on a read-only file system, and its document is known while planning", async () => {
    expect(container(await recorded())).toEqual({
      name: "api",
      image: IMAGE,
      essential: true,
      user: "1000:1000",
      readonlyRootFilesystem: true,
      mountPoints: [{ sourceVolume: "writable", containerPath: "/tmp", readOnly: false }],
      linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }],
      environment: [
        { name: "CLOUD", value: "aws" },
        { name: "PORT", value: "8080" },
        { name: "REGION", value: "us-east-2" },
      ],
      secrets: [],
      healthCheck: {
        command: [
          "CMD",
          "node",
          "-e",
          'fetch("http://127.0.0.1:8080/healthz/live").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))',
        ],
        interval: 10,
        timeout: 5,
        retries: 3,
        startPeriod: 60,
      },
      stopTimeout: 60,
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": `/twodoor/test/${NAME}/replicas`,
          "awslogs-region": "us-east-2",
          "awslogs-stream-prefix": "api",
          mode: "non-blocking",
          "max-buffer-size": "25m",
        },
      },
    });
  });

  it("has the size, network and platform that were asked for", async () => {
    const { containerDefinitions, ...inputs } = (await recorded({ vcpus: 4, memoryMib: 16384 })).one(
      "aws:ecs/taskDefinition:TaskDefinition",
    ).inputs;
    expect(typeof containerDefinitions).toBe("string");
    expect(inputs).toEqual({
      region: "us-east-2",
      family: NAME,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "4096",
      memory: "16384",
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
      executionRoleArn: UNKNOWN,
      taskRoleArn: UNKNOWN,
      volumes: [{ name: "writable" }],
      skipDestroy: true,
      tags: {},
    });
  });

  it("reads a secret by ARN and version, so that a new value makes a new task", async () => {
    const run = await recorded({ secrets: { JOURNAL: SECRET_VALUE } });
    expect(container(run)["secrets"]).toEqual([{ name: "JOURNAL", valueFrom: `${SECRET_ARN}:::v-1` }]);
  });

  it("keeps the value before readable for a task that is rolled back", async () => {
    const run = await recorded({ secrets: { JOURNAL: SECRET_VALUE } });
    expect(run.one("aws:secretsmanager/secretVersion:SecretVersion").retainOnDelete).toBe(true);
  });

  it("leaves a secret's value in one input alone, marked as secret", async () => {
    const run = await recorded({ secrets: { JOURNAL: SECRET_VALUE } });
    const holders = run.resources.filter((resource) => JSON.stringify(resource.inputs).includes(SECRET_VALUE));
    expect(holders.map((resource) => [resource.type, resource.secretInputs])).toEqual([
      ["aws:secretsmanager/secretVersion:SecretVersion", ["secretString"]],
    ]);
    expect(run.resources.filter((resource) => JSON.stringify(resource.outputs).includes(SECRET_VALUE))).toEqual([]);
  });
});

describe("the service", () => {
  it("never runs below its minimum, rolls back, and tells when it is steady", async () => {
    const run = await recorded();
    const service = run.one("aws:ecs/service:Service");
    expect(service.inputs).toEqual({
      region: "us-east-2",
      cluster: UNKNOWN,
      taskDefinition: UNKNOWN,
      launchType: "FARGATE",
      platformVersion: "LATEST",
      desiredCount: 6,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { enable: true, rollback: true, alarmNames: [UNKNOWN] },
      healthCheckGracePeriodSeconds: 60,
      loadBalancers: [{ targetGroupArn: UNKNOWN, containerName: "api", containerPort: 8080 }],
      networkConfiguration: { subnets: UNKNOWN, securityGroups: [UNKNOWN], assignPublicIp: false },
      availabilityZoneRebalancing: "DISABLED",
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      waitForSteadyState: true,
      tags: {},
    });
    expect(service.ignoreChanges).toEqual(["desiredCount"]);
    expect(service.customTimeouts).toEqual({ create: "20m", update: "20m", delete: "20m" });
  });

  it("waits for listener, rights, endpoints and ways out", async () => {
    const run = await recorded();
    const names = new Set(run.one("aws:ecs/service:Service").dependencies.map((urn) => urn.split("::").at(-1)));
    const needed = [
      "https",
      "execution",
      "tasks-to-endpoints",
      "tasks-to-s3",
      "network-ecr-api",
      "network-ecr-dkr",
      "network-s3",
      "network-logs",
      "network-secretsmanager",
    ];
    expect(needed.filter((role) => !names.has(`${NAME}-${role}`))).toEqual([]);
  });

  it("scales between the floor and the ceiling, on CPU and on requests at 60 % of what a replica can do", async () => {
    const run = await recorded({ requestsPerSecondPerReplica: 250 });
    expect(run.one("aws:appautoscaling/target:Target").inputs).toEqual({
      region: "us-east-2",
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: UNKNOWN,
      minCapacity: 6,
      maxCapacity: 24,
      tags: {},
    });
    expect(
      run
        .all("aws:appautoscaling/policy:Policy")
        .map(({ inputs }) => inputs["targetTrackingScalingPolicyConfiguration"] as object),
    ).toEqual([
      {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        targetValue: 60,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
      {
        predefinedMetricSpecification: { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel: UNKNOWN },
        targetValue: 9000,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    ]);
  });

  it("changes by a new image in its task definition alone", async () => {
    const before = await recorded();
    const after = await recorded({ image: IMAGE.replace(/a{64}$/, "b".repeat(64)) });
    const changed = after.resources.filter(
      (resource, index) => JSON.stringify(resource.inputs) !== JSON.stringify(before.resources[index]?.inputs),
    );
    expect(changed.map((resource) => resource.type)).toEqual(["aws:ecs/taskDefinition:TaskDefinition"]);
  });

  it("grows by a changed scaling floor and alarm, and by nothing that replaces", async () => {
    const before = await recorded();
    const after = await recorded({ minimumReplicas: 9, maximumReplicas: 36 });
    const changed = after.resources.filter(
      (resource, index) => JSON.stringify(resource.inputs) !== JSON.stringify(before.resources[index]?.inputs),
    );
    expect(changed.map((resource) => resource.name.slice(NAME.length + 1)).sort()).toEqual([
      "healthy-replicas",
      "replica-ceiling",
      "replicas",
      "service",
    ]);
  });
});

describe("rights", () => {
  const trust = (service: string, sourceArn: string): object[] => [
    {
      Sid: "Service",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT }, ArnLike: { "aws:SourceArn": sourceArn } },
    },
  ];

  it("of roles can only be taken on by tasks and flow logs of this account and region", async () => {
    const run = await recorded();
    expect(run.all("aws:iam/role:Role").map((role) => [role.name, statements(role, "assumeRolePolicy")])).toEqual([
      [`${NAME}-execution`, trust("ecs-tasks.amazonaws.com", `arn:aws:ecs:us-east-2:${ACCOUNT}:*`)],
      [`${NAME}-network-flow`, trust("vpc-flow-logs.amazonaws.com", `arn:aws:ec2:us-east-2:${ACCOUNT}:vpc-flow-log/*`)],
      [`${NAME}-task`, trust("ecs-tasks.amazonaws.com", `arn:aws:ecs:us-east-2:${ACCOUNT}:*`)],
    ]);
  });

  it("of the execution role reach one repository, one log group and the listed secrets", async () => {
    const run = await recorded({ secrets: { JOURNAL: SECRET_VALUE } });
    expect(statements(run.one("aws:iam/rolePolicy:RolePolicy", `${NAME}-execution`), "policy")).toEqual([
      { Sid: "SignInToRegistry", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      {
        Sid: "PullImage",
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: `arn:aws:ecr:us-east-2:${ACCOUNT}:repository/exchange`,
      },
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${GROUP}:*`,
      },
      {
        Sid: "ReadSecrets",
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: [SECRET_ARN],
      },
      {
        Sid: "OpenSecrets",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: KEY_ARN,
        Condition: { StringEquals: { "kms:ViaService": "secretsmanager.us-east-2.amazonaws.com" } },
      },
    ]);
  });

  it("of the task itself are none", async () => {
    const run = await recorded();
    expect(run.all("aws:iam/rolePolicy:RolePolicy").map((policy) => policy.name)).toEqual([
      `${NAME}-execution`,
      `${NAME}-network-flow`,
    ]);
  });

  it("are bounded where a boundary is given", async () => {
    const permissionsBoundaryArn = `arn:aws:iam::${ACCOUNT}:policy/deploy-exchange-boundary`;
    const run = await recorded({ permissionsBoundaryArn });
    expect(
      run.all("aws:iam/role:Role").filter((role) => role.inputs["permissionsBoundary"] !== permissionsBoundaryArn),
    ).toEqual([]);
  });

  it("to the key are the account's, the log groups' and the alarms'", async () => {
    const key = (await recorded()).one("aws:kms/key:Key");
    expect(statements(key, "policy")).toEqual([
      {
        Sid: "Account",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "Logs",
        Effect: "Allow",
        Principal: { Service: "logs.us-east-2.amazonaws.com" },
        Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-2:${ACCOUNT}:log-group:/twodoor/test/${NAME}*`,
          },
        },
      },
      {
        Sid: "Alarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      },
    ]);
    expect(key.inputs["enableKeyRotation"]).toBe(true);
  });
});

describe("alarms", () => {
  it("ring at these values, and treat silence on purpose", async () => {
    const run = await recorded({ alarmEmails: ["oncall@example.com"] });
    const rows = run
      .all("aws:cloudwatch/metricAlarm:MetricAlarm")
      .map(({ name, inputs }) => [
        name.slice(NAME.length + 1),
        (inputs["metricName"] ?? "5xx share") as string,
        (inputs["comparisonOperator"] as string).replace("Threshold", ""),
        inputs["threshold"] as number,
        `${String(inputs["datapointsToAlarm"])} of ${String(inputs["evaluationPeriods"])}`,
        inputs["treatMissingData"] as string,
      ]);
    expect(rows).toEqual([
      ["certificate-expiry", "DaysToExpiry", "LessThan", 30, "1 of 1", "ignore"],
      ["cpu", "CPUUtilization", "GreaterThan", 80, "10 of 10", "notBreaching"],
      ["entry-errors", "HTTPCode_ELB_5XX_Count", "GreaterThan", 10, "3 of 5", "notBreaching"],
      ["healthy-replicas", "HealthyHostCount", "LessThan", 6, "3 of 5", "breaching"],
      ["replica-ceiling", "HealthyHostCount", "GreaterThanOrEqualTo", 22, "15 of 15", "notBreaching"],
      ["target-errors", "5xx share", "GreaterThan", 5, "3 of 5", "notBreaching"],
    ]);
    expect(run.one("aws:sns/topicSubscription:TopicSubscription").inputs).toEqual({
      region: "us-east-2",
      topic: UNKNOWN,
      protocol: "email",
      endpoint: "oncall@example.com",
    });
  });

  it("speak to the topic when they begin and when they end", async () => {
    const run = await recorded();
    const alarms = run.all("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.map(({ inputs }) => [inputs["alarmActions"], inputs["okActions"]] as unknown[])).toEqual(
      Array.from({ length: 6 }, () => [[UNKNOWN], [UNKNOWN]]),
    );
  });

  it("count errors as a share of answers, and only where there are enough to tell", async () => {
    const alarm = (await recorded()).one("aws:cloudwatch/metricAlarm:MetricAlarm", `${NAME}-target-errors`);
    const metric = (metricName: string): object => ({
      namespace: "AWS/ApplicationELB",
      metricName,
      dimensions: { LoadBalancer: UNKNOWN, TargetGroup: UNKNOWN },
      period: 60,
      stat: "Sum",
    });
    expect(alarm.inputs["metricQueries"]).toEqual([
      { id: "errors", metric: metric("HTTPCode_Target_5XX_Count"), returnData: false },
      { id: "requests", metric: metric("RequestCount"), returnData: false },
      {
        id: "share",
        expression: "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)",
        label: "Share of 5xx",
        returnData: true,
      },
    ]);
  });

  it("say what to do first and where it is written", async () => {
    const run = await recorded();
    const descriptions = run
      .all("aws:cloudwatch/metricAlarm:MetricAlarm")
      .map(({ name, inputs }) => [name.slice(NAME.length + 1), inputs["alarmDescription"] as string] as const);
    const bad = descriptions.filter(
      ([role, text]) => !text.includes("First look") || !text.endsWith(`See docs/guides/alarms.md#aws-${role}`),
    );
    expect([descriptions.length, bad]).toEqual([6, []]);
  });

  it("know no ceiling where the fleet cannot grow", async () => {
    const run = await recorded({ maximumReplicas: 6 });
    expect(run.all("aws:cloudwatch/metricAlarm:MetricAlarm").length).toBe(5);
  });
});
