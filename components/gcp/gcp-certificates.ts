import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { hostnameIssues, tagIssues } from "../checks";
import { protectedIf, type Child } from "../child";
import { refuse } from "../errors";
import { shown, type Issue } from "../sizing/issues";
import { projectIssues, regionIssues } from "./checks";

/** Seconds for which resolvers may keep the validation record. It never changes, so nothing is gained by less. */
const RECORD_TTL_SECONDS = 3600;

/** One Google region that serves the hostname. */
export interface GcpCertificateRegion {
  /** Google's name of the region: `us-central1`. It keys the certificate. */
  region: string;
  /** Id of the region's project, which no other region here has. */
  project: string;
  /** Whether Pulumi refuses to delete this region's certificate, authorization and record. Turn it off in one `up`, remove the region in the next. Defaults to true. @default true */
  deletionProtected?: boolean;
}

/** Arguments of `GcpCertificates`. */
export interface GcpCertificatesArgs {
  /** Public hostname of the API: `api.example.com`. Changing this replaces every certificate; the new ones have to be active before a load balancer serves them. */
  hostname: pulumi.Input<string>;
  /** Cloudflare's id of the zone that holds the hostname. Changing this replaces the records. */
  zoneId: pulumi.Input<string>;
  /** Regions that serve the hostname, each in a project of its own. */
  regions: GcpCertificateRegion[];
  /** Labels for certificates and authorizations. Defaults to none. @default - none */
  tags?: Record<string, string>;
}

/** What is made for one region. */
export interface GcpCertificateParts {
  /** Google's question: does this project control the hostname? */
  authorization: gcp.certificatemanager.DnsAuthorization;
  /** The answer in Cloudflare, which has to stand for as long as the certificate is renewed. */
  record: cloudflare.DnsRecord;
  /** The certificate. */
  certificate: gcp.certificatemanager.Certificate;
}

/** The resources that `GcpCertificates` is made of, by region. */
export interface GcpCertificatesNodes {
  /** Authorization, record and certificate by region. */
  regions: Record<string, GcpCertificateParts>;
}

const allNodes = new WeakMap<GcpCertificates, GcpCertificatesNodes>();

/**
 * A publicly trusted certificate for the hostname in each Google region, validated by a DNS-only record in Cloudflare.
 *
 * Makes for each region a DNS authorization, one record and a managed certificate. Each project's authorization has a name of its own
 * (`_acme-challenge_…`), so a region's three resources belong to it alone and are removed with it; nothing is shared. Two regions of
 * one project are refused: whether Google then asks for one name with two values is not known, and DNS cannot hold both.
 *
 * Certificates cost nothing up to a hundred. Google issues them up to an hour after the record stands and `up` does not wait for it:
 * until then the region refuses handshakes (Cloudflare's 525). A zone with CAA records has to allow `pki.goog`.
 *
 * Google counts a certificate as in use for a minute or so after the load balancer that served it has gone: an `up` that removes both may
 * end with that refusal, and the next one finishes.
 */
export class GcpCertificates extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:GcpCertificates";

  /** Ids of the certificates, by region. While a region is being added all of them count as unknown; inside one program use `nodes.regions[region].certificate.id`. */
  readonly certificateIds: pulumi.Output<Record<string, string>>;

  /**
   * @param name - prefix of every child's name.
   * @param args - what to certify.
   * @param opts - the standard options.
   */
  constructor(name: string, args: GcpCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`GcpCertificates "${name}"`, gcpCertificatesIssues(args));
    super(GcpCertificates.__pulumiType, name, {}, opts);
    const child = { parent: this };

    const regions = Object.fromEntries(
      args.regions.map((region) => [region.region, buildParts(name, args, region, child)]),
    );
    allNodes.set(this, { regions });

    this.certificateIds = pulumi.all(
      Object.fromEntries(Object.entries(regions).map(([region, { certificate }]) => [region, certificate.id])),
    );
    this.registerOutputs({ certificateIds: this.certificateIds });
  }

  /** The resources inside, for settings that have no argument. */
  get nodes(): GcpCertificatesNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** Every problem of the arguments of `GcpCertificates`. */
