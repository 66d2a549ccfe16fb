import * as aws from "@pulumi/aws";
import { ohio } from "./around";

new aws.lb.LoadBalancer("us-east-2-lb", {
  region: "us-east-2",
  subnets: ohio.publicSubnets,
  securityGroups: [ohio.entryGroup.id],
  enableDeletionProtection: true,
  dropInvalidHeaderFields: true,
  accessLogs: { bucket: ohio.accessLogs.bucket, enabled: true },
});
