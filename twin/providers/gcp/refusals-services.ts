import type { JsonObject } from "../../../resilience/values";
import { boolean, number, objects, text, texts } from "../../values";
import { others, refusal, type Refusal, type Subject, type Surroundings } from "../model";
import { lastPart } from "./network";
import { means, named, placeOf, referred } from "./references";

const SERVICE = "gcp:cloudrunv2/service:Service";
const CERTIFICATE = "gcp:certificatemanager/certificate:Certificate";
const AUTHORIZATION = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization";
const TRUST = "gcp:certificatemanager/trustConfig:TrustConfig";
const TLS_POLICY = "gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy";
const PROXY = "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy";
const SECRET = "gcp:secretmanager/secret:Secret";
const VERSION = "gcp:secretmanager/secretVersion:SecretVersion";
const READER = "gcp:secretmanager/secretIamMember:SecretIamMember";
const ACCOUNT = "gcp:serviceaccount/account:Account";
const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
const RESERVED = ["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"];
/** Memory in MiB from and to by CPUs, second generation: https://docs.cloud.google.com/run/docs/configuring/services/memory-limits. */
const MEMORY: Record<number, [number, number]> = {
  1: [512, 4096],
  2: [512, 8192],
  4: [2048, 16384],
  6: [4096, 24576],
  8: [4096, 32768],
};
const write = ["create", "update"] as const;

const violation = (what: string): string => `Error 400: Violation in ${what}`;
const containers = (inputs: JsonObject): JsonObject[] => objects(inputs, "template.containers");
const runLimits: readonly Refusal[] = [
  refusal("gcp R79", [SERVICE], write, "a request timeout over an hour", ({ inputs }) => {
    const seconds = Number((text(inputs, "template.timeout") ?? "300s").replace("s", ""));
    return seconds > 3600 || seconds <= 0
      ? violation("template.timeout: must be between 1 and 3600 seconds")
      : undefined;
  }),
  refusal("gcp R80", [SERVICE], write, "a variable whose name Cloud Run keeps", ({ inputs }) => {
    const reserved = containers(inputs)
      .flatMap((container) => objects(container, "envs"))
      .map((env) => text(env, "name") ?? "")
      .find((name) => RESERVED.includes(name));
    return reserved === undefined
      ? undefined
      : `Error 400: The following reserved env names were provided: ${reserved}. These values are automatically set by the system.`;
  }),
  refusal("gcp R81", [SERVICE], write, "a variable twice, or with a value and a source", ({ inputs }) => {
    const wrong = containers(inputs).some((container) => {
      const envs = objects(container, "envs");
      return (
        new Set(envs.map((env) => text(env, "name"))).size < envs.length ||
        envs.some((env) => env["value"] !== undefined && env["valueSource"] !== undefined)
      );
    });
    return wrong ? violation("template.containers.env: names must be unique, and each takes one value") : undefined;
  }),
  refusal("gcp R86", [SERVICE], write, "less than one CPU with CPU always allocated", ({ inputs }) => {
    const small = containers(inputs).some(
      (container) =>
        boolean(container, "resources.cpuIdle") === false && (number(container, "resources.limits.cpu") ?? 1) < 1,
    );
    return small ? "Error 400: Total cpu < 1 is not supported with cpu always allocated (unthrottled)." : undefined;
  }),
  refusal("gcp R88", [SERVICE], write, "a pair of CPU and memory that Cloud Run does not have", ({ inputs }) => {
    for (const container of containers(inputs)) {
      const [cpu, memory] = [
        number(container, "resources.limits.cpu"),
        mebibytes(text(container, "resources.limits.memory")),
      ];
      const range = MEMORY[cpu ?? 0];
      if (cpu !== undefined && cpu >= 1 && range === undefined)
        return `Error 400: Invalid value specified for cpu. ${String(cpu)} is not one of 1, 2, 4, 6, 8`;
      if (
        cpu !== undefined &&
        range !== undefined &&
        memory !== undefined &&
        (memory < range[0] || memory > range[1])
      ) {
        return `Error 400: Invalid value specified for memory. For ${String(cpu)} CPU, memory must be between ${String(range[0])}Mi and ${String(range[1])}Mi inclusive.`;
      }
    }
    return undefined;
  }),
  refusal("gcp R90", [SERVICE], write, "a concurrency outside 1 to 1,000", ({ inputs }) => {
    const requests = number(inputs, "template.maxInstanceRequestConcurrency");
    return requests !== undefined && (requests < 1 || requests > 1000)
      ? violation("template.max_instance_request_concurrency: must be between 1 and 1000")
      : undefined;
  }),
  refusal("gcp R92", [SERVICE], write, "a maximum of instances below the minimum", ({ inputs }) => {
    const wrong = ["scaling", "template.scaling"].some(
      (level) =>
        (number(inputs, `${level}.maxInstanceCount`) ?? Infinity) < (number(inputs, `${level}.minInstanceCount`) ?? 0),
    );
    return wrong ? "Error 400: max_instance_count must be greater or equal than min_instance_count." : undefined;
  }),
  refusal("gcp R93", [SERVICE], write, "a probe whose timeout is above its period", ({ inputs }) => {
    const probes = containers(inputs).flatMap((container) =>
      ["startupProbe", "livenessProbe"].flatMap((name) => objects(container, name)),
    );
    return probes.some((probe) => (number(probe, "timeoutSeconds") ?? 1) > (number(probe, "periodSeconds") ?? 10))
      ? violation("probe.timeout_seconds: must not be above period_seconds")
      : undefined;
  }),
  refusal("gcp R94", [SERVICE], write, "a startup window over 240 seconds", ({ inputs }) => {
    const long = containers(inputs)
      .flatMap((container) => objects(container, "startupProbe"))
      .some((probe) => (number(probe, "failureThreshold") ?? 3) * (number(probe, "periodSeconds") ?? 10) > 240);
    return long ? violation("startup_probe: failure_threshold times period_seconds must not be above 240") : undefined;
  }),
  refusal("gcp R105", [SERVICE], ["delete"], "a service under deletion protection", ({ inputs }) =>
    boolean(inputs, "deletionProtection") === false
      ? undefined
      : "cannot destroy service without setting deletion_protection=false and running `pulumi up`",
  ),
];

