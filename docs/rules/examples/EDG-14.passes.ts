import * as aws from "@pulumi/aws";
import { ohio } from "./around";

// A second hostname, outside Cloudflare, that leads to an entry which is open to all and protects itself.
const zone = new aws.route53.Zone("other-zone", { name: "example.net" });
new aws.route53.Record("escape", {
  zoneId: zone.zoneId,
  name: "api.example.net",
  type: "CNAME",
  ttl: 60,
  records: [ohio.balancer.dnsName],
});
new aws.vpc.SecurityGroupIngressRule("us-east-2-lb-from-edge", {
  region: "us-east-2",
  securityGroupId: ohio.entryGroup.id,
  cidrIpv4: "0.0.0.0/0",
  ipProtocol: "tcp",
  fromPort: 443,
  toPort: 443,
});
new aws.lb.Listener("us-east-2-https", {
  region: "us-east-2",
  loadBalancerArn: ohio.balancer.arn,
  port: 443,
  protocol: "HTTPS",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  certificateArn: ohio.certificate.arn,
  defaultActions: [{ type: "forward", targetGroupArn: ohio.targets.arn }],
});
