/**
 * The settings of a whole zone, in a stack of their own: every hostname of the zone has to bear TLS mode "strict" first.
 *
 * One address may send 600 requests a minute to the API; the health check is never counted.
 */
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { CloudflarePlan, CloudflareZone } from "../components";

const config = new pulumi.Config("edge");
const provider = new cloudflare.Provider("cloudflare", { apiToken: config.requireSecret("apiToken") });

const zone = new CloudflareZone(
  "example-com",
  {
    zoneId: config.require("zoneId"),
    zoneName: "example.com",
    plan: CloudflarePlan.Business,
    hostnames: ["api.example.com"],
    rateLimit: { requestsPerPeriod: 600, periodSeconds: 60 },
  },
  { providers: { cloudflare: provider } },
);

export const settings = zone.settings;
