import * as aws from "@pulumi/aws";
import { ohio } from "./around";

const engine = new aws.ec2.PlacementGroup("engine", { region: "us-east-2", strategy: "cluster" });
new aws.ec2.Instance("us-east-2-journal", {
  region: "us-east-2",
  ami: "ami-0123456789abcdef0",
  instanceType: "m7g.large",
  subnetId: ohio.privateSubnets[0],
  placementGroup: engine.name,
  rootBlockDevice: { encrypted: true, volumeSize: 200 },
  disableApiTermination: true,
  tags: { "twodoor:quorum": "journal" },
});
new aws.ec2.Instance("us-west-2-journal", {
  region: "us-east-2",
  ami: "ami-0123456789abcdef0",
  instanceType: "m7g.large",
  subnetId: ohio.privateSubnets[0],
  placementGroup: engine.name,
  rootBlockDevice: { encrypted: true, volumeSize: 200 },
  disableApiTermination: true,
  tags: { "twodoor:quorum": "journal" },
});
