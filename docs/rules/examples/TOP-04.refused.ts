import * as aws from "@pulumi/aws";
import { ohio } from "./around";

// Also: CAP-02, CAP-03, TOP-06
new aws.lb.LoadBalancer("us-east-2-lb", {
  subnets: ohio.publicSubnets,
  securityGroups: [ohio.entryGroup.id],
  enableDeletionProtection: true,
  dropInvalidHeaderFields: true,
  accessLogs: { bucket: ohio.accessLogs.bucket, enabled: true },
});
