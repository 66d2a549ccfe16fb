import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import { refuse } from "../errors";
import { shown, type Issue } from "../sizing/issues";
import { nameIssues, projectIssues } from "./checks";
import { DEPLOY_PERMISSIONS } from "./deploy-permissions";
import { ACCOUNT_ID_LENGTH_MAX, projectScopedId } from "./ids";

/** Issuer of the tokens that GitHub gives to jobs. */
const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";
/** Longest id of a pool. */
const POOL_ID_LENGTH_MAX = 32;

/** Arguments of `GcpDeployIdentity`. */
export interface GcpDeployIdentityArgs {
  /** Id of the project that may be deployed to. Changing this replaces everything. */
  project: string;
  /** Repository whose jobs may deploy: `ORGANIZATION/REPOSITORY`. */
  githubRepository: string;
  /** Environment that a job has to run in: `prod`. Protect it in GitHub, since whoever may use it may deploy. */
  githubEnvironment: string;
  /** GitHub's number of the repository. It is never given twice, whereas a deleted repository's name can be taken by others. Left out, the name alone decides. @default - the name alone decides */
  githubRepositoryId?: string;
  /** E-mail addresses of service accounts of other projects that may deploy and push here too, by a key of your own: a program has one log-in at Google, also for regions in several projects. Defaults to none. @default - none */
  deployers?: Record<string, pulumi.Input<string>>;
}

/** The resources that a `GcpDeployIdentity` is made of. */
export interface GcpDeployIdentityNodes {
  /** The pool of identities from outside. */
  pool: gcp.iam.WorkloadIdentityPool;
  /** GitHub as the pool's provider, with the condition that lets only one environment of one repository in. */
  provider: gcp.iam.WorkloadIdentityPoolProvider;
  /** The account that a job acts as. */
  account: gcp.serviceaccount.Account;
  /** The permissions of `pulumi up`. */
  role: gcp.projects.IAMCustomRole;
  /** What the account may do in the project, by key: `deploy`, `push`; and for each of `deployers`: `KEY-deploy`, `KEY-push`. */
  grants: Record<string, gcp.projects.IAMMember>;
  /** The right of the repository's jobs to act as the account. */
  impersonation: gcp.serviceaccount.IAMMember;
}

const allNodes = new WeakMap<GcpDeployIdentity, GcpDeployIdentityNodes>();

/**
 * How a GitHub job deploys to one project without a stored key.
 *
 * Makes a Workload Identity pool with GitHub as its provider, a service account, a custom role with the permissions of `pulumi up` of
 * this program, that role and the right to push images in this project (for `deployers` too), and the right of one repository's environment
 * to act as the account. It costs nothing. A job outside that environment, a fork or another repository gets no token.
 *
 * The account may act as any service account of the project: keep the project to this program, and take the basic roles off
 * Google's default accounts. A person with the owner's rights makes this; the account cannot change it. Google keeps the
 * id of a deleted pool for 30 days, so give the component another name if you make it again within that time.
 */
export class GcpDeployIdentity extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:GcpDeployIdentity";

  /** Full name of the provider, for the job's log-in: `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/github`. */
  readonly workloadIdentityProvider: pulumi.Output<string>;
  /** E-mail address of the account that the job acts as. */
  readonly serviceAccountEmail: pulumi.Output<string>;

  /**
   * @param name - prefix of every child's name.
   * @param args - who may deploy where.
   * @param opts - the standard options.
   */
  constructor(name: string, args: GcpDeployIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`GcpDeployIdentity "${name}"`, [...nameIssues(name), ...gcpDeployIdentityIssues(args)]);
    super(GcpDeployIdentity.__pulumiType, name, {}, opts);
    const child = { parent: this };

    const pool = buildPool(name, args, child);
    const provider = buildProvider(name, args, pool, child);
    const account = buildAccount(name, args, child);
    const role = buildRole(name, args, child);
    const grants = buildGrants(name, args, role, account, child);
    const impersonation = buildImpersonation(name, args, pool, account, child);
    allNodes.set(this, { pool, provider, account, role, grants, impersonation });

    this.workloadIdentityProvider = provider.name;
    this.serviceAccountEmail = account.email;
    this.registerOutputs({
      workloadIdentityProvider: this.workloadIdentityProvider,
      serviceAccountEmail: this.serviceAccountEmail,
    });
  }

  /** The resources inside, for settings that have no argument. */
  get nodes(): GcpDeployIdentityNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** Every problem of the arguments of a `GcpDeployIdentity`. */