export function gcpCertificatesIssues({ hostname, regions, tags = {} }: GcpCertificatesArgs): Issue[] {
  const none: Issue[] =
    regions.length > 0
      ? []
      : [{ path: "regions", expected: "at least one region", got: "an empty list", fix: "name the regions" }];
  return [
    ...hostnameIssues("hostname", hostname),
    ...none,
    ...regions.flatMap((region, index) => oneRegionIssues(regions, region, index)),
    ...tagIssues("tags", tags),
  ];
}

function oneRegionIssues(regions: GcpCertificateRegion[], own: GcpCertificateRegion, index: number): Issue[] {
  const path = `regions[${String(index)}]`;
  const before = regions.slice(0, index);
  const sameRegion: Issue[] = before.some(({ region }) => region === own.region)
    ? [
        {
          path: `${path}.region`,
          expected: "each region once",
          got: `${shown(own.region)} again`,
          fix: "remove one of them",
        },
      ]
    : [];
  const sameProject: Issue[] = before.some(({ project }) => project === own.project)
    ? [
        {
          path: `${path}.project`,
          expected: "a project of its own for each region of one hostname",
          got: `${shown(own.project)} again`,
          fix: "give the region its own project, or bring a certificate that was made elsewhere",
        },
      ]
    : [];
  return [
    ...regionIssues(`${path}.region`, own.region),
    ...projectIssues(`${path}.project`, own.project),
    ...sameRegion,
    ...sameProject,
  ];
}

function buildParts(
  name: string,
  { hostname, zoneId, tags }: GcpCertificatesArgs,
  { region, project, deletionProtected = true }: GcpCertificateRegion,
  child: Child,
): GcpCertificateParts {
  const options = { ...child, ...protectedIf(deletionProtected) };
  const authorization = new gcp.certificatemanager.DnsAuthorization(
    `${name}-${region}-authorization`,
    // Google's default outside `global`, said explicitly: a fixed record would have one name for all projects
    // (GoogleCloudPlatform/k8s-config-connector issue 2943).
    { project, location: region, domain: hostname, type: "PER_PROJECT_RECORD", labels: tags ?? {} },
    options,
  );
  const [recordName, type, content] = recordOf(authorization);
  const record = new cloudflare.DnsRecord(
    `${name}-${project}-validation`,
    {
      zoneId,
      name: recordName,
      type,
      content,
      ttl: RECORD_TTL_SECONDS,
      // Proxied, the record would answer with Cloudflare's own address and every renewal would fail.
      proxied: false,
      comment: `Renews the certificate of Google project ${project}. Keep it.`,
    },
    options,
  );
  const certificate = new gcp.certificatemanager.Certificate(
    `${name}-${region}-certificate`,
    {
      project,
      location: region,
      labels: tags ?? {},
      managed: { domains: [hostname], dnsAuthorizations: [authorization.id] },
    },
    // Google tries at once, and waits longer after each failure.
    { ...options, dependsOn: [record] },
  );
  return { authorization, record, certificate };
}

/** Name, type and content of the record that Google asks for, without the dots at the end that Cloudflare takes off. */
function recordOf(
  authorization: gcp.certificatemanager.DnsAuthorization,
): [pulumi.Output<string>, pulumi.Output<string>, pulumi.Output<string>] {
  const asked = authorization.dnsResourceRecords.apply(([first]) => {
    if (first === undefined) throw new Error("Google asked for no validation record; run the command again");
    return first;
  });
  return [
    asked.apply(({ name }) => name.replace(/\.$/, "")),
    asked.apply(({ type }) => type),
    asked.apply(({ data }) => data.replace(/\.$/, "")),
  ];
}
