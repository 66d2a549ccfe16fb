/**
 * What an AWS account needs once, before the first deployment: who may deploy, and where images are kept in each region.
 *
 * The network is here too, for teams that keep it apart from what runs in it; `AwsRegion` otherwise makes one.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AwsDeployIdentity, AwsNetwork, AwsRegistry } from "../components";

const config = new pulumi.Config("foundation");
const accountId = config.require("accountId");
const regions = ["us-east-2", "us-west-2"];
const providers = { aws: new aws.Provider("aws", { region: "us-east-2", allowedAccountIds: [accountId] }) };

const deploy = new AwsDeployIdentity(
  "exchange-foundation",
  {
    accountId,
    githubRepository: "example/exchange",
    githubEnvironment: "production",
    namePrefix: "exchange",
    regions,
    repositoryNames: ["exchange"],
  },
  { providers },
);

const registries = regions.map(
  (region) => new AwsRegistry(`exchange-${region}`, { region, repositoryName: "exchange" }, { providers }),
);

const network = new AwsNetwork(
  "exchange-us-east-2",
  {
    region: "us-east-2",
    accountId,
    availabilityZones: ["us-east-2a", "us-east-2b", "us-east-2c"],
    cidrBlock: "10.16.0.0/16",
  },
  { providers },
);

export const roleToAssume = deploy.roleArn;
export const permissionsBoundaryArn = deploy.permissionsBoundaryArn;
export const repositoryUrls = registries.map((registry) => registry.repositoryUrl);
export const privateSubnetIds = network.privateSubnetIds;
