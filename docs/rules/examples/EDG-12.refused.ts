import * as aws from "@pulumi/aws";
import { ohio } from "./around";

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
