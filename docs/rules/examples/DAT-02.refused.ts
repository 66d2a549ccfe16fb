import * as aws from "@pulumi/aws";
import { oregon } from "./around";

// Without: witness-journal
// Also: TOP-05
// Two voters in each cloud, and the fifth in AWS as well.
new aws.ec2.Instance("fifth-journal", {
  region: "us-east-1",
  ami: "ami-0123456789abcdef0",
  instanceType: "m7g.large",
  subnetId: oregon.privateSubnets[0],
  rootBlockDevice: { encrypted: true, volumeSize: 200 },
  disableApiTermination: true,
  tags: { "twodoor:quorum": "journal" },
});
