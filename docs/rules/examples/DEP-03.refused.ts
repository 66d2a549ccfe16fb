import * as aws from "@pulumi/aws";
import { ohio } from "./around";

new aws.cloudwatch.LogGroup("us-west-2-logs", {
  region: "us-west-2",
  name: "/exchange/us-west-2",
  retentionInDays: 90,
  kmsKeyId: ohio.key.arn,
});
