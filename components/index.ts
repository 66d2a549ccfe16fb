/** What `twodoor` exports: every component with its arguments, and the values that arguments take. */
export * from "./cloudflare";
export * from "./region";
export { ArgumentsError } from "./errors";
export type { Issue } from "./sizing/issues";
export { CloudflarePlan } from "./sizing/monitor-timing";
export { SteeringPolicy } from "./sizing/steering";
