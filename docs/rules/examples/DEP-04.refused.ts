import * as gcp from "@pulumi/gcp";
import { digest, iowa, virginia } from "./around";

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
            { name: "FEES_URL", value: "https://fees-0123456789.us-central1.run.app" },
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
