/** Style: the house's functions, `region` with each resource, journal voters by tags in 2 + 2 + 1. */
import * as aws from "@pulumi/aws";
import * as gcp from "@pulumi/gcp";
import { awsService } from "../house/aws-service";
import { failover } from "../house/edge";
import { googleService } from "../house/google-front";
import { network } from "../house/aws-network";
import { domain } from "../house/settings";

const hostname = `orders.${domain}`;
const project = "house-prod";
const tags = { "twodoor:quorum": "journal" };

const inside = network("journal", ["us-east-2a", "us-east-2b"], { region: "us-east-2" });
["us-east-2a", "us-east-2b"].forEach((zone, place) => {
  new aws.ec2.Instance(`journal-${zone}`, {
    region: "us-east-2",
    ami: "ami-0123456789abcdef0",
    instanceType: "i4i.large",
    subnetId: inside.privateSubnetIds[place] ?? "",
    rootBlockDevice: { encrypted: true },
    disableApiTermination: true,
    tags,
  });
});
for (const zone of ["us-central1-a", "us-central1-b"])
  new gcp.compute.Instance(`journal-${zone}`, {
    project,
    zone,
    machineType: "c3-standard-4",
    bootDisk: { initializeParams: { image: "debian-cloud/debian-12" } },
    networkInterfaces: [{ network: "default" }],
    deletionProtection: true,
    labels: { "twodoor-quorum": "journal" },
  });
// The fifth voter stands at a third provider, and in the settings (design.quorums): no cloud holds a majority.
const ohio = awsService("orders", { region: "us-east-2", hostname, tasks: 16 });
const iowa = googleService("orders", { project, region: "us-central1" }, hostname, {
  instances: 16,
  after: [ohio.service],
});
failover(hostname, { ohio: ohio.balancer.dnsName, iowa: iowa.address });
