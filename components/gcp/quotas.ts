/**
 * Requests per second that one project may send to serverless backends behind regional load balancers, until Google grants more
 * (docs.cloud.google.com/load-balancing/docs/negs/serverless-neg-concepts).
 */
export const SERVERLESS_REQUESTS_PER_SECOND_MAX = 5_000;

/** Instances of one Cloud Run revision with Direct VPC egress (docs.cloud.google.com/run/docs/configuring/vpc-direct-vpc). */
export const CLOUD_RUN_INSTANCES_MAX = 100;
