import type { Json } from "../../../resilience/values";
import { boolean, number, text } from "../../values";
import { digest, timeOf } from "../../world";
import type { Made, ResourceModel } from "../model";
import { membership, named, path, projectNumber } from "./names";
import { lastPart } from "./network";
import { uuid } from "../aws/balancing";

const created: Record<string, (made: Made) => Json> = {
  createTime: ({ sequence }) => timeOf(sequence),
  updateTime: ({ sequence }) => timeOf(sequence),
};
const project = ({ scope }: Pick<Made, "scope">): string => scope.project ?? "";
const ofProject = (made: Omit<Made, "id">): string => project(made);

/** Cloud Run, Certificate Manager, Secret Manager, identities, registries, APIs and alarms. */
export const services: Record<string, ResourceModel> = {
  "gcp:cloudrunv2/service:Service": {
    // 49 characters: https://docs.cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/create (`serviceId`).
    ...named(49),
    replaceOn: ["name", "project", "location", "tags"],
    id: (made) => path(made, "services", "locations"),
    changedByUpdate: ["latestReadyRevision", "latestCreatedRevision", "generation", "observedGeneration", "etag"],
    computed: {
      ...created,
      uid: (made) => uuid(made),
      etag: (made) => `"${made.hex(24, `etag ${String(generation(made))}`)}"`,
      generation: (made) => String(generation(made)),
      observedGeneration: (made) => String(generation(made)),
      latestReadyRevision: revision,
      latestCreatedRevision: revision,
      uri: (made) => uri(made),
      urls: (made) => (uri(made) === "" ? [] : [uri(made)]),
      reconciling: () => false,
      creator: () => "twin",
      lastModifier: () => "twin",
      conditions: () => [],
      terminalConditions: () => [],
      trafficStatuses: () => [],
    },
  },
  "gcp:cloudrunv2/serviceIamMember:ServiceIamMember": membership(
    "",
    (made) =>
      `projects/${project(made)}/locations/${made.scope.region ?? ""}/services/${lastPart(text(made.inputs, "name"))}`,
  ),
  "gcp:certificatemanager/certificate:Certificate": {
    ...named(),
    replaceOn: [
      "name",
      "project",
      "location",
      "scope",
      "managed.domains",
      "managed.dnsAuthorizations",
      "managed.issuanceConfig",
    ],
    id: (made) => path(made, "certificates", "locations"),
    computed: { sanDnsnames: () => [] },
  },
  "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": {
    ...named(),
    replaceOn: ["name", "project", "domain", "location", "type"],
    id: (made) => path(made, "dnsAuthorizations", "locations"),
    computed: { dnsResourceRecords: (made) => [authorizationRecord(made)] },
  },
  "gcp:certificatemanager/trustConfig:TrustConfig": {
    ...named(),
    replaceOn: ["name", "project", "location"],
    id: (made) => path(made, "trustConfigs", "locations"),
    computed: created,
  },
  "gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy": {
    ...named(),
    replaceOn: ["name", "project", "mtlsPolicy.clientValidationMode", "mtlsPolicy.clientValidationTrustConfig"],
    id: (made) => path(made, "serverTlsPolicies", "locations"),
    computed: created,
  },
  "gcp:secretmanager/secret:Secret": {
    replaceOn: ["secretId", "replication", "project"],
    id: ({ scope, inputs }) => `projects/${scope.project ?? ""}/secrets/${text(inputs, "secretId") ?? ""}`,
    computed: {
      createTime: ({ sequence }) => timeOf(sequence),
      name: ({ scope, inputs }) => `projects/${projectNumber(scope.project)}/secrets/${text(inputs, "secretId") ?? ""}`,
    },
  },
  "gcp:secretmanager/secretVersion:SecretVersion": {
    replaceOn: ["secret", "secretData", "secretDataWoVersion", "isSecretDataBase64"],
    id: (made) => `${numbered(text(made.inputs, "secret"))}/versions/${String(secretVersion(made))}`,
    computed: {
      createTime: ({ sequence }) => timeOf(sequence),
      destroyTime: () => "",
      name: ({ id }) => id,
      version: ({ id }) => lastPart(id),
    },
  },
  "gcp:secretmanager/secretIamMember:SecretIamMember": membership(
    "",
    (made) => `projects/${project(made)}/secrets/${lastPart(text(made.inputs, "secretId"))}`,
  ),
  "gcp:artifactregistry/repository:Repository": {
    replaceOn: ["repositoryId", "project", "location", "format", "mode", "kmsKeyName"],
    id: (made) => path(made, "repositories", "locations", "repositoryId"),
    computed: {
      ...created,
      name: ({ inputs }) => text(inputs, "repositoryId") ?? "",
      registryUri: ({ scope, inputs }) =>
        `${scope.region ?? ""}-docker.pkg.dev/${scope.project ?? ""}/${text(inputs, "repositoryId") ?? ""}`,
    },
  },
  "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": membership(
    "",
    (made) =>
      `projects/${project(made)}/locations/${made.scope.region ?? ""}/repositories/${lastPart(text(made.inputs, "repository"))}`,
  ),
  "gcp:projects/service:Service": {
    replaceOn: ["project", "service"],
    id: ({ scope, inputs }) => `${scope.project ?? ""}/${text(inputs, "service") ?? ""}`,
  },
  "gcp:projects/serviceIdentity:ServiceIdentity": {
    replaceOn: ["project", "service"],
    id: ({ scope, inputs }) => `projects/${scope.project ?? ""}/services/${text(inputs, "service") ?? ""}`,
    computed: {
      email: ({ scope, inputs }) =>
        `service-${projectNumber(scope.project)}@gcp-sa-${(text(inputs, "service") ?? "").split(".")[0] ?? ""}.iam.gserviceaccount.com`,
      member: ({ scope, inputs }) =>
        `serviceAccount:service-${projectNumber(scope.project)}@gcp-sa-${(text(inputs, "service") ?? "").split(".")[0] ?? ""}.iam.gserviceaccount.com`,
    },
  },
  ...identities(),
  ...alarms(),
};

