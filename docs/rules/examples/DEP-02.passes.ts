import * as gcp from "@pulumi/gcp";
import { virginia } from "./around";

new gcp.secretmanager.Secret("us-east4-credentials", {
  project: virginia.project,
  secretId: "credentials-us-east4",
  replication: { userManaged: { replicas: [{ location: "us-east4" }] } },
});
