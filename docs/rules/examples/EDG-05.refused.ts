import * as aws from "@pulumi/aws";
import { ohio } from "./around";

new aws.lb.TargetGroup("us-east-2-targets", {
  region: "us-east-2",
  vpcId: ohio.vpc.id,
  targetType: "ip",
  port: 8080,
  protocol: "HTTP",
  healthCheck: { path: "/healthz/region", matcher: "200", interval: 10, timeout: 5, unhealthyThreshold: 3 },
});
