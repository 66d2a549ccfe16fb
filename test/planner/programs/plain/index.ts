import * as aws from "@pulumi/aws";

const vpc = new aws.ec2.Vpc("network", { cidrBlock: "10.0.0.0/16", region: "us-east-2" });
export const vpcId = vpc.id;
