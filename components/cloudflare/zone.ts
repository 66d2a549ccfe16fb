import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import { refuse } from "../errors";
import type { CloudflareZoneArgs } from "./zone-args";
import { cloudflareZoneIssues, planRateLimit, zoneSettings, type RateLimitPlan } from "./zone-plan";

/** The resources that a `CloudflareZone` is made of. */
export interface CloudflareZoneNodes {
  /** Settings by Cloudflare's own ids: `min_tls_version`. */
  settings: Record<string, cloudflare.ZoneSetting>;
  /** The zone's rate limits. Nothing where no hostname is named. */
  rateLimit: cloudflare.Ruleset | undefined;
}

const allNodes = new WeakMap<CloudflareZone, CloudflareZoneNodes>();

/**
 * The settings of a whole Cloudflare zone and its rate limits.
 *
 * Makes a zone setting each for TLS mode, TLS versions, early data, redirect to HTTPS, WebSockets and HTTP/3, and the zone's one rate limiting
 * ruleset. They are every hostname's of the zone, so exactly one stack may hold this component: Cloudflare lets two stacks overwrite each other's
 * settings without a word, and refuses a second ruleset of the same phase (20217). It costs nothing.
 *
 * TLS mode "strict" makes every proxied hostname of the zone answer 526 whose origin has no valid certificate: `dependsOn` whatever issues
 * them, and look at the zone's other hostnames first. Deleting a setting does nothing: `destroy` leaves the zone as
 * strict as it was and takes away the rate limit alone.
 *
 * Client certificates of a hostname (`CloudflareOriginPulls`) need no setting here: the zone's `tls_client_auth` is for
 * the certificate that Cloudflare shares among all its customers, and the two do not touch each other.
 */
export class CloudflareZone extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:CloudflareZone";

  /** Values of the zone's settings by Cloudflare's own ids. */
  readonly settings: pulumi.Output<Record<string, string>>;
  /** Cloudflare's id of the rate limiting ruleset; empty without one. */
  readonly rateLimitRulesetId: pulumi.Output<string>;

  /**
   * @param name - prefix of every child's name.
   * @param args - what to build.
   * @param opts - the standard options; `dependsOn` the certificates of every origin in the zone.
   */
  constructor(name: string, args: CloudflareZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`CloudflareZone "${name}"`, cloudflareZoneIssues(args));
    super(CloudflareZone.__pulumiType, name, {}, opts);
    const child = { parent: this };
    const values = zoneSettings(args);
    const settings = buildSettings(name, args.zoneId, values, child);
    const limit = planRateLimit(args);
    const rateLimit = limit === undefined ? undefined : buildRateLimit(name, args.zoneId, limit, child);
    allNodes.set(this, { settings, rateLimit });

    this.settings = pulumi.output(values);
    this.rateLimitRulesetId = rateLimit?.id ?? pulumi.output("");
    this.registerOutputs({ settings: this.settings, rateLimitRulesetId: this.rateLimitRulesetId });
  }

  /** The resources inside, for settings that have no argument. */
  get nodes(): CloudflareZoneNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/**
 * One after another: `tls_1_3` and `0rtt` are two views of one setting at Cloudflare, and whichever is written last wins
 * (terraform-provider-cloudflare issue 7118).
 */
function buildSettings(
  name: string,
  zoneId: pulumi.Input<string>,
  values: Record<string, string>,
  child: Child,
): Record<string, cloudflare.ZoneSetting> {
  const settings: Record<string, cloudflare.ZoneSetting> = {};
  for (const [settingId, value] of Object.entries(values)) {
    const before = settingId === "tls_1_3" ? settings["0rtt"] : undefined;
    settings[settingId] = new cloudflare.ZoneSetting(
      `${name}-${settingId.replace(/_/g, "-")}`,
      { zoneId, settingId, value },
      before === undefined ? child : { ...child, dependsOn: [before] },
    );
  }
  return settings;
}

function buildRateLimit(
  name: string,
  zoneId: pulumi.Input<string>,
  limit: RateLimitPlan,
  child: Child,
): cloudflare.Ruleset {
  return new cloudflare.Ruleset(
    `${name}-rate-limit`,
    {
      zoneId,
      kind: "zone",
      phase: "http_ratelimit",
      // Another name would replace the ruleset, and Cloudflare takes no second one of a phase while the first stands: this name stays for ever.
      name: "Twodoor rate limit",
      description: "How much one address may ask of the API",
      rules: [
        {
          // The rule keeps its id by this, whatever else of it changes.
          ref: "twodoor_rate_limit",
          description: "Too many requests from one address",
          enabled: true,
          expression: limit.expression,
          action: "block",
          actionParameters: {
            response: {
              statusCode: 429,
              contentType: "application/json",
              content: JSON.stringify({ message: "Too many requests from this address" }),
            },
          },
          ratelimit: {
            // Cloudflare counts in each data centre and wants that said.
            characteristics: ["cf.colo.id", "ip.src"],
            period: limit.periodSeconds,
            requestsPerPeriod: limit.requestsPerPeriod,
            mitigationTimeout: limit.mitigationTimeoutSeconds,
            requestsToOrigin: false,
          },
        },
      ],
    },
    child,
  );
}
