import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tagIssues } from "../checks";
import type { Child } from "../child";
import { refuse } from "../errors";
import { shown, type Issue } from "../sizing/issues";
import { boundaryStatements, deployStatements, type DeployScope } from "./deploy-policies";
import { partitionOf } from "./names";
import { accountIssues, regionIssues } from "./checks";
import { policyDocument } from "./policy";

/** GitHub's issuer of workflow tokens, without the scheme: so IAM names it in conditions. */
const ISSUER = "token.actions.githubusercontent.com";
/** Who the tokens are meant for: what AWS's action for credentials asks GitHub for. */
const AUDIENCE = "sts.amazonaws.com";
/** A prefix that is longer would be cut off in the 24 characters that load balancers leave. */
const PREFIX_MAX = 14;

/** What the deploy identity of one AWS account is told. */
export interface AwsDeployIdentityArgs {
  /** Account id, 12 digits. */
  accountId: string;
  /** GitHub repository whose workflows deploy: `example/exchange`. */
  githubRepository: string;
  /** GitHub environment in which those workflows run: `production`. Protect it by reviewers and branches: its name is what AWS trusts. */
  githubEnvironment: string;
  /** What the names of everything begin with that the program makes, at most 14 characters: `exchange`. Rights end there. */
  namePrefix: string;
  /** Regions in which the program makes anything. Rights end there. */
  regions: string[];
  /** Names of the ECR repositories that workflows push to. */
  repositoryNames: string[];
  /** ARN of the account's identity provider for GitHub, of which there can be only one. Defaults to none: it is made. @default - it is made */
  openIdConnectProviderArn?: pulumi.Input<string>;
  /** Tags of provider, role and policies. Defaults to none. @default - none */
  tags?: Record<string, string>;
}

/** The resources of an `AwsDeployIdentity`. */
export interface AwsDeployIdentityNodes {
  /** Nothing where a provider was brought. */
  provider: aws.iam.OpenIdConnectProvider | undefined;
  role: aws.iam.Role;
  boundary: aws.iam.Policy;
  /** Keyed by what they are about: read, network, entry, compute, data, identity. */
  policies: Record<string, aws.iam.Policy>;
}

const allNodes = new WeakMap<AwsDeployIdentity, AwsDeployIdentityNodes>();

/**
 * Who deploys to one AWS account: workflows of one GitHub repository in one GitHub environment, with no key that could leak.
 *
 * It makes the identity provider for GitHub (or takes the account's), the role `deploy-PREFIX`, its policies, and the policy
 * `deploy-PREFIX-boundary`. The role can do what `pulumi up` of this program and pushing an image need, on what begins with the prefix
 * and in the named regions. It can make roles only under the boundary, and pass them only to tasks and flow logs, so that whoever
 * controls a workflow cannot make themselves more than a deployer. Give the boundary's ARN to `AwsRegion`.
 *
 * Apply it once with your own rights: the role cannot change itself. Costs nothing.
 */
export class AwsDeployIdentity extends pulumi.ComponentResource {
  static readonly __pulumiType = "twodoor:index:AwsDeployIdentity";

  /** ARN of the role, for the workflow's `role-to-assume`. */
  readonly roleArn: pulumi.Output<string>;
  /** ARN of the policy that bounds every role that the program makes. Known before it exists. */
  readonly permissionsBoundaryArn: pulumi.Output<string>;

  /**
   * @param name - logical name; every child's name begins with it.
   * @param args - see `AwsDeployIdentityArgs`.
   * @param opts - the standard options.
   */
  constructor(name: string, args: AwsDeployIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`AwsDeployIdentity "${name}"`, awsDeployIdentityIssues(args));
    super(AwsDeployIdentity.__pulumiType, name, {}, opts);
    const child = { parent: this };
    const scope = scopeOf(args);
    const provider = args.openIdConnectProviderArn === undefined ? buildProvider(name, args, child) : undefined;
    const providerArn = pulumi.output(args.openIdConnectProviderArn ?? provider?.arn ?? "");
    const boundary = buildPolicy(name, "boundary", args, boundaryStatements(scope), child);
    const role = buildRole(name, args, providerArn, child);
    const policies = Object.fromEntries(
      Object.entries(deployStatements(scope)).map(([about, statements]) => {
        const policy = buildPolicy(name, about, args, statements, child);
        new aws.iam.RolePolicyAttachment(`${name}-${about}`, { role: role.name, policyArn: policy.arn }, child);
        return [about, policy];
      }),
    );

