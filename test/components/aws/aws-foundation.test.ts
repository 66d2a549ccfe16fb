// Proves what a registry keeps and what a deploy identity may do, by exact documents and IAM's limits. It does not prove that these
// rights suffice for a deployment to AWS: only an account can.
import { describe, expect, it } from "vitest";
import {
  AwsDeployIdentity,
  awsDeployIdentityIssues,
  AwsRegistry,
  awsRegistryIssues,
  type AwsDeployIdentityArgs,
  type AwsRegistryArgs,
} from "../../../components/aws";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record, value, type Recording } from "../../support/mocks";
import { skipped } from "../../support/skip";
import { ACCOUNT } from "./arguments";

const registryArgs: AwsRegistryArgs = { region: "us-east-2", repositoryName: "exchange" };

const deployArgs: AwsDeployIdentityArgs = {
  accountId: ACCOUNT,
  githubRepository: "example/exchange",
  githubEnvironment: "production",
  namePrefix: "exchange",
  regions: ["us-east-2", "us-west-2"],
  repositoryNames: ["exchange"],
};

interface Statement {
  Sid: string;
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

const deploy = (extra: Partial<AwsDeployIdentityArgs> = {}): Promise<Recording<AwsDeployIdentity>> =>
  record(() => new AwsDeployIdentity("exchange-foundation", { ...deployArgs, ...extra }), {
    computed: (type) => (type === "aws:iam/openIdConnectProvider:OpenIdConnectProvider" ? { arn: "arn:github" } : {}),
  });

const statementsOf = (run: Recording<unknown>): Record<string, Statement[]> =>
  Object.fromEntries(
    run.all("aws:iam/policy:Policy").map(({ inputs }) => {
      const name = inputs["name"] as string;
      return [name, (JSON.parse(inputs["policy"] as string) as { Statement: Statement[] }).Statement];
    }),
  );

const listOf = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

describe("AwsRegistry", () => {
  it("keeps tags immutable, scans, encrypts, and cannot be deleted with images in it", async () => {
    const repository = (await record(() => new AwsRegistry("exchange", registryArgs))).one(
      "aws:ecr/repository:Repository",
    );
    expect(repository.inputs).toEqual({
      region: "us-east-2",
      name: "exchange",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS" }],
      forceDelete: false,
      tags: {},
    });
    expect(repository.protect).toBe(true);
  });

  it("deletes nothing but trials by age", async () => {
    const run = await record(() => new AwsRegistry("exchange", registryArgs));
    const policy = run.one("aws:ecr/lifecyclePolicy:LifecyclePolicy").inputs["policy"] as string;
    expect(JSON.parse(policy)).toEqual({
      rules: [
        {
          rulePriority: 1,
          description: "Images tagged trial- are for trials and are never deployed",
          selection: {
            tagStatus: "tagged",
            tagPrefixList: ["trial-"],
            countType: "sinceImagePushed",
            countUnit: "days",
            countNumber: 30,
          },
          action: { type: "expire" },
        },
      ],
    });
    // ECR refuses policies of fewer than 100 characters.
    expect(policy.length >= 100).toBe(true);
  });

  it("tells where to push", async () => {
    const url = `${ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/exchange`;
    const run = await record(async () => value(new AwsRegistry("exchange", registryArgs).repositoryUrl), {
      computed: () => ({ repositoryUrl: url }),
    });
    expect(run.result).toBe(url);
  });

  it("can be deleted with its images when told", async () => {
    const run = await record(() => new AwsRegistry("exchange", { ...registryArgs, deletionProtected: false }));
    const { inputs, protect } = run.one("aws:ecr/repository:Repository");
    expect([inputs["forceDelete"], protect]).toEqual([true, false]);
  });

  it.each([
    [
      { repositoryName: "Exchange" },
      {
        path: "repositoryName",
        expected: "2 to 256 lower-case letters and digits, with single separators between them",
        got: '"Exchange"',
        fix: 'write it as pipelines will, such as "exchange"',
      },
    ],
    [
      { trialDays: 0 },
      { path: "trialDays", expected: "a whole number from 1 to 365", got: "0", fix: "take a number of days" },
    ],
  ])("rejects %j", (extra, issue) => {
    expect(awsRegistryIssues({ ...registryArgs, ...extra })).toEqual([issue]);
  });
});

describe("AwsDeployIdentity", () => {
  it("trusts one repository in one environment", async () => {
    const run = await deploy();
    const role = run.one("aws:iam/role:Role");
    expect(JSON.parse(role.inputs["assumeRolePolicy"] as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "GitHub",
          Effect: "Allow",
          Principal: { Federated: "arn:github" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": "repo:example/exchange:environment:production",
            },
          },
        },
      ],
    });
    expect(role.inputs["name"]).toBe("deploy-exchange");
  });

  it("takes the account's provider where there is one", async () => {
    const run = await deploy({ openIdConnectProviderArn: "arn:brought" });
    expect(run.all("aws:iam/openIdConnectProvider:OpenIdConnectProvider")).toEqual([]);
    expect(run.one("aws:iam/role:Role").inputs["assumeRolePolicy"]).toContain('"Federated":"arn:brought"');
  });

  it("stays within IAM's limits, however many regions there are", async () => {
    const regions = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "ap-southeast-2"];
    const run = await deploy({ regions });
    const sizes = run.all("aws:iam/policy:Policy").map(({ inputs }) => (inputs["policy"] as string).length);
    expect([sizes.length, sizes.filter((size) => size > 6144)]).toEqual([7, []]);
    expect(run.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment").length).toBe(6);
  });

  it("acts in the program's regions alone, but for IAM, which has none", async () => {
    const all = Object.entries(statementsOf(await deploy()))
      .filter(([name]) => !name.endsWith("-boundary") && !name.endsWith("-identity"))
      .flatMap(([, statements]) => statements);
    const regions = all.map(({ Condition }) => Condition?.["StringEquals"]?.["aws:RequestedRegion"]);
    expect([...new Set(regions.map((list) => JSON.stringify(list)))]).toEqual(['["us-east-2","us-west-2"]']);
  });

  it("names no resource freely but for these statements, of which AWS knows no resources before they exist", async () => {
    const free = Object.values(statementsOf(await deploy()))
      .flat()
      .filter(({ Resource }) => listOf(Resource).includes("*"))
      .map(({ Sid }) => Sid);
    expect(free.sort()).toEqual([
      "FindGroups",
      "MakeNetwork",
      "NewKey",
      "Read",
      "RemoveNetwork",
      "RequestCertificate",
      "Scaling",
      "SignInToRegistry",
      "TaskDefinition",
    ]);
  });

  it("makes and shapes roles under the boundary alone, and passes them to tasks and flow logs alone", async () => {
    const identity = statementsOf(await deploy())["deploy-exchange-identity"] ?? [];
    const roles = `arn:aws:iam::${ACCOUNT}:role/exchange-*`;
    expect(identity.slice(0, 1)).toEqual([
      {
        Sid: "ShapeRoles",
        Effect: "Allow",
        Action: ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
        Resource: roles,
        Condition: {
          StringEquals: { "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/deploy-exchange-boundary` },
        },
      },
    ]);
    expect(identity.find(({ Sid }) => Sid === "PassRoles")?.Condition).toEqual({
      StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com", "vpc-flow-logs.amazonaws.com"] },
    });
    const unbounded = identity.flatMap(({ Action, Condition }) => (Condition === undefined ? listOf(Action) : []));
    const dangerous = [
      "iam:AttachRolePolicy",
      "iam:CreateRole",
      "iam:DeleteRolePermissionsBoundary",
      "iam:PutRolePolicy",
    ];
    expect(unbounded.filter((action) => dangerous.includes(action) || action.includes("*"))).toEqual([]);
  });

  it("reaches itself by reading alone", async () => {
    const own = [
      `arn:aws:iam::${ACCOUNT}:role/deploy-exchange`,
      `arn:aws:iam::${ACCOUNT}:policy/deploy-exchange-read`,
      `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
    ];
    const matches = (pattern: string, arn: string): boolean =>
      new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(arn);
    const actions = Object.values(statementsOf(await deploy()))
      .flat()
      .filter(({ Resource }) => listOf(Resource).some((pattern) => own.some((arn) => matches(pattern, arn))))
      .flatMap(({ Action }) => listOf(Action))
      .filter((action) => action.startsWith("iam:"));
    expect([...new Set(actions)].sort()).toEqual([
      "iam:GetOpenIDConnectProvider",
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
      "iam:GetRole",
      "iam:ListAttachedRolePolicies",
      "iam:ListPolicyVersions",
      "iam:ListRolePolicies",
    ]);
  });

  it("tells role and boundary", async () => {
    const run = await deploy();
    expect(run.one("twodoor:index:AwsDeployIdentity").outputs["permissionsBoundaryArn"]).toBe(
      `arn:aws:iam::${ACCOUNT}:policy/deploy-exchange-boundary`,
    );
  });

  it.each([
    [
      { githubRepository: "example/*" },
      {
        path: "githubRepository",
        expected: "one GitHub repository",
        got: '"example/*"',
        fix: "write ORGANISATION/REPOSITORY, without wildcards",
      },
    ],
    [
      { githubEnvironment: "*" },
      {
        path: "githubEnvironment",
        expected: "one GitHub environment",
        got: '"*"',
        fix: "name the environment that the deploying job runs in, without wildcards",
      },
    ],
    [
      { namePrefix: "exchange-production" },
      {
        path: "namePrefix",
        expected: "2 to 14 lower-case letters, digits and hyphens",
        got: '"exchange-production"',
        fix: "take the name of the component that the program makes",
      },
    ],
    [{ regions: [] }, { path: "regions", expected: "at least one", got: "an empty list", fix: "name them" }],
  ])("rejects %j", (extra, issue) => {
    expect(awsDeployIdentityIssues({ ...deployArgs, ...extra })).toEqual([issue]);
  });
});

const missing = contractsMissing();
describe.skipIf(skipped(missing))("the vendors' contracts", () => {
  it("find nothing in registry and deploy identity", async () => {
    const registry = await record(() => new AwsRegistry("exchange", registryArgs));
    expect([...contractFindings(graphOf(registry)), ...contractFindings(graphOf(await deploy()))]).toEqual([]);
  });
});
