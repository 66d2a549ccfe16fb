export { AwsNetwork, awsNetworkIssues } from "./aws-network";
export type { AwsNetworkArgs, AwsNetworkNodes, AwsNetworkReference } from "./aws-network";
export { AwsRegion } from "./aws-region";
export type { AwsRegionNodes } from "./aws-region";
export type { AwsRegionArgs } from "./aws-region-args";
export { awsRegionIssues } from "./aws-region-issues";