const runReferences: readonly Refusal[] = [
  refusal("gcp R84", [SERVICE], write, "an image that is not there", ({ inputs }, around) => {
    const image = objects(inputs, "template.containers")
      .map((container) => text(container, "image") ?? "")
      .find((name) => around.settings.missingImages.includes(name));
    return image === undefined ? undefined : `Error 5: Image '${image}' not found.`;
  }),
  refusal("gcp R96", [SERVICE], write, "a subnet of another region", ({ inputs, scope }, around) => {
    const foreign = objects(inputs, "template.vpcAccess.networkInterfaces")
      .map((face) => referred(around, SUBNETWORK, face["subnetwork"]))
      .find((subnet) => subnet !== undefined && subnet.scope.region !== scope.region);
    return foreign === undefined
      ? undefined
      : `Error 400: Violation in template.vpc_access.network_interfaces: the subnetwork '${foreign.id}' is in another region`;
  }),
  refusal("gcp R99", [SERVICE], write, "a secret that its service account may not read", (subject, around) => {
    const account = text(subject.inputs, "template.serviceAccount");
    const denied = secretReferences(subject.inputs).find(
      ({ secret }) => referredSecret(secret, subject, around) !== undefined && !mayRead(account, secret, around),
    );
    return denied === undefined
      ? undefined
      : `Error 7: Permission denied on secret: ${denied.secret} for Revision service account ${account ?? ""}. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.`;
  }),
  refusal("gcp R100", [SERVICE], write, "a version of a secret that is not there", (subject, around) => {
    const missing = secretReferences(subject.inputs).find(({ secret, version }) => {
      const there = around.world
        .ofType(VERSION)
        .some(
          ({ inputs, state }) =>
            lastPart(text(inputs, "secret")) === lastPart(secret) &&
            (version === "latest" || state["version"] === version),
        );
      return referredSecret(secret, subject, around) !== undefined && version !== undefined && !there;
    });
    return missing === undefined
      ? undefined
      : `Error 400: Secret ${missing.secret}/versions/${missing.version ?? ""} was not found`;
  }),
  refusal("gcp R104", [SERVICE], write, "a service account that is not there", ({ inputs, scope }, around) => {
    const email = text(inputs, "template.serviceAccount");
    const own = email?.endsWith(`@${scope.project ?? ""}.iam.gserviceaccount.com`) === true;
    if (
      !own ||
      around.world.ofType(ACCOUNT).some(({ state }) => state["email"] === email) ||
      around.world.ofType(ACCOUNT).length === 0
    )
      return undefined;
    return `Error 403: Permission 'iam.serviceaccounts.actAs' denied on service account ${email} (or it may not exist).`;
  }),
];

