// Proves what an empty Google project is given before the first region: APIs, a registry, an identity to deploy with, and who may use it.
// It does not prove that the permissions are enough: that takes a deployment to Google.
import { describe, expect, it } from "vitest";
import {
  GcpDeployIdentity,
  GcpProjectServices,
  GcpRegistry,
  gcpDeployIdentityIssues,
  gcpProjectServicesIssues,
  gcpRegistryIssues,
  type GcpDeployIdentityArgs,
  type GcpRegistryArgs,
} from "../../../components/gcp";
import { DEPLOY_PERMISSIONS } from "../../../components/gcp/deploy-permissions";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record, value } from "../../support/mocks";
import { skipped } from "../../support/skip";

const REGISTRY: GcpRegistryArgs = { project: "twodoor-central", region: "us-central1" };
const IDENTITY: GcpDeployIdentityArgs = {
  project: "twodoor-central",
  githubRepository: "acme/exchange",
  githubEnvironment: "prod",
};

function computed(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (type) {
    case "gcp:iam/workloadIdentityPool:WorkloadIdentityPool":
      return { name: "projects/42/locations/global/workloadIdentityPools/pool" };
    case "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider":
      return { name: "projects/42/locations/global/workloadIdentityPools/pool/providers/github" };
    case "gcp:serviceaccount/account:Account": {
      const email = `${String(inputs.accountId)}@twodoor-central.iam.gserviceaccount.com`;
      return { email, name: `projects/twodoor-central/serviceAccounts/${email}` };
    }
    case "gcp:projects/iAMCustomRole:IAMCustomRole":
      return { name: `projects/${String(inputs.project)}/roles/${String(inputs.roleId)}` };
    default:
      return { name };
  }
}

describe("APIs", () => {
  it("are switched on, sorted by name, and never off", async () => {
    const recording = await record(
      async () => value(new GcpProjectServices("central", { project: "twodoor-central" }).services),
      {
        preview: false,
      },
    );
    expect(recording.result).toEqual([
      "artifactregistry.googleapis.com",
      "certificatemanager.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "compute.googleapis.com",
      "iam.googleapis.com",
      "iamcredentials.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "networksecurity.googleapis.com",
      "run.googleapis.com",
      "secretmanager.googleapis.com",
      "serviceusage.googleapis.com",
      "sts.googleapis.com",
    ]);
    expect(recording.one("gcp:projects/service:Service", "central-run").inputs).toEqual({
      project: "twodoor-central",
      service: "run.googleapis.com",
      disableOnDestroy: false,
      disableDependentServices: false,
    });
  });

  it.each([
    [["run"], 'services[0]: the full name of a Google API; got "run"'],
    [["run.googleapis.com", "run.googleapis.com"], 'services[1]: each API once; got "run.googleapis.com" again'],
  ])("rejects %j", (services, expected) => {
    const issues = gcpProjectServicesIssues({ project: "twodoor-central", services });
    expect(issues.map(({ path, expected, got }) => `${path}: ${expected}; got ${got}`)).toEqual([expected]);
  });
});

describe("the registry", () => {
  it("keeps every tagged image for good and lets none be overwritten", async () => {
    const recording = await record(async () => value(new GcpRegistry("exchange", REGISTRY).repositoryUrl), {
      preview: false,
    });
    expect(recording.result).toBe("us-central1-docker.pkg.dev/twodoor-central/exchange/exchange");
    const repository = recording.one("gcp:artifactregistry/repository:Repository");
    expect(repository.protect).toBe(true);
    expect(repository.deleteBeforeReplace).toBe(true);
    expect(repository.inputs).toEqual({
      project: "twodoor-central",
      location: "us-central1",
      repositoryId: "exchange",
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      description: "Images of the exchange API, one tag for each, deployed by digest",
      dockerConfig: { immutableTags: true },
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      cleanupPolicyDryRun: false,
      cleanupPolicies: [
        { id: "keep-recent", action: "KEEP", mostRecentVersions: { keepCount: 100 } },
        { id: "delete-untagged", action: "DELETE", condition: { tagState: "UNTAGGED", olderThan: "7776000s" } },
      ],
      labels: {},
    });
  });

  it.each([
    [{ repositoryId: "Exchange" }, "repositoryId"],
    [{ imageName: "my_image" }, "imageName"],
    [{ region: "us" }, "region"],
    [{ project: "p" }, "project"],
  ] as [Partial<GcpRegistryArgs>, string][])("rejects %j", (changes, path) => {
    expect(gcpRegistryIssues({ ...REGISTRY, ...changes }).map((issue) => issue.path)).toEqual([path]);
  });
});

