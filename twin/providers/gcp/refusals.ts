import { text } from "../../values";
import { refusal, type Refusal } from "../model";
import { projectNumber } from "./names";
import { network } from "./network";
import { networkRefusals } from "./refusals-network";
import { serviceRefusals } from "./refusals-services";
import { services } from "./services";

/** The API behind each module of the SDK. */
const APIS: Record<string, string> = {
  compute: "compute.googleapis.com",
  cloudrunv2: "run.googleapis.com",
  certificatemanager: "certificatemanager.googleapis.com",
  networksecurity: "networksecurity.googleapis.com",
  secretmanager: "secretmanager.googleapis.com",
  artifactregistry: "artifactregistry.googleapis.com",
  serviceaccount: "iam.googleapis.com",
  iam: "iam.googleapis.com",
  monitoring: "monitoring.googleapis.com",
  logging: "logging.googleapis.com",
};
const everyType = [...Object.keys(network), ...Object.keys(services)];

/** Everything that the local Google Cloud refuses. The source of each row is in `sources.ts`. */
export const refusals: readonly Refusal[] = [
  ...networkRefusals,
  ...serviceRefusals,
  refusal("gcp R117", ["gcp:projects/service:Service"], ["check"], "an API without its domain", ({ inputs }) => {
    const service = text(inputs, "service");
    return service === undefined || service.includes(".")
      ? undefined
      : `expected service to be a domain like serviceusage.googleapis.com, got ${service}`;
  }),
  refusal(
    "gcp R119",
    everyType,
    ["create"],
    "a resource of an API that is not on, in a project where none is on by itself",
    ({ type, scope }, around) => {
      const api = APIS[type.split(":")[1]?.split("/")[0] ?? ""];
      const project = scope.project ?? "";
      const on = around.world
        .ofType("gcp:projects/service:Service")
        .some((thing) => thing.scope.project === project && thing.inputs["service"] === api);
      if (api === undefined || on || !around.settings.emptyProjects.includes(project)) return undefined;
      return `Error 403: ${api} has not been used in project ${projectNumber(project)} before or it is disabled. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry., accessNotConfigured`;
    },
  ),
  refusal("gcp R123", everyType, ["delete"], "a resource that its deletion policy keeps", ({ type, inputs }) =>
    text(inputs, "deletionPolicy") === "PREVENT"
      ? `cannot destroy ${type} without setting deletion_policy="DELETE" and running \`pulumi up\``
      : undefined,
  ),
];