const certificates: readonly Refusal[] = [
  refusal(
    "gcp R47",
    [CERTIFICATE],
    ["create"],
    "an authorization that is not given by its whole name",
    ({ inputs }) => {
      const short = texts(inputs, "managed.dnsAuthorizations").find((id) => !id.startsWith("projects/"));
      return short === undefined ? undefined : `Error 400: invalid resource name: ${short}`;
    },
  ),
  refusal(
    "gcp R48",
    [CERTIFICATE],
    ["create"],
    "a regional managed certificate without authorization, or with one of another location",
    ({ inputs, scope }) => {
      const authorizations = texts(inputs, "managed.dnsAuthorizations");
      const foreign = authorizations.some((id) => ![undefined, scope.region].includes(placeOf(`/${id}`)));
      const bare =
        inputs["managed"] !== undefined &&
        text(inputs, "managed.issuanceConfig") === undefined &&
        authorizations.length === 0 &&
        (scope.region ?? "global") !== "global";
      return foreign || bare
        ? "Error 400: a regional managed certificate needs DNS authorizations of its own location"
        : undefined;
    },
  ),
  refusal("gcp R52", [AUTHORIZATION], ["create"], "a domain with a wildcard or a dot at its end", ({ inputs }) =>
    /^\*\.|\.$/.test(text(inputs, "domain") ?? "")
      ? `Error 400: invalid domain: ${text(inputs, "domain") ?? ""}`
      : undefined,
  ),
  refusal("gcp R55", [CERTIFICATE], ["delete"], "a certificate that a proxy lists", ({ id = "" }, around) =>
    named(around, PROXY, id, (inputs) => texts(inputs, "certificateManagerCertificates")) === undefined
      ? undefined
      : "Error 400: can't delete certificate that is referenced by a CertificateMapEntry or other resources",
  ),
  refusal(
    "gcp R55 authorization",
    [AUTHORIZATION],
    ["delete"],
    "an authorization that a certificate names",
    ({ id = "" }, around) =>
      named(around, CERTIFICATE, id, (inputs) => texts(inputs, "managed.dnsAuthorizations")) === undefined
        ? undefined
        : "Error 400: can't delete dns authorization that is referenced by a certificate",
  ),
  refusal("gcp R55 trust", [TRUST], ["delete"], "a trust config that a policy names", ({ id = "" }, around) => {
    const policy = named(around, TLS_POLICY, id, (inputs) => [text(inputs, "mtlsPolicy.clientValidationTrustConfig")]);
    return policy === undefined
      ? undefined
      : `Error 400: The trust config resource '${id}' is already being used by '${policy.id}', resourceInUseByAnotherResource`;
  }),
  refusal("gcp R59", [TLS_POLICY], write, "a policy that is open, or names no client validation", ({ inputs }) =>
    boolean(inputs, "allowOpen") === true || inputs["mtlsPolicy"] === undefined
      ? "Error 400: allow_open and a policy without mtls_policy are not supported for application load balancers"
      : undefined,
  ),
  refusal(
    "gcp update",
    [TLS_POLICY],
    ["update"],
    "any update of a load balancer's policy, its labels included",
    ({ inputs }) =>
      inputs["mtlsPolicy"] === undefined
        ? undefined
        : "Error waiting for Updating ServerTlsPolicy: Error code 9, message: Update not supported for ServerTlsPolicy created for Load Balancer",
  ),
  refusal(
    "gcp R60",
    [TLS_POLICY],
    ["create"],
    "strict validation without a trust config of its location",
    ({ inputs, scope }, around) => {
      const config = text(inputs, "mtlsPolicy.clientValidationTrustConfig");
      const missing =
        config !== undefined &&
        (placeOf(`/${config}`) !== scope.region || referred(around, TRUST, config) === undefined);
      return missing || (config === undefined && text(inputs, "mtlsPolicy.clientValidationMode") === "REJECT_INVALID")
        ? `Error 400: the trust config '${config ?? ""}' is not in the policy's location`
        : undefined;
    },
  ),
];

