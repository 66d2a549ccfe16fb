import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { digest, oregon } from "./around";

new aws.ecs.TaskDefinition("us-west-2-task", {
  region: "us-west-2",
  family: "exchange",
  cpu: "2048",
  memory: "4096",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  executionRoleArn: oregon.role.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "api",
      image: pulumi.interpolate`${oregon.images.repositoryUrl}@${digest}`,
      portMappings: [{ containerPort: 8080 }],
      secrets: [{ name: "JOURNAL_CREDENTIALS", valueFrom: oregon.credentials.arn }],
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": oregon.logs.name, "awslogs-region": "us-west-2" },
      },
    },
  ]),
});