    this.roleArn = role.arn;
    this.permissionsBoundaryArn = pulumi.output(scope.boundaryArn);
    allNodes.set(this, { provider, role, boundary, policies });
    this.registerOutputs({ roleArn: this.roleArn, permissionsBoundaryArn: this.permissionsBoundaryArn });
  }

  /** The resources themselves, for what no argument covers. */
  get nodes(): AwsDeployIdentityNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** What keeps an `AwsDeployIdentity` from being built with these arguments. */
export function awsDeployIdentityIssues(args: AwsDeployIdentityArgs): Issue[] {
  const found = [...accountIssues("accountId", args.accountId), ...tagIssues("tags", args.tags ?? {})];
  if (!/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(args.githubRepository)) {
    const fix = "write ORGANISATION/REPOSITORY, without wildcards";
    found.push({ path: "githubRepository", expected: "one GitHub repository", got: shown(args.githubRepository), fix });
  }
  if (!/^[A-Za-z0-9._-]+$/.test(args.githubEnvironment)) {
    const fix = "name the environment that the deploying job runs in, without wildcards";
    found.push({
      path: "githubEnvironment",
      expected: "one GitHub environment",
      got: shown(args.githubEnvironment),
      fix,
    });
  }
  if (args.namePrefix.length > PREFIX_MAX || !/^[a-z][a-z0-9-]*[a-z0-9]$/.test(args.namePrefix)) {
    const expected = `2 to ${String(PREFIX_MAX)} lower-case letters, digits and hyphens`;
    const fix = "take the name of the component that the program makes";
    found.push({ path: "namePrefix", expected, got: shown(args.namePrefix), fix });
  }
  const lists = { regions: args.regions, repositoryNames: args.repositoryNames };
  const empty = Object.entries(lists).filter(([, list]) => list.length === 0);
  return [
    ...found,
    ...empty.map(([path]) => ({ path, expected: "at least one", got: "an empty list", fix: "name them" })),
    ...args.regions.flatMap((region, index) => regionIssues(`regions[${String(index)}]`, region)),
  ];
}

function scopeOf({ accountId, regions, namePrefix, repositoryNames }: AwsDeployIdentityArgs): DeployScope {
  const partition = partitionOf(regions[0] ?? "");
  const boundaryArn = `arn:${partition}:iam::${accountId}:policy/deploy-${namePrefix}-boundary`;
  return { accountId, regions, namePrefix, repositoryNames, boundaryArn };
}

function buildProvider(name: string, { tags }: AwsDeployIdentityArgs, child: Child): aws.iam.OpenIdConnectProvider {
  return new aws.iam.OpenIdConnectProvider(
    `${name}-github`,
    // Without thumbprints AWS checks GitHub's certificate by its own store of authorities.
    { url: `https://${ISSUER}`, clientIdLists: [AUDIENCE], tags: tags ?? {} },
    child,
  );
}

/** The role's name does not begin with the prefix, so that none of its rights over roles reaches itself. */
function buildRole(
  name: string,
  { githubRepository, githubEnvironment, namePrefix, tags }: AwsDeployIdentityArgs,
  providerArn: pulumi.Output<string>,
  child: Child,
): aws.iam.Role {
  return new aws.iam.Role(
    `${name}-deploy`,
    {
      name: `deploy-${namePrefix}`,
      description: `Deploys from ${githubRepository} in the GitHub environment ${githubEnvironment}`,
      assumeRolePolicy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "GitHub",
            Effect: "Allow",
            Principal: { Federated: providerArn },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
              StringEquals: {
                [`${ISSUER}:aud`]: AUDIENCE,
                [`${ISSUER}:sub`]: `repo:${githubRepository}:environment:${githubEnvironment}`,
              },
            },
          },
        ],
      }),
      maxSessionDuration: 7200,
      tags: tags ?? {},
    },
    child,
  );
}

function buildPolicy(
  name: string,
  about: string,
  { namePrefix, tags }: AwsDeployIdentityArgs,
  statements: Parameters<typeof policyDocument>[0],
  child: Child,
): aws.iam.Policy {
  return new aws.iam.Policy(
    `${name}-${about}`,
    { name: `deploy-${namePrefix}-${about}`, policy: policyDocument(statements), tags: tags ?? {} },
    child,
  );
}