export function gcpDeployIdentityIssues(args: GcpDeployIdentityArgs): Issue[] {
  const { project, githubRepository, githubEnvironment, githubRepositoryId, deployers = {} } = args;
  const issues = projectIssues("project", project);
  if (!/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(githubRepository)) {
    issues.push({
      path: "githubRepository",
      expected: "ORGANIZATION/REPOSITORY",
      got: shown(githubRepository),
      fix: "copy it from the repository's address, without https://github.com/",
    });
  }
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(githubEnvironment)) {
    issues.push({
      path: "githubEnvironment",
      expected: "the name of one environment, of letters, digits, - and _",
      got: shown(githubEnvironment),
      fix: "name the environment that the deploying job runs in",
    });
  }
  for (const [key, email] of Object.entries(deployers)) {
    if (typeof email !== "string" || /^[a-z0-9-]+@[a-z0-9-]+\.iam\.gserviceaccount\.com$/.test(email)) continue;
    issues.push({
      path: `deployers.${key}`,
      expected: "the e-mail address of a service account",
      got: shown(email),
      fix: "take serviceAccountEmail of the other project's identity",
    });
  }
  if (githubRepositoryId !== undefined && !/^[0-9]{1,20}$/.test(githubRepositoryId)) {
    issues.push({
      path: "githubRepositoryId",
      expected: "GitHub's number of the repository",
      got: shown(githubRepositoryId),
      fix: "take the id that api.github.com/repos/ORGANIZATION/REPOSITORY tells",
    });
  }
  return issues;
}

function buildPool(name: string, { project }: GcpDeployIdentityArgs, child: Child): gcp.iam.WorkloadIdentityPool {
  return new gcp.iam.WorkloadIdentityPool(
    `${name}-pool`,
    {
      project,
      workloadIdentityPoolId: projectScopedId(name, "github", POOL_ID_LENGTH_MAX),
      displayName: "GitHub",
      description: `Jobs that deploy ${name}`,
    },
    child,
  );
}

function buildProvider(
  name: string,
  { project, githubRepository, githubEnvironment, githubRepositoryId }: GcpDeployIdentityArgs,
  pool: gcp.iam.WorkloadIdentityPool,
  child: Child,
): gcp.iam.WorkloadIdentityPoolProvider {
  const conditions = [
    `assertion.repository == '${githubRepository}'`,
    `assertion.environment == '${githubEnvironment}'`,
    ...(githubRepositoryId === undefined ? [] : [`assertion.repository_id == '${githubRepositoryId}'`]),
  ];
  return new gcp.iam.WorkloadIdentityPoolProvider(
    `${name}-github`,
    {
      project,
      workloadIdentityPoolId: pool.workloadIdentityPoolId,
      workloadIdentityPoolProviderId: "github",
      displayName: "GitHub Actions",
      oidc: { issuerUri: GITHUB_ISSUER },
      attributeMapping: {
        "google.subject": "assertion.sub",
        "attribute.repository": "assertion.repository",
        "attribute.environment": "assertion.environment",
      },
      // Tokens of every repository in the world come from this issuer; this line is the lock.
      attributeCondition: conditions.join(" && "),
    },
    child,
  );
}

function buildAccount(name: string, { project }: GcpDeployIdentityArgs, child: Child): gcp.serviceaccount.Account {
  return new gcp.serviceaccount.Account(
    `${name}-account`,
    { project, accountId: projectScopedId(name, "deploy", ACCOUNT_ID_LENGTH_MAX), displayName: `Deploys ${name}` },
    child,
  );
}

function buildRole(name: string, { project }: GcpDeployIdentityArgs, child: Child): gcp.projects.IAMCustomRole {
  return new gcp.projects.IAMCustomRole(
    `${name}-role`,
    {
      project,
      // Role ids take no hyphen.
      roleId: projectScopedId(name, "deployer", 64).replace(/-/g, "_"),
      title: `Deployer of ${name}`,
      description: "What pulumi up of the exchange API needs in this project",
      permissions: [...DEPLOY_PERMISSIONS].sort(),
    },
    child,
  );
}

/** Role and push right of the project's own account, and of each account of elsewhere. */
function buildGrants(
  name: string,
  { project, deployers = {} }: GcpDeployIdentityArgs,
  role: gcp.projects.IAMCustomRole,
  account: gcp.serviceaccount.Account,
  child: Child,
): Record<string, gcp.projects.IAMMember> {
  const roles = { deploy: role.name, push: "roles/artifactregistry.writer" };
  const grantsOf = (prefix: string, email: pulumi.Input<string>): [string, gcp.projects.IAMMember][] =>
    Object.entries(roles).map(([key, granted]) => [
      `${prefix}${key}`,
      new gcp.projects.IAMMember(
        `${name}-${prefix}${key}`,
        { project, role: granted, member: pulumi.interpolate`serviceAccount:${email}` },
        child,
      ),
    ]);
  return Object.fromEntries([
    ...grantsOf("", account.email),
    ...Object.entries(deployers).flatMap(([key, email]) => grantsOf(`${key}-`, email)),
  ]);
}

function buildImpersonation(
  name: string,
  { githubRepository }: GcpDeployIdentityArgs,
  pool: gcp.iam.WorkloadIdentityPool,
  account: gcp.serviceaccount.Account,
  child: Child,
): gcp.serviceaccount.IAMMember {
  return new gcp.serviceaccount.IAMMember(
    `${name}-impersonation`,
    {
      serviceAccountId: account.name,
      role: "roles/iam.workloadIdentityUser",
      member: pulumi.interpolate`principalSet://iam.googleapis.com/${pool.name}/attribute.repository/${githubRepository}`,
    },
    child,
  );
}
