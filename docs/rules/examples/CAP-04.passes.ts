import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ohio } from "./around";

new aws.appautoscaling.Target("us-east-2-scaling", {
  region: "us-east-2",
  serviceNamespace: "ecs",
  scalableDimension: "ecs:service:DesiredCount",
  resourceId: pulumi.interpolate`service/${ohio.cluster.name}/${ohio.service.name}`,
  minCapacity: 6,
  maxCapacity: 40,
});
