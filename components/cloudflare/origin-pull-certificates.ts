import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { duplicateIssues, isHostname, wholeNumberIssues } from "../checks";
import type { Child } from "../child";
import { refuse } from "../errors";
import { shown, type Issue } from "../sizing/issues";
import { generationIssues } from "./checks";

/** What `OriginPullCertificates` is told. */
export interface OriginPullCertificatesArgs {
  /** Hostname that the certificates are for: `api.example.com`. It stands in their subject. Changing this makes all of them anew. */
  hostname: string;
  /** One generation, or two during a rotation; at most three. The order is the order of `authorities`. */
  generations: OriginPullGeneration[];
}

/** One authority and the client certificate that it has signed. A generation never changes: rotation adds the next one. */
export interface OriginPullGeneration {
  /** Name of the generation, such as the year and a letter: `2026a`. Lower-case letters, digits and `-`, up to 20. Changing this makes another generation. */
  id: string;
  /** Days for which both certificates are valid, from 60 to 3650. Defaults to 825. Changing this makes both anew at once, so make it another generation instead. @default 825 */
  validityDays?: number;
}

/** The resources that one generation is made of. */
export interface OriginPullGenerationNodes {
  /** Private key of the authority. */
  authorityKey: tls.PrivateKey;
  /** Certificate of the authority, which the regions trust. */
  authority: tls.SelfSignedCert;
  /** Private key that goes to Cloudflare. */
  leafKey: tls.PrivateKey;
  /** What the authority is asked to sign. */
  leafRequest: tls.CertRequest;
  /** Client certificate that Cloudflare shows. */
  leafCertificate: tls.LocallySignedCert;
}

/** The resources that `OriginPullCertificates` are made of. */
export interface OriginPullCertificatesNodes {
  /** Generations by their id. */
  generations: Record<string, OriginPullGenerationNodes>;
}

const allNodes = new WeakMap<OriginPullCertificates, OriginPullCertificatesNodes>();

/**
 * Authorities of our own, each with the client certificate that Cloudflare will show to the regions.
 *
 * Makes for each generation a key and a certificate of an authority, and a key, a request and a signed client certificate. It costs
 * nothing and calls no cloud. Private keys are secrets in the stack's state: who can decrypt it can pass for Cloudflare.
 *
 * Stands apart from `CloudflareOriginPulls`, which uploads the client certificates, since the regions come between the two: they have to trust an
 * authority before Cloudflare has its client certificate. Give the regions `authorities`, then make `CloudflareOriginPulls` with
 * `dependsOn` the regions. To rotate: add a generation in one `up`, make it the active one in the next, drop the old one in a third.
 *
 * Nothing here changes by time alone. After expiry the next `up` makes both certificates anew, too late for an unbroken service: rotate at the first alert.
 */
export class OriginPullCertificates extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:OriginPullCertificates";

  /** PEM certificates of all authorities, one after another in the order of `generations`: what the regions are to trust. */
  readonly authorities: pulumi.Output<string>;
  /** When each generation's client certificate ends, by id, as RFC 3339 time. */
  readonly expiresAt: pulumi.Output<Record<string, string>>;

  /**
   * @param name - prefix of every child's name.
   * @param args - what to build.
   * @param opts - the standard options; `providers` for tls.
   */
  constructor(name: string, args: OriginPullCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`OriginPullCertificates "${name}"`, originPullCertificatesIssues(args));
    super(OriginPullCertificates.__pulumiType, name, {}, opts);
    const built = args.generations.map((generation): [string, OriginPullGenerationNodes] => [
      generation.id,
      buildGeneration(`${name}-${generation.id}`, args.hostname, generation, { parent: this }),
    ]);
    allNodes.set(this, { generations: Object.fromEntries(built) });

    this.authorities = pulumi
      .all(built.map(([, { authority }]) => authority.certPem))
      .apply((certificates) => certificates.map((pem) => `${pem.trim()}\n`).join(""));
    this.expiresAt = pulumi.all(
      Object.fromEntries(built.map(([id, { leafCertificate }]) => [id, leafCertificate.validityEndTime])),
    );
    this.registerOutputs({ authorities: this.authorities, expiresAt: this.expiresAt });
  }

  /** The resources inside; `CloudflareOriginPulls` is given the client certificates from here. */
  get nodes(): OriginPullCertificatesNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** Every reason why these arguments cannot work, as far as it is known while planning. */
