/** Type tokens that several files of the edge name (@pulumi/cloudflare 6.22.1, @pulumi/aws 7.48.0). */

/** Cloudflare's load balancer for one hostname. */
export const CLOUDFLARE_BALANCER = "cloudflare:index/loadBalancer:LoadBalancer";
/** Its pool of origins. */
export const CLOUDFLARE_POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";
/** A CloudFront distribution. */
export const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
/** A standard accelerator of Global Accelerator. */
export const ACCELERATOR = "aws:globalaccelerator/accelerator:Accelerator";
/** Cloudflare tunnels; the second is the name that they had before version 6 of the provider. */
export const TUNNELS = [
  "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
  "cloudflare:index/tunnel:Tunnel",
] as const;

/** Types that are a door by themselves, with their URN as its id. */
export const EDGE_DOORS: ReadonlySet<string> = new Set([CLOUDFLARE_BALANCER, DISTRIBUTION, ACCELERATOR]);
/** Types of the edge that take requests, with their URN as id: the doors, and tunnels. */
export const EDGE_WAYS: ReadonlySet<string> = new Set([...EDGE_DOORS, ...TUNNELS]);