const secrets: readonly Refusal[] = [
  refusal("gcp R113", [VERSION], ["create"], "a secret that is not given by its whole name", ({ inputs }) => {
    const secret = text(inputs, "secret") ?? "";
    return /^projects\/[^/]+\/secrets\/[^/]+$/.test(secret)
      ? undefined
      : `secret ${secret} does not fit any of the expected formats`;
  }),
  refusal(
    "gcp R113 missing",
    [VERSION],
    ["create"],
    "a version of a secret that is not there",
    ({ inputs, scope }, around) => {
      const secret = text(inputs, "secret") ?? "";
      return secret.startsWith(`projects/${scope.project ?? ""}/`) && around.world.find(SECRET, secret) === undefined
        ? `Error 404: Secret [${secret}] not found.`
        : undefined;
    },
  ),
  refusal(
    "gcp R104 member",
    [
      "gcp:serviceaccount/iAMMember:IAMMember",
      READER,
      "gcp:projects/iAMMember:IAMMember",
      "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
    ],
    ["create"],
    "a service account as member that is not there",
    (subject, around) => {
      const email = (text(subject.inputs, "member") ?? "").replace("serviceAccount:", "");
      const project = /@(.*)\.iam\.gserviceaccount\.com$/.exec(email)?.[1];
      const known = others(subject, around, ACCOUNT);
      const absent =
        project !== undefined &&
        known.some(({ scope }) => scope.project === project) &&
        !known.some(({ state }) => state["email"] === email);
      return absent ? `Error 400: Service account ${email} does not exist., badRequest` : undefined;
    },
  ),
];

/** What Cloud Run, Certificate Manager, Secret Manager and IAM refuse. */
export const serviceRefusals: readonly Refusal[] = [...runLimits, ...runReferences, ...certificates, ...secrets];

function secretReferences(inputs: JsonObject): { secret: string; version: string | undefined }[] {
  const references = objects(inputs, "template.containers")
    .flatMap((container) => objects(container, "envs"))
    .flatMap((env) => objects(env, "valueSource.secretKeyRef"));
  return references.map((reference) => ({
    secret: text(reference, "secret") ?? "",
    version: text(reference, "version"),
  }));
}

function referredSecret(secret: string, { scope }: Subject, around: Surroundings): unknown {
  return around.world
    .ofType(SECRET)
    .find(
      (thing) => thing.scope.project === scope.project && (means(secret, thing) || thing.inputs["secretId"] === secret),
    );
}

function mayRead(account: string | undefined, secret: string, around: Surroundings): boolean {
  return around.world
    .ofType(READER)
    .some(
      ({ inputs }) =>
        lastPart(text(inputs, "secretId")) === lastPart(secret) &&
        text(inputs, "role") === "roles/secretmanager.secretAccessor" &&
        text(inputs, "member") === `serviceAccount:${account ?? ""}`,
    );
}

function mebibytes(memory: string | undefined): number | undefined {
  const [, amount = "", unit = ""] = /^(\d+)(Mi|Gi)$/.exec(memory ?? "") ?? [];
  return amount === "" ? undefined : Number(amount) * (unit === "Gi" ? 1024 : 1);
}
