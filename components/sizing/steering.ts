/**
 * How Cloudflare picks a pool for a request. The values are the API's own
 * (https://developers.cloudflare.com/load-balancing/understand-basics/traffic-steering/steering-policies/).
 */
export const SteeringPolicy = {
  /** Active-passive: the first healthy pool in order takes everything. */
  Off: "off",
  /** Active-active: each healthy pool takes the share of its weight. */
  Random: "random",
  /** Active-active: the pool nearest to the Cloudflare data centre takes the request. Needs the Traffic Steering add-on below Enterprise. */
  Proximity: "proximity",
  /** Active-active: weights divided by the requests that are open. Needs the Traffic Steering add-on below Enterprise. */
  LeastOutstandingRequests: "least_outstanding_requests",
} as const;
/** See the members of `SteeringPolicy`. */
export type SteeringPolicy = (typeof SteeringPolicy)[keyof typeof SteeringPolicy];