function identities(): Record<string, ResourceModel> {
  const email = ({ scope, inputs, name }: Pick<Made, "scope" | "inputs" | "name">): string =>
    `${text(inputs, "accountId") ?? name}@${scope.project ?? ""}.iam.gserviceaccount.com`;
  return {
    "gcp:serviceaccount/account:Account": {
      ...named(30, "accountId"),
      replaceOn: ["accountId", "project"],
      id: (made) => `projects/${project(made)}/serviceAccounts/${email(made)}`,
      computed: {
        email,
        member: (made) => `serviceAccount:${email(made)}`,
        name: ({ id }) => id,
        uniqueId: ({ digits }) => digits(21, "unique"),
      },
    },
    "gcp:serviceaccount/iAMMember:IAMMember": membership("", (made) => text(made.inputs, "serviceAccountId") ?? ""),
    "gcp:projects/iAMMember:IAMMember": membership("", ofProject),
    "gcp:projects/iAMCustomRole:IAMCustomRole": {
      replaceOn: ["roleId", "project"],
      sets: ["permissions"],
      id: ({ scope, inputs }) => `projects/${scope.project ?? ""}/roles/${text(inputs, "roleId") ?? ""}`,
      computed: { name: ({ id }) => id, deleted: () => false },
    },
    "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": {
      replaceOn: ["workloadIdentityPoolId", "project"],
      id: ({ scope, inputs }) =>
        `projects/${scope.project ?? ""}/locations/global/workloadIdentityPools/${text(inputs, "workloadIdentityPoolId") ?? ""}`,
      computed: {
        name: ({ scope, inputs }) =>
          `projects/${projectNumber(scope.project)}/locations/global/workloadIdentityPools/${text(inputs, "workloadIdentityPoolId") ?? ""}`,
        state: () => "ACTIVE",
      },
    },
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": {
      replaceOn: ["workloadIdentityPoolId", "workloadIdentityPoolProviderId", "project"],
      id: ({ scope, inputs }) => providerPath(scope.project ?? "", inputs),
      computed: {
        name: ({ scope, inputs }) => providerPath(projectNumber(scope.project), inputs),
        state: () => "ACTIVE",
      },
    },
  };
}

