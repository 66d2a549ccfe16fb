import { digest, timeOf } from "../../world";
import type { Json } from "../../../resilience/values";
import { texts, text } from "../../values";
import type { Made, ResourceModel } from "../model";
import { arn, named, nameOf } from "./names";

/** Elastic Load Balancing names hold at most 32 characters: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html. */
const NAME_MAXIMUM = 32;
const TARGET_GROUP_FIXED = [
  "name",
  "namePrefix",
  "port",
  "protocol",
  "protocolVersion",
  "targetType",
  "vpcId",
  "ipAddressType",
];

/** Load balancers and what they show to clients: target groups, listeners, trust stores, certificates. */
export const balancing: Record<string, ResourceModel> = {
  "aws:lb/loadBalancer:LoadBalancer": {
    ...named(NAME_MAXIMUM),
    replaceOn: ["region", "name", "namePrefix", "internal", "loadBalancerType", "customerOwnedIpv4Pool"],
    sets: ["subnets", "securityGroups", "subnetMappings"],
    id: (made) => arn(made, "elasticloadbalancing", suffixOfBalancer(made)),
    computed: {
      arn: idOf,
      arnSuffix: ({ id }) => id.split(":loadbalancer/")[1] ?? "",
      dnsName: (made) => `${nameOf(made)}-${made.digits(10, "dns")}.${made.scope.region ?? ""}.elb.amazonaws.com`,
      zoneId: ({ scope }) => `Z${digest(13, "load balancers", scope.region ?? "").toUpperCase()}`,
      vpcId: ({ inputs, around }) =>
        around.world.find("aws:ec2/subnet:Subnet", texts(inputs, "subnets")[0] ?? "")?.state["vpcId"] ?? "",
    },
  },
  "aws:lb/targetGroup:TargetGroup": {
    ...named(NAME_MAXIMUM),
    replaceOn: ["region", ...TARGET_GROUP_FIXED],
    id: (made) => arn(made, "elasticloadbalancing", `targetgroup/${nameOf(made)}/${made.hex(16, "id")}`),
    computed: { arn: idOf, arnSuffix: ({ id }) => id.split(":").at(-1) ?? "", loadBalancerArns: () => [] },
  },
  "aws:lb/listener:Listener": {
    replaceOn: ["region", "loadBalancerArn"],
    id: (made) =>
      `${(text(made.inputs, "loadBalancerArn") ?? "").replace(":loadbalancer/", ":listener/")}/${made.hex(16, "id")}`,
    computed: { arn: idOf },
  },
  "aws:lb/listenerRule:ListenerRule": {
    replaceOn: ["region", "listenerArn"],
    sets: ["conditions"],
    id: (made) =>
      `${(text(made.inputs, "listenerArn") ?? "").replace(":listener/", ":listener-rule/")}/${made.hex(16, "id")}`,
    computed: { arn: idOf },
  },
  "aws:lb/trustStore:TrustStore": {
    ...named(NAME_MAXIMUM),
    replaceOn: ["region", "name", "namePrefix"],
    id: (made) => arn(made, "elasticloadbalancing", `truststore/${nameOf(made)}/${made.hex(16, "id")}`),
    computed: { arn: idOf, arnSuffix: ({ id }) => id.split(":").at(-1) ?? "" },
  },
  "aws:acm/certificate:Certificate": {
    replaceOn: [
      "region",
      "domainName",
      "subjectAlternativeNames",
      "keyAlgorithm",
      "validationMethod",
      "certificateAuthorityArn",
    ],
    sets: ["subjectAlternativeNames"],
    id: (made) => arn(made, "acm", `certificate/${uuid(made)}`),
    computed: {
      arn: idOf,
      domainValidationOptions: (made) => validationOptions(made),
      status: () => "PENDING_VALIDATION",
      type: () => "AMAZON_ISSUED",
      renewalEligibility: () => "INELIGIBLE",
      renewalSummaries: () => [],
      pendingRenewal: () => false,
      validationEmails: () => [],
      notAfter: () => "",
      notBefore: () => "",
    },
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    replaceOn: ["*"],
    sets: ["validationRecordFqdns"],
    id: ({ sequence }) => timeOf(sequence).replace("T", " ").replace("Z", " +0000 UTC"),
  },
};

function idOf({ id }: Made): Json {
  return id;
}

function suffixOfBalancer(made: Omit<Made, "id">): string {
  return `loadbalancer/app/${nameOf(made)}/${made.hex(16, "id")}`;
}

/** A UUID that is the same for the same resource. */
export function uuid({ hex }: Pick<Made, "hex">): string {
  return hex(32, "uuid").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * ACM's records: one for each account and name, the same in every region, name and value ending in a dot.
 * https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
function validationOptions({ inputs, scope }: Made): Json {
  const names = new Set([text(inputs, "domainName") ?? "", ...texts(inputs, "subjectAlternativeNames")]);
  return [...names].map((name) => {
    const base = name.replace(/^\*\./, "");
    const account = scope.account ?? "";
    return {
      domainName: name,
      resourceRecordName: `_${digest(32, "acm name", account, base)}.${base}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${digest(32, "acm value", account, base)}.${digest(10, "acm zone").replace(/\d/g, "x")}.acm-validations.aws.`,
    };
  });
}
