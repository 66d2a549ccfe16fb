import { text } from "../../values";
import type { CloudModel, DeadCall } from "../model";
import { projectNumber } from "./names";
import { network } from "./network";
import { refusals } from "./refusals";
import { services } from "./services";
import { sources } from "./sources";

/**
 * What is taken over where it exists: a log bucket ("will acquire and update the resource that already exists",
 * https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/logging_project_bucket_config), an API that is on, a
 * member that is in a policy.
 */
const ACQUIRED = /projectBucketConfig|projects\/service:|[mM]ember:/;

/** Google Cloud as `@pulumi/gcp` 9 sees it. */
export const gcp: CloudModel = {
  name: "gcp",
  resources: { ...network, ...services },
  refusals,
  sources,
  namedMeansDeleteFirst: true,
  scopeOf: (inputs, config) => {
    const project = text(inputs, "project") ?? text(config, "project");
    const region = text(inputs, "region") ?? text(inputs, "location") ?? text(config, "region");
    return { ...(project === undefined ? {} : { project }), ...(region === undefined ? {} : { region }) };
  },
  common: ({ scope }) => (scope.project === undefined ? {} : { project: scope.project }),
  exists: ({ type, id }) =>
    ACQUIRED.test(type) ? undefined : `Error 409: Resource '${id}' already exists, alreadyExists`,
  unreachable,
  invokes: {
    "gcp:organizations/getProject:getProject": (args, scope) => {
      const project = text(args, "projectId") ?? scope.project ?? "";
      return { id: `projects/${project}`, projectId: project, number: projectNumber(project), name: project };
    },
    "gcp:organizations/getClientConfig:getClientConfig": (_, scope) => ({
      id: `projects/${scope.project ?? ""}/regions/${scope.region ?? ""}`,
      project: scope.project ?? "",
      region: scope.region ?? "",
      zone: "",
      accessToken: "",
    }),
  },
};

/**
 * Configuring reaches the region list and goes on when that fails, so nothing stops here: `TestPreConfigureCallbackNoErrWhenRegionListCallErrors`,
 * https://github.com/pulumi/pulumi-gcp/pull/3779.
 */
function unreachable({ method, token }: DeadCall): string | undefined {
  if (method === "configure") return undefined;
  const service = token.split(":")[1]?.split("/")[0] ?? "";
  return `${method} ${token}: Error 503: The service is currently unavailable. (${service}.googleapis.com), backendError`;
}
