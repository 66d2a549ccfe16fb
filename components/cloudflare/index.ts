export * from "./load-balancer";
export * from "./load-balancer-args";
export { cloudflareLoadBalancerIssues } from "./load-balancer-issues";
export * from "./origin-pull-certificates";
export * from "./origin-pulls";
export * from "./zone";
export * from "./zone-args";
export { cloudflareZoneIssues } from "./zone-plan";
