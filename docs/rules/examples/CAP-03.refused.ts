import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ohio } from "./around";

// Also: CAP-02
// The settings declare 1,500 requests a second, 200 with each task: Ohio's share is 375, and a zone may hold half of its tasks.
new aws.appautoscaling.Target("us-east-2-scaling", {
  region: "us-east-2",
  serviceNamespace: "ecs",
  scalableDimension: "ecs:service:DesiredCount",
  resourceId: pulumi.interpolate`service/${ohio.cluster.name}/${ohio.service.name}`,
  minCapacity: 2,
  maxCapacity: 40,
});
