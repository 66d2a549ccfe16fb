import * as aws from "@pulumi/aws";
import * as gcp from "@pulumi/gcp";
import { digest, iowa, oregon, virginia } from "./around";

// Also: DEP-04, DAT-06
// What Google's regions work on stands in AWS.
const orders = new aws.dynamodb.Table("orders", {
  region: "us-east-2",
  hashKey: "id",
  attributes: [{ name: "id", type: "S" }],
  billingMode: "PAY_PER_REQUEST",
  deletionProtectionEnabled: true,
  pointInTimeRecovery: { enabled: true },
  replicas: [{ regionName: "us-west-2" }],
});
new gcp.cloudrunv2.Service(
  "us-central1-service",
  {
    project: iowa.project,
    location: "us-central1",
    name: "exchange",
    ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    invokerIamDisabled: true,
    deletionProtection: true,
    scaling: { minInstanceCount: 12, maxInstanceCount: 40 },
    template: {
      encryptionKey: iowa.key.id,
      containers: [
        {
          image: `us-central1-docker.pkg.dev/${iowa.project}/exchange/exchange@${digest}`,
          envs: [
            { name: "REGION", value: "us-central1" },
            { name: "ORDERS", value: orders.arn },
            {
              name: "JOURNAL_CREDENTIALS",
              valueSource: { secretKeyRef: { secret: iowa.credentials.secretId, version: "1" } },
            },
          ],
        },
      ],
    },
  },
  { dependsOn: [oregon.service] },
);
new gcp.cloudrunv2.Service(
  "us-east4-service",
  {
    project: virginia.project,
    location: "us-east4",
    name: "exchange",
    ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    invokerIamDisabled: true,
    deletionProtection: true,
    scaling: { minInstanceCount: 12, maxInstanceCount: 40 },
    template: {
      encryptionKey: virginia.key.id,
      containers: [
        {
          image: `us-east4-docker.pkg.dev/${virginia.project}/exchange/exchange@${digest}`,
          envs: [
            { name: "REGION", value: "us-east4" },
            { name: "ORDERS", value: orders.arn },
            {
              name: "JOURNAL_CREDENTIALS",
              valueSource: { secretKeyRef: { secret: virginia.credentials.secretId, version: "1" } },
            },
          ],
        },
      ],
    },
  },
  { dependsOn: [iowa.service] },
);
