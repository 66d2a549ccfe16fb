import type { JsonObject } from "../../../resilience/values";
import { boolean, number, objects, text, texts } from "../../values";
import { others, refusal, thingWith, type Refusal, type Subject, type Surroundings } from "../model";
import { regionOfArn } from "./names";
import { hasGateway, vpcOfSubnet } from "./refusals-network";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
const TRUST = "aws:lb/trustStore:TrustStore";
const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const BUCKET = "aws:s3/bucket:Bucket";
const OBJECTS = ["aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject"];
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const write = ["create", "update"] as const;
const DENIED = (bucket: string): string =>
  `modifying ELBv2 Load Balancer attributes: InvalidConfigurationRequest: Access Denied for bucket: ${bucket}. Please check S3bucket permission`;

/** What Elastic Load Balancing and ACM refuse. */
export const balancingRefusals: readonly Refusal[] = [
  refusal("aws R4", [BALANCER], ["create"], "a load balancer's name that the region has already", (subject, around) =>
    taken(subject, around, "ELBv2 Load Balancer"),
  ),
  refusal(
    "aws R4 group",
    [TARGETS],
    ["create"],
    "a target group's name that the region has already",
    (subject, around) => taken(subject, around, "ELBv2 Target Group"),
  ),
  refusal("aws R6", [BALANCER], write, "subnets in fewer than two zones", (subject, around) =>
    new Set(zones(subject, around)).size === 1
      ? "ValidationError: At least two subnets in two different Availability Zones must be specified"
      : undefined,
  ),
  refusal("aws R7", [BALANCER], write, "two subnets of one zone", (subject, around) => {
    const all = zones(subject, around);
    return all.length > new Set(all).size
      ? "InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in the same Availability Zone"
      : undefined;
  }),
  refusal(
    "aws R8",
    [BALANCER],
    ["create"],
    "an internet-facing load balancer before its VPC has an internet gateway",
    ({ inputs }, around) => {
      const vpc = vpcOfSubnet(texts(inputs, "subnets")[0], around);
      if (vpc === undefined || boolean(inputs, "internal") === true || hasGateway(vpc, around)) return undefined;
      return `InvalidSubnet: VPC ${vpc} has no internet gateway`;
    },
  ),
  refusal("aws R11", [BALANCER], write, "a security group of another VPC", ({ inputs }, around) => {
    const vpc = vpcOfSubnet(texts(inputs, "subnets")[0], around);
    const foreign = texts(inputs, "securityGroups").find((id) => {
      const group = around.world.find("aws:ec2/securityGroup:SecurityGroup", id);
      return group !== undefined && vpc !== undefined && group.inputs["vpcId"] !== vpc;
    });
    return foreign === undefined
      ? undefined
      : `InvalidConfigurationRequest: One or more security groups are invalid: ${foreign}`;
  }),
  refusal(
    "aws R12",
    [BALANCER],
    write,
    "a log bucket that is missing, in another region, encrypted with KMS, or without the delivery grant",
    logBucket,
  ),
  refusal("aws R13", [BALANCER], ["delete"], "a load balancer under deletion protection", ({ inputs, id }) =>
    boolean(inputs, "enableDeletionProtection") === true
      ? `OperationNotPermitted: Load balancer '${id ?? ""}' cannot be deleted because deletion protection is enabled`
      : undefined,
  ),
  refusal("aws R17", [TARGETS], write, "a health check whose timeout is not below its interval", ({ inputs }) => {
    const [timeout, interval] = [number(inputs, "healthCheck.timeout"), number(inputs, "healthCheck.interval") ?? 30];
    return timeout !== undefined && timeout >= interval
      ? `ValidationError: Health check timeout '${String(timeout)}' must be smaller than the interval '${String(interval)}'`
      : undefined;
  }),
  refusal(
    "aws R23",
    [LISTENER],
    write,
    "a target group of another VPC than the load balancer's",
    ({ inputs }, around) => {
      const balancer = thingWith(around, BALANCER, "arn", inputs["loadBalancerArn"]);
      const vpc = balancer === undefined ? undefined : vpcOfSubnet(texts(balancer.inputs, "subnets")[0], around);
      const foreign = targetGroups(inputs).find((arn) => {
        const group = thingWith(around, TARGETS, "arn", arn);
        return group !== undefined && vpc !== undefined && group.inputs["vpcId"] !== vpc;
      });
      return foreign === undefined
        ? undefined
        : `InvalidConfigurationRequest: The target group '${foreign}' is not in the VPC of the load balancer`;
    },
  ),
  refusal("aws R23 twice", [LISTENER], write, "a target group that another load balancer has", (subject, around) => {
    const own = targetGroups(subject.inputs);
    const shared = others(subject, around)
      .filter(({ inputs }) => inputs["loadBalancerArn"] !== subject.inputs["loadBalancerArn"])
      .flatMap(({ inputs }) => targetGroups(inputs))
      .find((arn) => own.includes(arn));
    return shared === undefined
      ? undefined
      : `TargetGroupAssociationLimit: The following target groups cannot be associated with more than one load balancer: ${shared}`;
  }),
  refusal("aws R24", [LISTENER], write, "HTTPS without a certificate", ({ inputs }) =>
    text(inputs, "protocol") === "HTTPS" && inputs["certificateArn"] === undefined
      ? "ValidationError: A certificate must be specified for HTTPS listeners"
      : undefined,
  ),
  refusal("aws R26", [LISTENER], write, "a certificate of another region", ({ inputs, scope }) => {
    const arn = text(inputs, "certificateArn");
    const region = regionOfArn(arn);
    return region === undefined || region === scope.region
      ? undefined
      : `CertificateNotFound: Certificate '${arn ?? ""}' not found`;
  }),
  refusal("aws R26 issued", [LISTENER], write, "a certificate that is not issued yet", ({ inputs }, around) => {
    const arn = text(inputs, "certificateArn") ?? "";
    if (
      around.world.find(CERTIFICATE, arn) === undefined ||
      around.world.ofType(VALIDATION).some((thing) => thing.inputs["certificateArn"] === arn)
    )
      return undefined;
    return `UnsupportedCertificate: The certificate '${arn}' must have a fully-qualified domain name, a supported signature, and a supported key size.`;
  }),
  refusal("aws R28", [LISTENER], write, "verification of clients without a trust store", ({ inputs }) =>
    text(inputs, "mutualAuthentication.mode") === "verify" &&
    inputs["mutualAuthentication"] !== undefined &&
    trustStore(inputs) === undefined
      ? "ValidationError: A trust store must be specified when mutual authentication mode is verify"
      : undefined,
  ),
  refusal(
    "aws R28 store",
    [LISTENER],
    write,
    "a trust store of another region or one that is not there",
    ({ inputs, scope }, around) => {
      const arn = trustStore(inputs);
      if (
        arn === undefined ||
        (regionOfArn(arn) === scope.region && thingWith(around, TRUST, "arn", arn) !== undefined)
      )
        return undefined;
      return `TrustStoreNotFound: Trust store '${arn}' not found`;
    },
  ),
  refusal("aws R28 off", [LISTENER], write, "a trust store where clients are not verified", ({ inputs }) =>
    trustStore(inputs) !== undefined && text(inputs, "mutualAuthentication.mode") !== "verify"
      ? "ValidationError: A trust store cannot be specified when mutual authentication mode is off or passthrough"
      : undefined,
  ),
  refusal("aws R31", [LISTENER], ["create"], "a second listener on a port", (subject, around) => {
    const same = others(subject, around).some(
      ({ inputs }) =>
        inputs["loadBalancerArn"] === subject.inputs["loadBalancerArn"] && inputs["port"] === subject.inputs["port"],
    );
    return same ? "DuplicateListener: A listener already exists on this port for this load balancer" : undefined;
  }),
  refusal("aws R32", [TRUST], write, "a bundle that is not in the bucket", ({ inputs }, around) => {
    const [bucket, key] = [inputs["caCertificatesBundleS3Bucket"], inputs["caCertificatesBundleS3Key"]];
    const there = OBJECTS.some((type) =>
      around.world.ofType(type).some((thing) => thing.inputs["bucket"] === bucket && thing.inputs["key"] === key),
    );
    return there ? undefined : "CaCertificatesBundleNotFound: The specified CA certificates bundle was not found";
  }),
  refusal("aws R34", [TARGETS], ["delete"], "a target group that a listener uses", ({ id = "" }, around) =>
    around.world.ofType(LISTENER).some(({ inputs }) => targetGroups(inputs).includes(id))
      ? `ResourceInUse: Target group '${id}' is currently in use by a listener or a rule`
      : undefined,
  ),
  refusal("aws R34 store", [TRUST], ["delete"], "a trust store that a listener uses", ({ id }, around) =>
    around.world.ofType(LISTENER).some(({ inputs }) => trustStore(inputs) === id)
      ? `TrustStoreInUse: Trust store '${id ?? ""}' is currently in use by a listener`
      : undefined,
  ),
  ...certificates(),
];

