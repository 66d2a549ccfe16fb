import { isObject, type JsonObject } from "../../../resilience/values";
import type { Asked, BuiltIn } from "./asked";
import { filtersOf } from "./aws-zones";

/** Networks of an account, and address ranges of AWS. */
export const awsNetwork: Record<string, BuiltIn> = {
  "aws:ec2/getVpc:getVpc": vpc,
  "aws:ec2/getSubnets:getSubnets": subnets,
  "aws:index/getIpRanges:getIpRanges": ipRanges,
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": managedPrefixList,
  "aws:ec2/getPrefixList:getPrefixList": prefixList,
};

/** Ranges that are kept for documentation (RFC 5737, RFC 3849): nobody's own, and valid where a range has to be. */
const documentedRanges = { v4: ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"], v6: ["2001:db8::/32"] };

/** The range of every default VPC (https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html). */
const defaultRange = "172.31.0.0/16";

function vpc(asked: Asked): JsonObject {
  const isDefault = asked.args["default"] === true;
  // Every account has a default one, unless it was deleted.
  if (!isDefault) asked.guess();
  const id = asked.text("id") ?? asked.id("vpc");
  const tags = asked.args["tags"];
  return {
    id,
    arn: `arn:${asked.partition}:ec2:${asked.region ?? ""}:${asked.account}:vpc/${id}`,
    cidrBlock: asked.text("cidrBlock") ?? (isDefault ? defaultRange : asked.invent("10.207.0.0/16")),
    default: isDefault,
    enableDnsSupport: true,
    enableDnsHostnames: isDefault,
    instanceTenancy: "default",
    mainRouteTableId: asked.id("rtb"),
    ownerId: asked.account,
    state: "available",
    tags: isObject(tags) ? tags : {},
  };
}

/** Three, since programs spread over that many zones. */
function subnets(asked: Asked): JsonObject {
  asked.guess();
  const ids = [1, 2, 3].map((at) => asked.id("subnet", String(at)));
  return { id: asked.region ?? "", ids, tags: isObject(asked.args["tags"]) ? asked.args["tags"] : {} };
}

/** AWS publishes its ranges as a list that changes every week, so these are made up. */
function ipRanges(asked: Asked): JsonObject {
  return {
    id: asked.digits(10),
    cidrBlocks: documentedRanges.v4.map((range) => asked.invent(range)),
    ipv6CidrBlocks: documentedRanges.v6.map((range) => asked.invent(range)),
    createDate: asked.invent("2000-01-01-00-00-00"),
    services: asked.texts("services"),
  };
}

function managedPrefixList(asked: Asked): JsonObject {
  const id = asked.text("id") ?? asked.id("pl");
  const name = asked.text("name") ?? new Map(filtersOf(asked.args["filters"])).get("prefix-list-name")?.[0];
  if (!isAmazons(name)) asked.guess();
  return {
    id,
    arn: `arn:${asked.partition}:ec2:${asked.region ?? ""}:${ownerOf(asked, name)}:prefix-list/${id}`,
    ...(name === undefined ? {} : { name }),
    ownerId: ownerOf(asked, name),
    addressFamily: name?.includes("ipv6") === true ? "IPv6" : "IPv4",
    entries: documentedRanges.v4.map((cidr) => ({ cidr: asked.invent(cidr), description: "" })),
    tags: {},
  };
}

/** Lists of AWS itself belong to `aws` (https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html). */
function ownerOf(asked: Asked, name: string | undefined): string {
  return isAmazons(name) ? "aws" : asked.account;
}

function isAmazons(name: string | undefined): boolean {
  return name?.startsWith("com.amazonaws.") === true;
}

function prefixList(asked: Asked): JsonObject {
  const id = asked.text("prefixListId") ?? asked.id("pl");
  const name = asked.text("name");
  if (!isAmazons(name)) asked.guess();
  return {
    id,
    prefixListId: id,
    ...(name === undefined ? {} : { name }),
    cidrBlocks: documentedRanges.v4.map((range) => asked.invent(range)),
  };
}