export function originPullCertificatesIssues({ hostname, generations }: OriginPullCertificatesArgs): Issue[] {
  const issues: Issue[] = [];
  if (!isHostname(hostname))
    issues.push({
      path: "hostname",
      expected: "a full hostname in lower case",
      got: shown(hostname),
      fix: 'write it in full, such as "api.example.com"',
    });
  if (generations.length < 1 || generations.length > 3)
    issues.push({
      path: "generations",
      expected: "one to three generations",
      got: shown(generations),
      fix: "keep the active one and, during a rotation, the next or the last one",
    });
  return [
    ...issues,
    ...generations.flatMap(({ id, validityDays }, index) => [
      ...generationIssues(`generations[${String(index)}].id`, id),
      ...wholeNumberIssues(
        `generations[${String(index)}].validityDays`,
        validityDays ?? DEFAULT_VALIDITY_DAYS,
        // Cloudflare's first alert comes 30 days before the end; a rotation takes three changes.
        { min: 60, max: 3650, unit: "days" },
        "leave room for a rotation after the alert that comes 30 days before the end",
      ),
    ]),
    ...duplicateIssues(
      generations.map(({ id }, index) => ({ path: `generations[${String(index)}].id`, value: id })),
      "a name that no other generation has",
      "name each generation once",
    ),
  ];
}

const DEFAULT_VALIDITY_DAYS = 825;

function buildGeneration(
  name: string,
  hostname: string,
  { id, validityDays }: OriginPullGeneration,
  child: Child,
): OriginPullGenerationNodes {
  const key = (role: string) =>
    new tls.PrivateKey(`${name}-${role}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, child);
  const validityPeriodHours = (validityDays ?? DEFAULT_VALIDITY_DAYS) * 24;
  const authorityKey = key("authority");
  const authority = new tls.SelfSignedCert(
    `${name}-authority`,
    {
      privateKeyPem: authorityKey.privateKeyPem,
      // The generation is part of the subject: during a rotation the regions must tell two authorities apart.
      subject: { commonName: `Origin pulls of ${hostname} ${id}`, organization: "twodoor" },
      isCaCertificate: true,
      // The provider's words are in snake case, whatever the SDK's own comment prints (hashicorp/terraform-provider-tls, docs/resources/self_signed_cert.md).
      allowedUses: ["cert_signing", "crl_signing"],
      setSubjectKeyId: true,
      setAuthorityKeyId: true,
      validityPeriodHours,
      // Otherwise a preview would want a new certificate on the day that the period begins.
      earlyRenewalHours: 0,
    },
    child,
  );
  const leafKey = key("leaf");
  const leafRequest = new tls.CertRequest(
    `${name}-leaf-request`,
    {
      privateKeyPem: leafKey.privateKeyPem,
      subject: { commonName: hostname, organization: "twodoor" },
      dnsNames: [hostname],
    },
    child,
  );
  const leafCertificate = new tls.LocallySignedCert(
    `${name}-leaf`,
    {
      certRequestPem: leafRequest.certRequestPem,
      caPrivateKeyPem: authorityKey.privateKeyPem,
      caCertPem: authority.certPem,
      // Cloudflare takes no authority's certificate (1412); Google wants `clientAuth` in a client's.
      isCaCertificate: false,
      allowedUses: ["digital_signature", "client_auth"],
      setSubjectKeyId: true,
      validityPeriodHours,
      earlyRenewalHours: 0,
    },
    child,
  );
  return { authorityKey, authority, leafKey, leafRequest, leafCertificate };
}