function certificates(): Refusal[] {
  return [
    refusal("aws R80", [CERTIFICATE], ["check"], "a name that ends in a dot", ({ inputs }) =>
      text(inputs, "domainName")?.endsWith(".") === true
        ? "invalid value for domain_name (cannot end with a period)"
        : undefined,
    ),
    refusal("aws R83", [VALIDATION], ["create"], "a validation record that is not named", ({ inputs }, around) => {
      const certificate = thingWith(around, CERTIFICATE, "arn", inputs["certificateArn"]);
      if (certificate === undefined || inputs["validationRecordFqdns"] === undefined) return undefined;
      const named = texts(inputs, "validationRecordFqdns").map(bare);
      const missing = objects(certificate.state, "domainValidationOptions").find(
        (option) => !named.includes(bare(text(option, "resourceRecordName") ?? "")),
      );
      return missing === undefined
        ? undefined
        : `missing ${text(missing, "domainName") ?? ""} DNS validation record: ${bare(text(missing, "resourceRecordName") ?? "")}`;
    }),
    refusal(
      "aws R83 record",
      [VALIDATION],
      ["create"],
      "a validation record that the zone does not answer with: absent, proxied, or another value",
      ({ inputs }, around) => {
        const certificate = thingWith(around, CERTIFICATE, "arn", inputs["certificateArn"]);
        const options = certificate === undefined ? [] : objects(certificate.state, "domainValidationOptions");
        const answered = options.every((option) =>
          around.world
            .ofType(RECORD)
            .some(
              (record) =>
                bare(text(record.inputs, "name") ?? "") === bare(text(option, "resourceRecordName") ?? "") &&
                bare(text(record.inputs, "content") ?? "") === bare(text(option, "resourceRecordValue") ?? "") &&
                boolean(record.inputs, "proxied") !== true,
            ),
        );
        return answered
          ? undefined
          : `waiting for ACM Certificate (${text(inputs, "certificateArn") ?? ""}) to be issued: timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: 1h15m0s)`;
      },
    ),
    refusal("aws R84", [CERTIFICATE], ["delete"], "a certificate that a listener uses", ({ id }, around) =>
      around.world.ofType(LISTENER).some(({ inputs }) => inputs["certificateArn"] === id)
        ? `ResourceInUseException: Certificate ${id ?? ""} in account is in use.`
        : undefined,
    ),
  ];
}

