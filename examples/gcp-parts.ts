/**
 * Parts of a Google region used by themselves: a network that several programs share, a region in it, and the alarms for a
 * Cloud Run service that some other program has made.
 */
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { GcpAlarms, GcpNetwork, GcpRegion } from "../components";

const config = new pulumi.Config("virginia");
const project = config.require("project");
const region = "us-east4";
const options = { providers: { gcp: new gcp.Provider("gcp", { project, region }) } };

const network = new GcpNetwork("shared", { project, region, cidrBlock: "10.48.0.0/16", internetEgress: true }, options);

const virginia = new GcpRegion(
  "api-virginia",
  {
    project,
    region,
    hostname: "api.example.com",
    image: config.require("image"),
    cidrBlock: "10.48.0.0/16",
    minimumReplicas: 2,
    maximumReplicas: 8,
    certificateId: config.require("certificateId"),
    network: {
      networkId: network.networkId,
      egressSubnetworkId: network.egressSubnetworkId,
      egressAddresses: network.egressAddresses,
    },
  },
  options,
);

new GcpAlarms(
  "reports",
  {
    project,
    region,
    serviceName: "reports",
    urlMapName: "reports",
    minimumReplicas: 1,
    maximumReplicas: 4,
    alarmEmails: ["oncall@example.com"],
  },
  options,
);

export const originAddress = virginia.originAddress;
