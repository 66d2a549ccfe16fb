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

/** The condition keys of one request, as AWS fills them in. */
type Context = Record<string, string>;

const like = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  ).test(text);

/** IAM's judgement of a condition, for the operators that the policies use; a request names the first of the regions unless it says otherwise. */
function holds(condition: Statement["Condition"], given: Context): boolean {
  const context: Context = { "aws:RequestedRegion": "us-east-2", ...given };
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const had = context[key];
      const values = listOf(wanted as string | string[]);
      if (operator === "Null") return values.includes(String(had === undefined));
      if (had === undefined) return operator.endsWith("IfExists");
      return values.some((value) => (operator.startsWith("StringLike") ? like(value, had) : value === had));
    }),
  );
}

/** Whether the policies allow one action on every one of the resources that AWS asks for, each with its own context. */
function mayDo(statements: Statement[], action: string, resources: [arn: string, context: Context][]): boolean {
  return resources.every(([arn, context]) =>
    statements.some(
      ({ Action, Resource, Condition }) =>
        listOf(Action).some((pattern) => like(pattern, action)) &&
        listOf(Resource).some((pattern) => like(pattern, arn)) &&
        holds(Condition, context),
    ),
  );
}

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

  it("names no resource freely but for these statements, of which AWS knows no resources by name before they exist", async () => {
    const free = Object.values(statementsOf(await deploy()))
      .flat()
      .filter(({ Resource }) => listOf(Resource).includes("*"))
      .map(({ Sid }) => Sid);
    expect(free.sort()).toEqual([
      "ChangeNetwork",
      "FindGroups",
      "MakeNetwork",
      "NameWhatIsMade",
      "NewKey",
      "Read",
      "RequestCertificate",
      "Scaling",
      "SignInToRegistry",
      "TaskDefinition",
    ]);
  });

  it("makes and shapes roles under the boundary alone, and passes them to tasks and flow logs alone", async () => {
    const identity = statementsOf(await deploy())["deploy-exchange-identity"] ?? [];
    const roles = ["execution", "flow", "task"].map(
      (purpose) => `arn:aws:iam::${ACCOUNT}:role/exchange-*-${purpose}-???????`,
    );
    expect(identity.slice(0, 1)).toEqual([
      {
        Sid: "ShapeRoles",
        Effect: "Allow",
        Action: [
          "iam:CreateRole",
          "iam:DeleteRolePolicy",
          "iam:PutRolePermissionsBoundary",
          "iam:PutRolePolicy",
          "iam:UpdateAssumeRolePolicy",
        ],
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
      "iam:UpdateAssumeRolePolicy",
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

  const ec2 = (resource: string): string => `arn:aws:ec2:us-east-2:${ACCOUNT}:${resource}`;
  const named = (Name: string): Context => ({ "aws:ResourceTag/Name": Name });
  const ours = named("exchange-us-east-2-network");
  const theirs = named("bank-core");
  const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const boundary = { "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/deploy-exchange-boundary` };
  const toTasks = { "iam:PassedToService": "ecs-tasks.amazonaws.com" };
  const key = `arn:aws:kms:us-east-2:${ACCOUNT}:key/1`;
  const secret = `arn:aws:secretsmanager:us-east-2:${ACCOUNT}:secret:exchange-us-east-2-secret-A-1a2b3c4`;

  it.each<[what: string, allowed: boolean, action: string, resources: [string, Context][]]>([
    ["make a VPC", true, "ec2:CreateVpc", [[ec2("vpc/*"), {}]]],
    ["tag a VPC as it is made", true, "ec2:CreateTags", [[ec2("vpc/vpc-1"), { "ec2:CreateAction": "CreateVpc" }]]],
    ["change a VPC of its own", true, "ec2:ModifyVpcAttribute", [[ec2("vpc/vpc-1"), ours]]],
    ["change another's VPC", false, "ec2:ModifyVpcAttribute", [[ec2("vpc/vpc-2"), theirs]]],
    [
      "rename another's VPC",
      false,
      "ec2:CreateTags",
      [[ec2("vpc/vpc-2"), { ...theirs, "aws:RequestTag/Name": "exchange-x" }]],
    ],
    ["delete another's VPC", false, "ec2:DeleteVpc", [[ec2("vpc/vpc-2"), theirs]]],
    [
      "make a rule in a group of its own",
      true,
      "ec2:AuthorizeSecurityGroupIngress",
      [
        [ec2("security-group/sg-1"), ours],
        [ec2("security-group-rule/*"), {}],
      ],
    ],
    [
      "make a rule in another's group",
      false,
      "ec2:AuthorizeSecurityGroupIngress",
      [
        [ec2("security-group/sg-2"), theirs],
        [ec2("security-group-rule/*"), {}],
      ],
    ],
    [
      "change a rule about AWS's own list",
      true,
      "ec2:ModifySecurityGroupRules",
      [
        [ec2("security-group/sg-1"), ours],
        [ec2("security-group-rule/sgr-1"), {}],
        ["arn:aws:ec2:us-east-2:aws:prefix-list/pl-1", {}],
      ],
    ],
    [
      "name a default group that nobody has named",
      true,
      "ec2:CreateTags",
      [[ec2("security-group/sg-1"), { "aws:RequestTag/Name": "exchange-us-east-2-network-unused" }]],
    ],
    [
      "name a default group that somebody has named",
      false,
      "ec2:CreateTags",
      [[ec2("security-group/sg-2"), { ...theirs, "aws:RequestTag/Name": "exchange-us-east-2-network-unused" }]],
    ],
    [
      "act in another region",
      false,
      "ec2:ModifyVpcAttribute",
      [[ec2("vpc/vpc-1"), { ...ours, "aws:RequestedRegion": "eu-west-1" }]],
    ],
    [
      "change whom a role of its own trusts",
      true,
      "iam:UpdateAssumeRolePolicy",
      [[role("exchange-us-east-2-task-1a2b3c4"), boundary]],
    ],
    [
      "change whom a role without the boundary trusts",
      false,
      "iam:UpdateAssumeRolePolicy",
      [[role("exchange-us-east-2-task-1a2b3c4"), {}]],
    ],
    ["pass a role of its own", true, "iam:PassRole", [[role("exchange-us-east-2-execution-1a2b3c4"), toTasks]]],
    ["pass a role that only begins like its own", false, "iam:PassRole", [[role("exchange-administrator"), toTasks]]],
    ["tag a key of its own", true, "kms:TagResource", [[key, named("exchange-us-east-2-key")]]],
    ["tag another's key", false, "kms:TagResource", [[key, named("bank-key")]]],
    ["read a secret of its own", true, "secretsmanager:GetSecretValue", [[secret, {}]]],
    ["give a secret of its own away", false, "secretsmanager:PutResourcePolicy", [[secret, {}]]],
  ])("to %s: %s", async (_what, allowed, action, resources) => {
    const statements = Object.entries(statementsOf(await deploy()))
      .filter(([name]) => !name.endsWith("-boundary"))
      .flatMap(([, list]) => list);
    expect(mayDo(statements, action, resources)).toBe(allowed);
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
