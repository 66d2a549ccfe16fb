import * as aws from "@pulumi/aws";
import { ohio } from "./around";

new aws.ecs.Service("us-east-2-service", {
  region: "us-east-2",
  cluster: ohio.cluster.arn,
  taskDefinition: ohio.task.arn,
  launchType: "FARGATE",
  desiredCount: 12,
  deploymentMinimumHealthyPercent: 100,
  deploymentMaximumPercent: 200,
  deploymentCircuitBreaker: { enable: true, rollback: true },
  waitForSteadyState: true,
  networkConfiguration: {
    subnets: ohio.privateSubnets,
    securityGroups: [ohio.taskGroup.id],
    assignPublicIp: false,
  },
  loadBalancers: [{ targetGroupArn: ohio.targets.arn, containerName: "api", containerPort: 8080 }],
});
