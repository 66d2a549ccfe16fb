import * as aws from "@pulumi/aws";
import { oregon } from "./around";

// The fifth voter stands at a third provider, in the design around.
new aws.ec2.Instance("us-west-2-journal", {
  region: "us-west-2",
  ami: "ami-0123456789abcdef0",
  instanceType: "m7g.large",
  subnetId: oregon.privateSubnets[0],
  rootBlockDevice: { encrypted: true, volumeSize: 200 },
  disableApiTermination: true,
  tags: { "twodoor:quorum": "journal" },
});
