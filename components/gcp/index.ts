export * from "./gcp-alarms";
export * from "./gcp-certificates";
export * from "./gcp-deploy-identity";
export * from "./gcp-network";
export * from "./gcp-project-services";
export * from "./gcp-region";
export * from "./gcp-region-args";
export * from "./gcp-registry";
export { gcpRegionIssues } from "./region-issues";
