import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { duplicateIssues } from "../checks";
import type { Child } from "../child";
import { refuse } from "../errors";
import { shown, type Issue } from "../sizing/issues";
import { generationIssues, hostnameInZoneIssues, idIssues, zoneNameIssues } from "./checks";
import { buildNotification, recipientIssues } from "./notifications";

/** What `CloudflareOriginPulls` is told. */
export interface CloudflareOriginPullsArgs {
  /** Cloudflare account id: 32 lower-case hexadecimal characters. Used for the expiry notification. */
  accountId: pulumi.Input<string>;
  /** Id of the zone that holds the hostname: 32 lower-case hexadecimal characters. Changing this uploads everything again. */
  zoneId: pulumi.Input<string>;
  /** Name of that zone: `example.com`. */
  zoneName: string;
  /** Hostname that clients call, inside the zone. Changing this moves the association to the new hostname before the old one is given up. */
  hostname: string;
  /** Client certificates that Cloudflare has: one, or two during a rotation; at most three. Cloudflare keeps 10 in a zone. */
  certificates: ClientCertificate[];
  /** Id of the certificate that Cloudflare shows. One of `certificates`, and there since an earlier `up` when another one was shown before. */
  activeGeneration: string;
  /** E-mail addresses that hear 30 and 14 days before a certificate ends. Defaults to none. @default - none */
  notificationEmails?: string[];
  /** Ids of PagerDuty services, linked to the account by hand before, that hear the same. Not on Pro. Defaults to none. @default - none */
  pagerdutyIds?: pulumi.Input<string>[];
  /** Ids of notification webhooks that hear the same. Defaults to none. @default - none */
  webhookIds?: pulumi.Input<string>[];
}

/** One client certificate for Cloudflare: from `OriginPullCertificates`, or of an authority that is there already. */
export interface ClientCertificate {
  /** Name of the generation: `2026a`. Lower-case letters, digits and `-`, up to 20. */
  id: string;
  /** PEM certificate: not an authority's, for client authentication. Changing this uploads another one before the old one is given up. */
  certificate: pulumi.Input<string>;
  /** PEM private key of the certificate. Secret. */
  privateKey: pulumi.Input<string>;
}

/** The resources that `CloudflareOriginPulls` is made of. */
export interface CloudflareOriginPullsNodes {
  /** Uploaded client certificates by generation. */
  certificates: Record<string, cloudflare.AuthenticatedOriginPullsHostnameCertificate>;
  /** Which certificate the hostname's requests carry. */
  association: cloudflare.AuthenticatedOriginPulls;
  /** Tells before a certificate ends. Nothing where nobody is named to hear it. */
  expiryNotification: cloudflare.NotificationPolicy | undefined;
}

const allNodes = new WeakMap<CloudflareOriginPulls, CloudflareOriginPullsNodes>();

/**
 * Authenticated origin pulls: Cloudflare shows a client certificate of ours on every request to the hostname's origins.
 *
 * Makes an uploaded certificate for each generation, the hostname's association with the active one and, where recipients are
 * named, the expiry notification. It costs nothing. Health checks carry the certificate too when their monitor has
 * `probeZone`, as `CloudflareLoadBalancer` sets it. The zone needs no switch for certificates of a hostname; its TLS mode has to be full or strict.
 *
 * Let it come after whatever has to trust the certificates (`dependsOn` the regions): Cloudflare may show a certificate as soon as it has been
 * deployed. Uploads are deployed within minutes after `up` has ended, and nothing waits for that, so make a new
 * generation active in a later `up` than the one that uploads it, and let origins insist in a later `up` than the first.
 * To give it up, let the origins stop insisting first. Cloudflare frees a certificate some time after its association has gone: a `destroy`
 * that comes too early says `in use`, and succeeds when it is run again.
 */
export class CloudflareOriginPulls extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:CloudflareOriginPulls";

  /** Hostname whose requests carry the certificate. */
  readonly hostname: pulumi.Output<string>;
  /** Cloudflare's id of the certificate that it shows. */
  readonly activeCertificateId: pulumi.Output<string>;
  /** When each certificate ends, by generation, as Cloudflare has read it. */
  readonly expiresAt: pulumi.Output<Record<string, string>>;

  /**
   * @param name - prefix of every child's name.
   * @param args - what to build.
   * @param opts - the standard options; `providers` for cloudflare, `dependsOn` what has to trust the certificates.
   */
  constructor(name: string, args: CloudflareOriginPullsArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`CloudflareOriginPulls "${name}"`, cloudflareOriginPullsIssues(args));
    super(CloudflareOriginPulls.__pulumiType, name, {}, opts);
    const child = { parent: this };
    const certificates = Object.fromEntries(
      args.certificates.map((entry) => [entry.id, buildCertificate(name, args.zoneId, entry, child)]),
    );
    const active = certificates[args.activeGeneration];
    if (active === undefined) throw new Error(`the active generation ${args.activeGeneration} was not built`);
    const association = buildAssociation(name, args, active, child);
    allNodes.set(this, { certificates, association, expiryNotification: buildExpiryNotification(name, args, child) });

    this.hostname = association.configs.apply(([config]) => config?.hostname ?? args.hostname);
    this.activeCertificateId = active.id;
    this.expiresAt = pulumi.all(
      Object.fromEntries(Object.entries(certificates).map(([id, { expiresOn }]) => [id, expiresOn])),
    );
    this.registerOutputs({
      hostname: this.hostname,
      activeCertificateId: this.activeCertificateId,
      expiresAt: this.expiresAt,
    });
  }

  /** The resources inside, for settings that have no argument. */
  get nodes(): CloudflareOriginPullsNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** Every reason why these arguments cannot work, as far as it is known while planning. */