describe("the deploy identity", () => {
  it("lets in one environment of one repository, and nobody else", async () => {
    const args = { ...IDENTITY, githubRepositoryId: "1296269" };
    const recording = await record(() => new GcpDeployIdentity("exchange", args), { preview: false, computed });
    expect(recording.one("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider").inputs).toEqual({
      project: "twodoor-central",
      workloadIdentityPoolId: "exchange-test-github",
      workloadIdentityPoolProviderId: "github",
      displayName: "GitHub Actions",
      oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
      attributeMapping: {
        "google.subject": "assertion.sub",
        "attribute.repository": "assertion.repository",
        "attribute.environment": "assertion.environment",
      },
      attributeCondition:
        "assertion.repository == 'acme/exchange' && assertion.environment == 'prod' && assertion.repository_id == '1296269'",
    });
    expect(recording.one("gcp:serviceaccount/iAMMember:IAMMember").inputs).toEqual({
      serviceAccountId:
        "projects/twodoor-central/serviceAccounts/exchange-test-deploy@twodoor-central.iam.gserviceaccount.com",
      role: "roles/iam.workloadIdentityUser",
      member:
        "principalSet://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/pool/attribute.repository/acme/exchange",
    });
  });

  it("may deploy and push, and nothing else", async () => {
    const recording = await record(() => new GcpDeployIdentity("exchange", IDENTITY), { preview: false, computed });
    const member = "serviceAccount:exchange-test-deploy@twodoor-central.iam.gserviceaccount.com";
    expect(recording.all("gcp:projects/iAMMember:IAMMember").map(({ inputs }) => inputs)).toEqual([
      { project: "twodoor-central", role: "projects/twodoor-central/roles/exchange_test_deployer", member },
      { project: "twodoor-central", role: "roles/artifactregistry.writer", member },
    ]);
    expect(recording.one("gcp:projects/iAMCustomRole:IAMCustomRole").inputs.permissions).toEqual(
      [...DEPLOY_PERMISSIONS].sort(),
    );
  });

  it("lets the account of another project deploy and push as well, since a program has one log-in at Google", async () => {
    const central = "exchange-deploy@twodoor-central.iam.gserviceaccount.com";
    const args = { ...IDENTITY, project: "twodoor-east", deployers: { "twodoor-central": central } };
    const recording = await record(() => new GcpDeployIdentity("east", args), { preview: false, computed });
    const grants = recording.all("gcp:projects/iAMMember:IAMMember").map(({ name, inputs }) => [name, inputs]);
    expect(grants.slice(2)).toEqual([
      [
        "east-twodoor-central-deploy",
        {
          project: "twodoor-east",
          role: "projects/twodoor-east/roles/east_test_deployer",
          member: `serviceAccount:${central}`,
        },
      ],
      [
        "east-twodoor-central-push",
        { project: "twodoor-east", role: "roles/artifactregistry.writer", member: `serviceAccount:${central}` },
      ],
    ]);
  });

  it("may keep the rule that Cloud Logging makes for an alarm on a log, without which the alarm is refused", () => {
    const rules = DEPLOY_PERMISSIONS.filter((permission) => permission.startsWith("logging.notificationRules."));
    expect(rules.map((permission) => permission.split(".").at(-1))).toEqual(["create", "delete", "get", "update"]);
  });

  it("cannot change projects, policies, APIs, keys or its own rights", () => {
    const powers = DEPLOY_PERMISSIONS.filter((permission) =>
      /^(resourcemanager\.projects\.(?!get$)|serviceusage|iam\.(roles|serviceAccountKeys|workloadIdentity)|iam\.serviceAccounts\.(setIamPolicy|getAccessToken|signBlob|signJwt|implicitDelegation))/.test(
        permission,
      ),
    );
    expect(powers).toEqual([]);
    expect(new Set(DEPLOY_PERMISSIONS).size).toBe(DEPLOY_PERMISSIONS.length);
    expect(DEPLOY_PERMISSIONS.filter((permission) => permission.includes("*"))).toEqual([]);
  });

  it("tells the job what to log in with, and registers it", async () => {
    const recording = await record(
      async () => {
        const identity = new GcpDeployIdentity("exchange", IDENTITY);
        return [await value(identity.workloadIdentityProvider), await value(identity.serviceAccountEmail)];
      },
      { preview: false, computed },
    );
    expect(recording.result).toEqual([
      "projects/42/locations/global/workloadIdentityPools/pool/providers/github",
      "exchange-test-deploy@twodoor-central.iam.gserviceaccount.com",
    ]);
    expect(Object.keys(recording.one("twodoor:index:GcpDeployIdentity").outputs).sort()).toEqual([
      "serviceAccountEmail",
      "workloadIdentityProvider",
    ]);
  });

  it.each([
    [{ project: "p" }, "project"],
    [{ githubRepository: "exchange" }, "githubRepository"],
    [{ githubRepository: "acme/exchange' || true || '" }, "githubRepository"],
    [{ githubEnvironment: "prod' || '" }, "githubEnvironment"],
    [{ githubEnvironment: "" }, "githubEnvironment"],
    [{ githubRepositoryId: "acme" }, "githubRepositoryId"],
    [{ deployers: { central: "allUsers" } }, "deployers.central"],
  ] as [Partial<GcpDeployIdentityArgs>, string][])("rejects %j", (changes, path) => {
    expect(gcpDeployIdentityIssues({ ...IDENTITY, ...changes }).map((issue) => issue.path)).toEqual([path]);
  });
});

describe.skipIf(skipped(contractsMissing()))("the vendors' contracts", () => {
  it("find nothing", async () => {
    const recording = await record(() => {
      new GcpProjectServices("central", { project: "twodoor-central" });
      new GcpRegistry("exchange", REGISTRY);
      new GcpDeployIdentity("exchange", IDENTITY);
    });
    expect(contractFindings(graphOf(recording))).toEqual([]);
  });
});
