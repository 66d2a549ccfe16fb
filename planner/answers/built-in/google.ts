import { asSecret, isObject, type Json, type JsonObject } from "../../../resilience/values";
import type { Asked, BuiltIn } from "./asked";

/** Projects, their service accounts and who is asking, of Google Cloud. */
export const google: Record<string, BuiltIn> = {
  "gcp:organizations/getProject:getProject": project,
  "gcp:organizations/getClientConfig:getClientConfig": clientConfig,
  "gcp:organizations/getClientOpenIdUserInfo:getClientOpenIdUserInfo": (asked) => {
    const email = asked.invent(`twodoor@${asked.project}.iam.gserviceaccount.com`);
    return { id: email, email };
  },
  "gcp:organizations/getIAMPolicy:getIAMPolicy": ({ args }) => iamPolicy(args),
  "gcp:compute/getDefaultServiceAccount:getDefaultServiceAccount": (asked) =>
    serviceAccount(asked, `${projectNumber(asked)}-compute@developer.gserviceaccount.com`),
  "gcp:appengine/getDefaultServiceAccount:getDefaultServiceAccount": (asked) =>
    serviceAccount(asked, `${asked.project}@appspot.gserviceaccount.com`),
  "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": (asked) =>
    agent(asked, "emailAddress", `service-${projectNumber(asked)}@gs-project-accounts.iam.gserviceaccount.com`),
  "gcp:bigquery/getDefaultServiceAccount:getDefaultServiceAccount": (asked) =>
    agent(asked, "email", `bq-${projectNumber(asked)}@bigquery-encryption.iam.gserviceaccount.com`),
  "gcp:storage/getTransferProjectServiceAccount:getTransferProjectServiceAccount": (asked) =>
    agent(asked, "email", `project-${projectNumber(asked)}@storage-transfer-service.iam.gserviceaccount.com`),
};

/** The number of a project, which only Google knows. Made up; the same in every answer. */
function projectNumber(asked: Asked): string {
  return asked.invent("100000000007");
}

function project(asked: Asked): JsonObject {
  const projectId = asked.text("projectId") ?? asked.project;
  return {
    id: `projects/${projectId}`,
    projectId,
    name: projectId,
    number: projectNumber(asked),
    labels: {},
    effectiveLabels: {},
    pulumiLabels: {},
    tags: {},
  };
}

/** The settings of the provider itself. The token is a secret, and made up. */
function clientConfig(asked: Asked): JsonObject {
  const { project: projectId } = asked;
  const [region, zone] = [asked.setting("region") ?? "", asked.setting("zone") ?? ""];
  const labels = asked.settingValue("defaultLabels");
  return {
    id: `projects/"${projectId}"/regions/"${region}"/zones/"${zone}"`,
    project: projectId,
    region,
    zone,
    accessToken: asSecret(asked.invent("twodoor-unnamed-token")),
    defaultLabels: isObject(labels) ? labels : {},
  };
}

/** An account that Google makes in every project (https://cloud.google.com/iam/docs/service-account-types). */
function serviceAccount(asked: Asked, email: string): JsonObject {
  const name = `projects/${asked.project}/serviceAccounts/${email}`;
  return {
    id: name,
    name,
    email,
    member: `serviceAccount:${email}`,
    project: asked.project,
    uniqueId: asked.digits(21),
  };
}

/** An account by which a service acts in a project (https://cloud.google.com/iam/docs/service-agents). */
function agent(asked: Asked, field: "email" | "emailAddress", email: string): JsonObject {
  return { id: email, [field]: email, member: `serviceAccount:${email}`, project: asked.project };
}

/**
 * The document that the data source composes; it asks no cloud. Fields are those of Google's API for policies
 * (https://cloud.google.com/iam/docs/reference/rest/v1/Policy). The provider sorts bindings and members so that order shows no change.
 */
function iamPolicy(args: JsonObject): JsonObject {
  const bindings = objects(args["bindings"])
    .map((binding): JsonObject => ({
      ...(isObject(binding["condition"]) ? { condition: binding["condition"] } : {}),
      members: strings(binding["members"]).sort(),
      role: binding["role"] ?? "",
    }))
    .sort((a, b) => (JSON.stringify([a["role"], a]) < JSON.stringify([b["role"], b]) ? -1 : 1));
  const auditConfigs = objects(args["auditConfigs"]).map((config): JsonObject => ({
    auditLogConfigs: objects(config["auditLogConfigs"]).map((log): JsonObject => ({
      ...(log["exemptedMembers"] === undefined ? {} : { exemptedMembers: strings(log["exemptedMembers"]) }),
      logType: log["logType"] ?? "",
    })),
    service: config["service"] ?? "",
  }));
  const policyData = JSON.stringify({ ...(auditConfigs.length > 0 ? { auditConfigs } : {}), bindings });
  return { ...args, policyData };
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
