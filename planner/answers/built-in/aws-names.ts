import type { JsonObject } from "../../../resilience/values";
import type { Asked, BuiltIn } from "./asked";
import { loadBalancerAccounts, loadBalancerZones, managedPolicies } from "./aws-tables";
import { policyDocument } from "./policy-document";

/** Names, certificates and policies: what AWS publishes is known, what an account holds is made up. */
export const awsNames: Record<string, BuiltIn> = {
  "aws:acm/getCertificate:getCertificate": certificate,
  "aws:cloudfront/getCachePolicy:getCachePolicy": (asked) => managedPolicy(asked, "cache"),
  "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": (asked) => managedPolicy(asked, "originRequest"),
  "aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy": (asked) =>
    managedPolicy(asked, "responseHeaders"),
  "aws:elb/getHostedZoneId:getHostedZoneId": (asked) => loadBalancerZone(asked, 0),
  "aws:elb/getServiceAccount:getServiceAccount": serviceAccount,
  "aws:iam/getPolicyDocument:getPolicyDocument": ({ args }) => policyDocument(args),
  "aws:lb/getHostedZoneId:getHostedZoneId": (asked) =>
    loadBalancerZone(asked, asked.text("loadBalancerType") === "network" ? 1 : 0),
  "aws:route53/getZone:getZone": hostedZone,
};

function loadBalancerZone(asked: Asked, kind: 0 | 1): JsonObject | undefined {
  const id = loadBalancerZones[asked.region ?? ""]?.[kind];
  return id === undefined ? undefined : { id };
}

function serviceAccount(asked: Asked): JsonObject | undefined {
  const id = loadBalancerAccounts[asked.region ?? ""];
  return id === undefined ? undefined : { id, arn: `arn:${asked.partition}:iam::${id}:root` };
}

/** One of AWS's own, by name or id; an account's own are not known. */
function managedPolicy(asked: Asked, kind: keyof typeof managedPolicies): JsonObject | undefined {
  const [wanted, name] = [asked.text("id"), asked.text("name")];
  const found = Object.entries(managedPolicies[kind]).find((policy) => policy[0] === name || policy[1] === wanted);
  if (found === undefined) return undefined;
  const types = {
    cache: "cache-policy",
    originRequest: "origin-request-policy",
    responseHeaders: "response-headers-policy",
  };
  return {
    id: found[1],
    name: found[0],
    arn: `arn:${asked.partition}:cloudfront::aws:${types[kind]}/${found[1]}`,
    comment: "",
  };
}

/** A zone that the call names. Its id and name servers are the account's. */
function hostedZone(asked: Asked): JsonObject {
  asked.guess();
  const zoneId = asked.text("zoneId") ?? asked.capitals("Z0", 19);
  const name = asked.text("name")?.replace(/\.$/, "");
  // Each zone has a server of each of four domains (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-concepts.html).
  const nameServers = ["com", "net", "org", "co.uk"].map((domain, at) =>
    asked.invent(`ns-twodoor-${asked.hex(4, String(at))}.awsdns-00.${domain}`),
  );
  return {
    id: zoneId,
    zoneId,
    arn: `arn:${asked.partition}:route53:::hostedzone/${zoneId}`,
    ...(name === undefined ? {} : { name }),
    comment: "",
    nameServers: asked.args["privateZone"] === true ? [] : nameServers,
    primaryNameServer: nameServers[0] ?? "",
    privateZone: asked.args["privateZone"] === true,
    tags: {},
  };
}

function certificate(asked: Asked): JsonObject {
  asked.guess();
  const digits = asked.hex(32);
  const parts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)];
  const name = asked.invent(parts.join("-"));
  const arn = `arn:${asked.partition}:acm:${asked.region ?? ""}:${asked.account}:certificate/${name}`;
  return {
    id: arn,
    arn,
    ...(asked.text("domain") === undefined ? {} : { domain: asked.text("domain") ?? "" }),
    status: "ISSUED",
    tags: {},
  };
}