/** Every target group that a listener's actions forward to. */
export function targetGroups(inputs: JsonObject): string[] {
  return objects(inputs, "defaultActions").flatMap((action) => [
    ...(text(action, "targetGroupArn") === undefined ? [] : [text(action, "targetGroupArn") ?? ""]),
    ...objects(action, "forward.targetGroups").flatMap((group) => text(group, "arn") ?? []),
  ]);
}

function logBucket({ inputs, scope }: Subject, around: Surroundings): string | undefined {
  for (const property of ["accessLogs", "connectionLogs", "healthCheckLogs"]) {
    const logs = objects(inputs, property)[0];
    if (logs === undefined || boolean(logs, "enabled") !== true) continue;
    const name = text(logs, "bucket") ?? "";
    const bucket = around.world.find(BUCKET, name);
    const encryption = around.world.find(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      name,
    );
    const kms = objects(encryption?.inputs ?? {}, "rules").some(
      (rule) => text(rule, "applyServerSideEncryptionByDefault.sseAlgorithm")?.startsWith("aws:kms") === true,
    );
    if (
      bucket === undefined ||
      bucket.scope.region !== scope.region ||
      kms ||
      !granted(name, logs, scope.account ?? "", around)
    )
      return DENIED(name);
  }
  return undefined;
}

/** Whether the bucket's policy lets the load balancers write below `<prefix>/AWSLogs/<account>/`. */
function granted(bucket: string, logs: JsonObject, account: string, around: Surroundings): boolean {
  const policy = text(around.world.find("aws:s3/bucketPolicy:BucketPolicy", bucket)?.inputs ?? {}, "policy") ?? "";
  const prefix = text(logs, "prefix");
  const place = `arn:aws:s3:::${bucket}/${prefix === undefined ? "" : `${prefix}/`}AWSLogs/${account}/`;
  return (
    policy.includes("logdelivery.elasticloadbalancing.amazonaws.com") &&
    (policy.includes(place) || policy.includes(`arn:aws:s3:::${bucket}/*`))
  );
}

function trustStore(inputs: JsonObject): string | undefined {
  return text(inputs, "mutualAuthentication.trustStoreArn");
}

function zones({ inputs }: Subject, around: Surroundings): string[] {
  return texts(inputs, "subnets").flatMap((id) => {
    const subnet = around.world.find("aws:ec2/subnet:Subnet", id);
    return subnet === undefined ? [] : (text(subnet.inputs, "availabilityZone") ?? []);
  });
}

function taken(subject: Subject, around: Surroundings, kind: string): string | undefined {
  const name = text(subject.inputs, "name");
  const same = others(subject, around).some(
    (thing) => thing.inputs["name"] === name && thing.scope.region === subject.scope.region,
  );
  return same ? `${kind} (${name ?? ""}) already exists` : undefined;
}

function bare(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}
