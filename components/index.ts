/** What `twodoor` exports: every component with its arguments, and the values that arguments take. */
export * from "./aws";
export * from "./cloudflare";
export * from "./exchange-api";
export * from "./exchange-args";
export { exchangeApiIssues } from "./exchange-children";
export type {
  ExchangeManifest,
  ExchangeManifestJournal,
  ExchangeManifestRegion,
  ExchangeManifestVoter,
} from "./exchange-manifest";
export * from "./gcp";
export * from "./region";
export { ArgumentsError } from "./errors";
export type { Issue } from "./sizing/issues";
export { CloudflarePlan } from "./sizing/monitor-timing";
export { Cloud } from "./sizing/regions";
export { SteeringPolicy } from "./sizing/steering";
