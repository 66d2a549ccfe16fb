export * from "./load-balancer";
export * from "./load-balancer-args";
