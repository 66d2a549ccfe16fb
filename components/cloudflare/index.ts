export { CloudflareLoadBalancer, type CloudflareLoadBalancerNodes } from "./load-balancer";
export type { CloudflareLoadBalancerArgs, LoadBalancerPoolArgs, MonitorArgs } from "./load-balancer-args";
