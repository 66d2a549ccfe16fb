/** Names before two load balancers of AWS: what the tests of DNS at the edge start from. */
import { designFrom, ref, resource, type Draft, type DraftGraph, type Later, type Literal } from "./designs";

/** A record of Cloudflare. */
export const DNS = "cloudflare:index/dnsRecord:DnsRecord";
/** A record of Route 53. */
export const R53 = "aws:route53/record:Record";
/** A health check of Route 53. */
export const CHECK = "aws:route53/healthCheck:HealthCheck";
/** A record set of Cloud DNS. */
export const GOOGLE = "gcp:dns/recordSet:RecordSet";

/** A load balancer in a region. */
export const lb = (region: string): Literal =>
  resource(
    "aws:lb/loadBalancer:LoadBalancer",
    `lb-${region}`,
    { region },
    { answers: { dnsName: `lb-${region}-1.${region}.elb.amazonaws.com` } },
  );
/** The two that names lead to. */
export const LBS = [lb("us-east-2"), lb("us-west-2")];
/** The address of one of them. */
export const address = (region: string): Later => ref(`lb-${region}`, "dnsName");
/** Names before the two load balancers. */
export const design = (...literals: Literal[]): DraftGraph => designFrom([...LBS, ...literals]);
/** A CNAME at Cloudflare. */
export const cname = (
  name: string,
  content: Draft,
  more: Record<string, Draft> = {},
  hostname = "api.example.com",
): Literal => resource(DNS, name, { zoneId: "z", name: hostname, type: "CNAME", ttl: 1, content, ...more });
/** An alias of Route 53 to one of the load balancers. */
export const alias = (region: string, evaluates = false): Record<string, Draft> => ({
  aliases: [{ name: address(region), zoneId: "z", evaluateTargetHealth: evaluates }],
});
/** A record at Route 53. */
export const record = (name: string, inputs: Record<string, Draft>, hostname = "api.example.com"): Literal =>
  resource(R53, name, { zoneId: "Z1", name: hostname, type: "A", ...inputs });
