import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ohio } from "./around";

// Also: CAP-02, CAP-03
new aws.appautoscaling.Target("us-east-2-scaling", {
  region: "us-east-2",
  serviceNamespace: "ecs",
  scalableDimension: "ecs:service:DesiredCount",
  resourceId: pulumi.interpolate`service/${ohio.cluster.name}/${ohio.service.name}`,
  minCapacity: 1,
  maxCapacity: 40,
});
