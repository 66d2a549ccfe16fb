import type { Input } from "@pulumi/pulumi";
import type { RegionArgs } from "../region";
import type { AwsNetworkReference } from "./aws-network-args";

/** What one AWS region of the API is told. */
export interface AwsRegionArgs extends RegionArgs {
  /** Account id, 12 digits. Policies name it, so that they are known before anything exists. */
  accountId: string;
  /** Exactly three zones of the region, by name: `us-east-2a`. They are never looked up, since a zone's name belongs to one account. Changing one replaces its subnets and nothing of the other two. */
  availabilityZones: string[];
  /** ARN of an issued certificate of this region for `hostname`: one of `AwsCertificates` or your own. Changed in place. */
  certificateArn: Input<string>;
  /** A network that is already there. Its range is `cidrBlock`. Defaults to none: an `AwsNetwork` is made. @default - an AwsNetwork is made */
  network?: AwsNetworkReference;
  /** The image may come from a registry that is not this region's ECR, reached through the Internet. Starting a task then depends on that registry. Needs `internetEgress`. Defaults to false. @default false */
  externalImage?: boolean;
  /** Requests that one replica answers in one second, as measured. Autoscaling then also follows the number of requests, at 60 % of this. Defaults to none: it follows CPU alone. @default - CPU alone */
  requestsPerSecondPerReplica?: number;
  /** User id that the container runs as, from 1 to 65534. Defaults to 1000, which is `node` in the official images. @default 1000 */
  userId?: number;
  /** Directory of each replica's own that it can write to, empty at the start; the rest of its file system is read-only. On Fargate it belongs to root with mode 0755 unless the image says otherwise: `RUN mkdir -p /tmp && chown 1000:1000 /tmp` (or `chmod 1777`), then `VOLUME ["/tmp"]` with the very same path (Amazon ECS guide, "Use bind mounts"). Defaults to "/tmp". @default "/tmp" */
  writablePath?: string;
  /** Command that ends with 0 while the process in the container is fit to go on, in ECS's form: `["CMD", …]` or `["CMD-SHELL", …]`. A task that fails it three times is replaced. Defaults to asking `livenessPath` by Node. @default - asks `livenessPath` by Node */
  healthCheckCommand?: string[];
  /** ARN of the policy that bounds what the region's roles may ever do, such as that of `AwsDeployIdentity`. Defaults to none. @default - none */
  permissionsBoundaryArn?: Input<string>;
}
