/** Arguments that every test of the AWS components starts from, and breaks in one place. */
import type { AwsNetworkArgs, AwsRegionArgs } from "../../../components/aws";

export const ACCOUNT = "123456789012";
export const DIGEST = "a".repeat(64);
export const IMAGE = `${ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/exchange@sha256:${DIGEST}`;
export const CERTIFICATE = `arn:aws:acm:us-east-2:${ACCOUNT}:certificate/0b2c1f3e-7a55-4c0e-9d0e-1f2a3b4c5d6e`;
export const SECRET_VALUE = "correct-horse-battery-staple";
export const AUTHORITY = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

export const regionArgs: AwsRegionArgs = {
  region: "us-east-2",
  accountId: ACCOUNT,
  availabilityZones: ["us-east-2a", "us-east-2b", "us-east-2c"],
  hostname: "api.example.com",
  image: IMAGE,
  certificateArn: CERTIFICATE,
  cidrBlock: "10.16.0.0/16",
  minimumReplicas: 6,
  maximumReplicas: 24,
};

export const networkArgs: AwsNetworkArgs = {
  region: "us-east-2",
  accountId: ACCOUNT,
  availabilityZones: ["us-east-2a", "us-east-2b", "us-east-2c"],
  cidrBlock: "10.16.0.0/16",
};
