import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { hostnameIssues, tagIssues } from "../checks";
import { protectedIf, type Child } from "../child";
import { refuse } from "../errors";
import { shown, type Issue } from "../sizing/issues";
import { regionIssues } from "./checks";

/** ACM refuses a first name that is longer (`RequestCertificate`). */
const HOSTNAME_MAX = 64;
/** Seconds for which resolvers keep the validation record. */
const RECORD_TTL_SECONDS = 300;

/** What the certificates of one hostname on AWS are told. */
export interface AwsCertificatesArgs {
  /** Hostname that the certificates are for, at most 64 characters: `api.example.com`. Changing this makes new certificates and a new record. */
  hostname: pulumi.Input<string>;
  /** Regions that need a certificate, each by the vendor's name and once. All in the account of the `aws` provider. */
  regions: string[];
  /** Id of the Cloudflare zone that holds the hostname. */
  zoneId: pulumi.Input<string>;
  /** Whether Pulumi refuses to delete the validation record, without which no certificate can be renewed. Defaults to true. @default true */
  deletionProtected?: boolean;
  /** Tags of the certificates. Defaults to none. @default - none */
  tags?: Record<string, string>;
}

/** The resources of `AwsCertificates`. Records are keyed by region. */
export interface AwsCertificatesNodes {
  certificates: Record<string, aws.acm.Certificate>;
  validationRecord: cloudflare.DnsRecord;
  validations: Record<string, aws.acm.CertificateValidation>;
  /**
   * ARN of each region's issued certificate. Prefer it to the output `certificateArns`, which as a whole is unknown while one region
   * is being added.
   */
  certificateArns: Record<string, pulumi.Output<string>>;
}

const allNodes = new WeakMap<AwsCertificates, AwsCertificatesNodes>();

/**
 * Publicly trusted certificates of one hostname, one in each AWS region, validated by one DNS record that outlives each of them.
 *
 * ACM asks for the same record in every region of an account, so there is one, outside the regions: taking a region away deletes its
 * certificate and neither deletes nor changes the record, by which ACM renews the others. The record is DNS-only, since a proxied one
 * would answer with Cloudflare's addresses. It is read from the first region's certificate; another first region gives the same.
 *
 * It waits until ACM has issued every certificate, usually minutes. A CAA record of the zone has to allow `amazon.com`; after mending
 * one, ask for a new certificate. Costs nothing.
 */
export class AwsCertificates extends pulumi.ComponentResource {
  static readonly __pulumiType = "twodoor:index:AwsCertificates";

  /** ARNs of the issued certificates by region. */
  readonly certificateArns: pulumi.Output<Record<string, string>>;
  /** Name of the validation record. */
  readonly validationRecordName: pulumi.Output<string>;

  /**
   * @param name - logical name; every child's name begins with it.
   * @param args - see `AwsCertificatesArgs`.
   * @param opts - the standard options; `providers` for aws and cloudflare.
   */
  constructor(name: string, args: AwsCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`AwsCertificates "${name}"`, awsCertificatesIssues(args));
    super(AwsCertificates.__pulumiType, name, {}, opts);
    const child = { parent: this };
    const certificates = Object.fromEntries(
      args.regions.map((region) => [region, buildCertificate(name, region, args, child)]),
    );
    const validationRecord = buildRecord(name, args, certificates, child);
    const validations = Object.fromEntries(
      Object.entries(certificates).map(([region, certificate]) => [
        region,
        buildValidation(name, region, { certificate, validationRecord }, child),
      ]),
    );
    const certificateArns = Object.fromEntries(
      Object.entries(validations).map(([region, validation]) => [region, validation.certificateArn]),
    );

    this.certificateArns = pulumi.output(certificateArns);
    this.validationRecordName = validationRecord.name;
    allNodes.set(this, { certificates, validationRecord, validations, certificateArns });
    this.registerOutputs({
      certificateArns: this.certificateArns,
      validationRecordName: this.validationRecordName,
    });
  }

  /** The resources themselves, for what no argument covers. */
  get nodes(): AwsCertificatesNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** What keeps `AwsCertificates` from being built with these arguments. */
export function awsCertificatesIssues({ hostname, regions, tags }: AwsCertificatesArgs): Issue[] {
  const found = [...hostnameIssues("hostname", hostname), ...tagIssues("tags", tags ?? {})];
  if (typeof hostname === "string" && hostname.length > HOSTNAME_MAX) {
    const expected = `at most ${String(HOSTNAME_MAX)} characters, as ACM demands`;
    found.push({ path: "hostname", expected, got: String(hostname.length), fix: "choose a shorter hostname" });
  }
  if (regions.length === 0) {
    const fix = "name the regions, or leave the component out";
    found.push({ path: "regions", expected: "at least one region", got: "an empty list", fix });
  }
  const each = regions.flatMap((region, index) => {
    const path = `regions[${String(index)}]`;
    const repeated = regions.indexOf(region) !== index;
    return repeated
      ? [{ path, expected: "each region once", got: `${shown(region)} again`, fix: "remove one of them" }]
      : regionIssues(path, region);
  });
  return [...found, ...each];
}

function buildCertificate(
  name: string,
  region: string,
  { hostname, tags }: AwsCertificatesArgs,
  child: Child,
): aws.acm.Certificate {
  return new aws.acm.Certificate(
    `${name}-${region}`,
    { region, domainName: hostname, validationMethod: "DNS", keyAlgorithm: "RSA_2048", tags: tags ?? {} },
    child,
  );
}

/** The one record of all regions. Its name holds no region, so that it stays whichever region goes. */
function buildRecord(
  name: string,
  { zoneId, deletionProtected }: AwsCertificatesArgs,
  certificates: Record<string, aws.acm.Certificate>,
  child: Child,
): cloudflare.DnsRecord {
  const [first] = Object.values(certificates);
  if (first === undefined) throw new Error("there is at least one region");
  const wanted = validationOf(first);
  return new cloudflare.DnsRecord(
    `${name}-validation`,
    {
      zoneId,
      type: "CNAME",
      name: wanted.name,
      content: wanted.content,
      ttl: RECORD_TTL_SECONDS,
      proxied: false,
      comment: "ACM renews certificates by this record. Keep it, DNS-only.",
    },
    { ...child, ...protectedIf(deletionProtected ?? true) },
  );
}

/** The record that ACM asks for. ACM writes names with a dot at the end, which Cloudflare drops and would show as a change for ever. */
function validationOf(certificate: aws.acm.Certificate): {
  name: pulumi.Output<string>;
  content: pulumi.Output<string>;
} {
  const option = certificate.domainValidationOptions.apply((options) => {
    const [first] = options;
    if (first === undefined) throw new Error("ACM asked for no validation record");
    return first;
  });
  return {
    name: option.apply(({ resourceRecordName }) => withoutDot(resourceRecordName)),
    content: option.apply(({ resourceRecordValue }) => withoutDot(resourceRecordValue)),
  };
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, "");
}

function buildValidation(
  name: string,
  region: string,
  { certificate, validationRecord }: { certificate: aws.acm.Certificate; validationRecord: cloudflare.DnsRecord },
  child: Child,
): aws.acm.CertificateValidation {
  return new aws.acm.CertificateValidation(
    `${name}-${region}-issued`,
    {
      region,
      certificateArn: certificate.arn,
      // Read from the region's own certificate: the shared record is unknown while another region comes first for the first time.
      validationRecordFqdns: [validationOf(certificate).name],
    },
    { ...child, dependsOn: [validationRecord] },
  );
}