function alarms(): Record<string, ResourceModel> {
  const id = (kind: string) => (made: Omit<Made, "id">) => `projects/${project(made)}/${kind}/${made.digits(19, "id")}`;
  return {
    "gcp:monitoring/notificationChannel:NotificationChannel": {
      replaceOn: ["project", "type"],
      id: id("notificationChannels"),
      computed: { name: ({ id: own }) => own, verificationStatus: () => "" },
    },
    "gcp:monitoring/alertPolicy:AlertPolicy": {
      replaceOn: ["project"],
      id: id("alertPolicies"),
      computed: {
        name: ({ id: own }) => own,
        creationRecords: ({ sequence }) => [{ mutateTime: timeOf(sequence), mutatedBy: "twin" }],
      },
    },
    "gcp:logging/metric:Metric": {
      replaceOn: ["name", "project"],
      id: ({ inputs, name }) => text(inputs, "name") ?? name,
    },
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": {
      replaceOn: ["project", "location", "bucketId"],
      id: ({ inputs }) =>
        `projects/${text(inputs, "project") ?? ""}/locations/${text(inputs, "location") ?? ""}/buckets/${text(inputs, "bucketId") ?? ""}`,
      computed: { name: ({ id: own }) => own, lifecycleState: () => "ACTIVE" },
    },
    "gcp:logging/projectSink:ProjectSink": {
      ...named(100),
      replaceOn: ["name", "project"],
      id: (made) => `projects/${project(made)}/sinks/${text(made.inputs, "name") ?? made.name}`,
      computed: {
        writerIdentity: ({ scope }) =>
          `serviceAccount:service-${projectNumber(scope.project)}@gcp-sa-logging.iam.gserviceaccount.com`,
      },
    },
    "gcp:logging/projectExclusion:ProjectExclusion": {
      ...named(100),
      replaceOn: ["name", "project"],
      id: (made) => `projects/${project(made)}/exclusions/${text(made.inputs, "name") ?? made.name}`,
    },
  };
}

function generation(made: Made): number {
  return (made.before === undefined ? 0 : (number(made.before, "generation") ?? 0)) + 1;
}

/** Every update counts as a new revision: the twin does not tell a change of `template` from any other. */
function revision(made: Made): string {
  const count = generation(made);
  return `${made.id}/revisions/${text(made.inputs, "name") ?? made.name}-${String(count).padStart(5, "0")}-${made.hex(3, `revision ${String(count)}`)}`;
}

function uri({ inputs, scope, name }: Made): string {
  if (boolean(inputs, "defaultUriDisabled") === true) return "";
  return `https://${text(inputs, "name") ?? name}-${projectNumber(scope.project)}.${scope.region ?? ""}.run.app`;
}

/**
 * A regional authorization's record: its label holds a digest of the project, its target the region; both end in a dot.
 * https://docs.cloud.google.com/certificate-manager/docs/dns-authorizations
 */
function authorizationRecord({ inputs, scope, hex }: Made): { name: string; type: string; data: string } {
  const domain = text(inputs, "domain") ?? "";
  const fixed =
    text(inputs, "type") === "FIXED_RECORD" ||
    (inputs["type"] === undefined && (scope.region ?? "global") === "global");
  const label = fixed ? "_acme-challenge" : `_acme-challenge_${digest(16, "authorization", scope.project ?? "")}`;
  const target = fixed
    ? "authorize.certificatemanager.goog"
    : `${scope.region ?? ""}.authorize.certificatemanager.goog`;
  return {
    name: `${label}.${domain}.`,
    type: "CNAME",
    data: `${uuid({ hex })}.${String(parseInt(hex(2, "shard"), 16) % 20)}.${target}.`,
  };
}

function numbered(secret: string | undefined): string {
  const [, owner = "", , name = ""] = (secret ?? "").split("/");
  return `projects/${projectNumber(owner)}/secrets/${name}`;
}

/** One more than the secret has ever had: a number is not given twice, also after its version was destroyed or abandoned. */
function secretVersion({ inputs, around }: Omit<Made, "id">): number {
  const type = "gcp:secretmanager/secretVersion:SecretVersion";
  const born = around.world.find("gcp:secretmanager/secret:Secret", text(inputs, "secret") ?? "")?.sequence ?? 0;
  const all = [...around.world.ofType(type), ...around.world.gone(type)];
  const own = all.filter((version) => version.inputs["secret"] === inputs["secret"] && version.sequence > born);
  return Math.max(0, ...own.map(({ state }) => number(state, "version") ?? 0)) + 1;
}

function providerPath(owner: string, inputs: Made["inputs"]): string {
  return `projects/${owner}/locations/global/workloadIdentityPools/${text(inputs, "workloadIdentityPoolId") ?? ""}/providers/${text(inputs, "workloadIdentityPoolProviderId") ?? ""}`;
}
