export * from "./gcp-alarms";
export * from "./gcp-certificates";
export * from "./gcp-network";
export * from "./gcp-region";
export * from "./gcp-region-args";
export { gcpRegionIssues } from "./region-issues";
