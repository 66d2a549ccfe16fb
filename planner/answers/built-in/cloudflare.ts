import { CLOUDFLARE_RANGES } from "../../../components/sizing/cloudflare-ranges";
import { isObject, type JsonObject } from "../../../resilience/values";
import type { Asked, BuiltIn } from "./asked";

/** Zones, accounts and address ranges of Cloudflare, for the provider's versions 4 (`zone`, `zones`) to 6 (`results`, `filter`). */
export const cloudflare: Record<string, BuiltIn> = {
  "cloudflare:index/getZone:getZone": (asked) => {
    const zone = zoneOf(asked);
    return { ...zone, zoneId: zone["id"] ?? "" };
  },
  "cloudflare:index/getZones:getZones": (asked) => {
    const zone = zoneOf(asked);
    return { id: zone["id"] ?? "", results: [zone], zones: [zone] };
  },
  "cloudflare:index/getAccounts:getAccounts": (asked) => {
    asked.guess();
    const account = accountOf(asked);
    return { id: account["id"] ?? "", results: [account], accounts: [account] };
  },
  "cloudflare:index/getAccount:getAccount": (asked) => {
    asked.guess();
    return accountOf(asked);
  },
  "cloudflare:index/getIpRanges:getIpRanges": ipRanges,
};

/** The zone that the call names, by id, by name or by a filter's name. */
function zoneOf(asked: Asked): JsonObject {
  asked.guess();
  const filter = asked.args["filter"];
  const filtered = isObject(filter) && typeof filter["name"] === "string" ? filter["name"] : undefined;
  const name = asked.text("name") ?? filtered;
  const account = accountOf(asked);
  return {
    id: asked.text("zoneId") ?? asked.invent(asked.hex(32)),
    ...(name === undefined ? {} : { name, zone: name }),
    account: { id: account["id"] ?? "", name: account["name"] ?? "" },
    nameServers: ["a", "b"].map((part) => asked.invent(`twodoor-${asked.hex(6, part)}.ns.cloudflare.com`)),
    paused: false,
    status: "active",
    type: "full",
    vanityNameServers: [],
  };
}

function accountOf(asked: Asked): JsonObject {
  const id = asked.text("accountId") ?? asked.setting("accountId") ?? asked.invent("0123456789abcdef0123456789twodoor");
  return {
    id,
    accountId: id,
    name: asked.text("name") ?? asked.invent("twodoor-unnamed-cloudflare-account"),
    type: "standard",
  };
}

/** The ranges that the project pins, in the fields of version 6 and of those before it. */
function ipRanges(asked: Asked): JsonObject {
  const v4 = CLOUDFLARE_RANGES.filter((range) => !range.includes(":"));
  const v6 = CLOUDFLARE_RANGES.filter((range) => range.includes(":"));
  return {
    ...asked.args,
    id: "cloudflare",
    etag: asked.invent(asked.hex(32)),
    ipv4Cidrs: v4,
    ipv6Cidrs: v6,
    jdcloudCidrs: [],
    cidrBlocks: [...v4, ...v6],
    ipv4CidrBlocks: v4,
    ipv6CidrBlocks: v6,
    chinaIpv4CidrBlocks: [],
    chinaIpv6CidrBlocks: [],
  };
}