export function cloudflareOriginPullsIssues(args: CloudflareOriginPullsArgs): Issue[] {
  const { certificates, activeGeneration } = args;
  const issues: Issue[] = [];
  if (certificates.length < 1 || certificates.length > 3)
    issues.push({
      path: "certificates",
      expected: "one to three certificates",
      got: shown(certificates),
      fix: "keep the active one and, during a rotation, the next or the last one",
    });
  if (!certificates.some(({ id }) => id === activeGeneration))
    issues.push({
      path: "activeGeneration",
      expected: "the id of one of the certificates",
      got: shown(activeGeneration),
      fix: "name one that is uploaded, or keep this one until another is active",
    });
  return [
    ...idIssues("accountId", args.accountId, "account"),
    ...idIssues("zoneId", args.zoneId, "zone"),
    ...zoneNameIssues("zoneName", args.zoneName),
    ...hostnameInZoneIssues("hostname", args.hostname, args.zoneName),
    ...issues,
    ...certificates.flatMap((entry, index) => certificateIssues(`certificates[${String(index)}]`, entry)),
    ...duplicateIssues(
      certificates.map(({ id }, index) => ({ path: `certificates[${String(index)}].id`, value: id })),
      "a name that no other generation has",
      "name each generation once",
    ),
    ...recipientIssues(args.notificationEmails),
  ];
}

function certificateIssues(path: string, { id, certificate, privateKey }: ClientCertificate): Issue[] {
  const issues = generationIssues(`${path}.id`, id);
  if (typeof certificate === "string" && !certificate.includes("-----BEGIN CERTIFICATE-----"))
    issues.push({
      path: `${path}.certificate`,
      expected: "a certificate in PEM form",
      got: "text without a PEM header",
      fix: "give the file's contents, not its path",
    });
  if (typeof privateKey === "string" && !/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(privateKey))
    issues.push({
      path: `${path}.privateKey`,
      expected: "a private key in PEM form",
      got: "text without a PEM header",
      fix: "give the file's contents, not its path",
    });
  return issues;
}

function buildCertificate(
  name: string,
  zoneId: pulumi.Input<string>,
  { id, certificate, privateKey }: ClientCertificate,
  child: Child,
): cloudflare.AuthenticatedOriginPullsHostnameCertificate {
  return new cloudflare.AuthenticatedOriginPullsHostnameCertificate(
    `${name}-certificate-${id}`,
    { zoneId, certificate, privateKey },
    child,
  );
}

/**
 * The hostname is part of the name: an update would switch the new hostname on and leave the old one as it is, so another hostname has to be
 * another resource. (terraform-provider-cloudflare v5.22.0, `authenticated_origin_pulls`: Update never voids the former hostname.)
 */
function buildAssociation(
  name: string,
  args: CloudflareOriginPullsArgs,
  active: cloudflare.AuthenticatedOriginPullsHostnameCertificate,
  child: Child,
): cloudflare.AuthenticatedOriginPulls {
  return new cloudflare.AuthenticatedOriginPulls(
    `${name}-association-${args.hostname}`,
    { zoneId: args.zoneId, configs: [{ hostname: args.hostname, certId: active.id, enabled: true }] },
    child,
  );
}

/** The alert knows no filters: it speaks for every hostname certificate of the account (developers.cloudflare.com/notifications/notification-available). */
function buildExpiryNotification(
  name: string,
  args: CloudflareOriginPullsArgs,
  child: Child,
): cloudflare.NotificationPolicy | undefined {
  return buildNotification(
    `${name}-expiry-notification`,
    {
      accountId: args.accountId,
      alertType: "hostname_aop_custom_certificate_expiration_type",
      displayName: `${args.hostname}: origin-pull certificate ends soon`,
      description:
        "A client certificate that Cloudflare shows to origins ends in 30 or 14 days: add the next generation",
    },
    args,
    child,
  );
}
