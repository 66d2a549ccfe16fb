import { asSecret, isObject, type JsonObject } from "../../../resilience/values";
import { regionFacts } from "../../../components/sizing/regions";
import { dnsSuffixes, type Asked, type BuiltIn } from "./asked";

/** Whose account it is, its partition, and names that follow from both. */
export const awsAccount: Record<string, BuiltIn> = {
  "aws:index/getCallerIdentity:getCallerIdentity": callerIdentity,
  "aws:index/getRegion:getRegion": region,
  "aws:index/getPartition:getPartition": partition,
  "aws:index/getArn:getArn": arn,
  "aws:index/getService:getService": service,
  "aws:index/getDefaultTags:getDefaultTags": defaultTags,
  "aws:iam/getAccountAlias:getAccountAlias": (asked) => {
    const accountAlias = asked.invent(`twodoor-unnamed-account`);
    return { id: accountAlias, accountAlias };
  },
  "aws:iam/getSessionContext:getSessionContext": sessionContext,
  "aws:s3/getCanonicalUserId:getCanonicalUserId": (asked) => ({
    id: asked.invent(asked.hex(64)),
    displayName: "",
  }),
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": registryToken,
  "aws:ecr/getCredentials:getCredentials": registryToken,
};

function callerIdentity(asked: Asked): JsonObject {
  const account = asked.account;
  return {
    accountId: account,
    arn: `arn:${asked.partition}:iam::${account}:root`,
    id: account,
    userId: account,
  };
}

function region(asked: Asked): JsonObject | undefined {
  const name = asked.region;
  if (name === undefined) return undefined;
  return {
    id: name,
    name,
    region: name,
    description: regionFacts("aws", name)?.name ?? name,
    endpoint: `ec2.${name}.${dnsSuffixes[asked.partition]}`,
  };
}

function partition(asked: Asked): JsonObject | undefined {
  if (asked.region === undefined) return undefined;
  const dnsSuffix = dnsSuffixes[asked.partition];
  return { id: asked.partition, partition: asked.partition, dnsSuffix, reverseDnsPrefix: reversed(dnsSuffix) };
}

/** `arn:partition:service:region:account:resource`, of which the last part may hold colons. */
function arn(asked: Asked): JsonObject | undefined {
  const text = asked.text("arn");
  const [head, own, name, where, account, ...rest] = text?.split(":") ?? [];
  if (text === undefined || head !== "arn" || rest.length === 0) return undefined;
  return {
    id: text,
    arn: text,
    partition: own ?? "",
    service: name ?? "",
    region: where ?? "",
    account: account ?? "",
    resource: rest.join(":"),
  };
}

/** A service's names as the `aws_service` data source composes them. Whether the region has the service is not known here. */
function service(asked: Asked): JsonObject | undefined {
  const named = asked.text("dnsName") ?? fromReversed(asked.text("reverseDnsName"));
  const [serviceId = asked.text("serviceId"), where = asked.region] = named?.split(".") ?? [];
  if (serviceId === undefined || where === undefined) return undefined;
  const suffix = dnsSuffixes[asked.partition];
  const dnsName = `${serviceId}.${where}.${suffix}`;
  return {
    id: dnsName,
    dnsName,
    partition: asked.partition,
    region: where,
    reverseDnsName: `${reversed(suffix)}.${where}.${serviceId}`,
    reverseDnsPrefix: asked.text("reverseDnsPrefix") ?? reversed(suffix),
    serviceId,
    supported: true,
  };
}

/** `com.amazonaws.us-east-2.s3` as `s3.us-east-2.amazonaws.com`. */
function fromReversed(name: string | undefined): string | undefined {
  return name === undefined ? undefined : reversed(name);
}

function reversed(name: string): string {
  return name.split(".").reverse().join(".");
}

function defaultTags(asked: Asked): JsonObject {
  const settings = asked.settingValue("defaultTags");
  const tags = isObject(settings) && isObject(settings["tags"]) ? settings["tags"] : {};
  return { id: asked.partition, tags };
}

/** The issuer of a session. An ARN of a user or a role is its own issuer, as the data source documents. */
function sessionContext(asked: Asked): JsonObject | undefined {
  const text = asked.text("arn");
  if (text === undefined) return undefined;
  const session = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/(.+)$/.exec(text);
  if (session === null) return { id: text, arn: text, issuerArn: text, issuerId: "", issuerName: "", sessionName: "" };
  const [, own = "", account = "", role = "", sessionName = ""] = session;
  const issuerArn = `arn:${own}:iam::${account}:role/${role}`;
  return { id: text, arn: text, issuerArn, issuerId: asked.capitals("AROA", 17), issuerName: role, sessionName };
}

/** A token for Docker: user `AWS` and a password, as base64 of both. All of it is secret. */
function registryToken(asked: Asked): JsonObject {
  const account = asked.text("registryId") ?? asked.account;
  const password = asked.invent(`twodoor-made-up-${asked.hex(24)}`);
  const authorizationToken = asked.invent(Buffer.from(`AWS:${password}`).toString("base64"));
  const where = asked.region ?? "us-east-1";
  return {
    id: where,
    authorizationToken: asSecret(authorizationToken),
    password: asSecret(password),
    userName: "AWS",
    expiresAt: asked.invent("2000-01-01T12:00:00Z"),
    proxyEndpoint: `https://${account}.dkr.ecr.${where}.${dnsSuffixes[asked.partition]}`,
  };
}
