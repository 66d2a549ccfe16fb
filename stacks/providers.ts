import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import type { ProviderResource } from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { Settings } from "./config";

/** The providers of the whole program by package, as the `providers` option takes them. */
export type Providers = Record<"aws" | "gcp" | "cloudflare" | "tls", ProviderResource>;

/**
 * One provider for each cloud. Regions are told apart by the `region`, `project` and `location` of each resource, never by a provider, so
 * that a region comes and goes without one. Credentials come from the environment and are no part of the settings.
 */
export function buildProviders(settings: Settings): Providers {
  return {
    aws: new aws.Provider("aws", {
      // A setting of its own, not the first region's name: a provider of another region is another provider, and replaces all it made.
      region: settings.aws.providerRegion,
      ...(settings.aws.stsRegion === undefined ? {} : { stsRegion: settings.aws.stsRegion }),
      ...awsReach(settings),
    }),
    // No project and no region: every resource names its own, and with a region the provider first asks Google for all regions.
    gcp: new gcp.Provider("gcp"),
    cloudflare: new cloudflare.Provider("cloudflare"),
    tls: new tls.Provider("tls"),
  };
}

/**
 * Before it does anything else, the AWS provider asks AWS whose credentials it has, and fails when there is no answer
 * (github.com/hashicorp/terraform-provider-aws/issues/7674). While AWS is named as unreachable it does not ask, so that a change of Google's
 * regions goes through. Otherwise the answer also guards against another account's credentials.
 */
function awsReach({ unreachable, aws: { accountId } }: Settings): aws.ProviderArgs {
  if (unreachable?.includes("aws") !== true) return { allowedAccountIds: [accountId] };
  return { skipCredentialsValidation: true, skipRequestingAccountId: true, skipMetadataApiCheck: true };
}
