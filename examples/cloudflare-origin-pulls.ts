/**
 * Client certificates of our own in front of an origin that is there already, so that it can tell our requests from everybody else's at Cloudflare.
 *
 * First `up`: give `authorities` to the origin and let it accept them without insisting. Once requests carry the certificate, let it insist.
 * To rotate: add "2026b" in one `up`, make it the active one in the next, take "2026a" away in a third.
 */
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { CloudflareOriginPulls, OriginPullCertificates } from "../components";

const config = new pulumi.Config("edge");
const hostname = "api.example.com";
const providers = {
  cloudflare: new cloudflare.Provider("cloudflare", { apiToken: config.requireSecret("apiToken") }),
  tls: new tls.Provider("tls", {}),
};

const made = new OriginPullCertificates("api-client", { hostname, generations: [{ id: "2026a" }] }, { providers });

const shown = new CloudflareOriginPulls(
  "api-origin-pulls",
  {
    accountId: config.require("accountId"),
    zoneId: config.require("zoneId"),
    zoneName: "example.com",
    hostname,
    certificates: Object.entries(made.nodes.generations).map(([id, { leafCertificate, leafKey }]) => ({
      id,
      certificate: leafCertificate.certPem,
      privateKey: leafKey.privateKeyPem,
    })),
    activeGeneration: "2026a",
    notificationEmails: ["oncall@example.com"],
  },
  { providers },
);

export const authorities = made.authorities;
export const expiresAt = shown.expiresAt;
