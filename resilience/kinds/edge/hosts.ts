import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { property } from "../../reader";
import { isObject, own, unknownValue, type Json } from "../../values";
import { oncePerGraph, push } from "../once";

/**
 * The host of an address: without scheme, user, port, path and closing dot, in lower case. `https://A.example.com:443/x` is
 * `a.example.com`, `tcp://192.0.2.1:22` is `192.0.2.1`, `[2001:db8::1]:443` is `2001:db8::1`.
 */
export function hostOf(address: string): string {
  const afterScheme = address.slice(address.indexOf("://") === -1 ? 0 : address.indexOf("://") + 3);
  const [authority = ""] = afterScheme.split(/[/?#]/, 1);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return withoutPort(host).toLowerCase().replace(/\.$/, "");
}

function withoutPort(host: string): string {
  if (host.startsWith("[")) return host.slice(1, host.includes("]") ? host.indexOf("]") : undefined);
  const colon = host.indexOf(":");
  return colon !== -1 && colon === host.lastIndexOf(":") ? host.slice(0, colon) : host;
}

/**
 * Properties in which clouds say under which host a resource answers (schemas of @pulumi/aws 7.48.0, gcp 9.37.0, cloudflare 6.22.1):
 * a text, or a list of texts.
 */
const ADDRESSES = [
  "address",
  "aliases",
  "apiEndpoint",
  "defaultHostname",
  "dnsName",
  "domainName",
  "dualStackDnsName",
  "functionUrl",
  "fqdn",
  "hostname",
  "httpsTriggerUrl",
  "invokeUrl",
  "ipAddress",
  "ipv6Address",
  "privateDns",
  "privateIp",
  "publicDns",
  "publicIp",
  "regionalDomainName",
  "serviceUrl",
  "uri",
  "url",
  "urls",
] as const;

/** The same, further down; with the types that have them. */
const NESTED: Record<string, readonly string[]> = {
  "aws:apigatewayv2/domainName:DomainName": ["domainNameConfiguration.targetDomainName"],
  "aws:globalaccelerator/accelerator:Accelerator": [
    "ipSets[0].ipAddresses[0]",
    "ipSets[0].ipAddresses[1]",
    "ipSets[1].ipAddresses[0]",
    "ipSets[1].ipAddresses[1]",
  ],
  "gcp:cloudfunctionsv2/function:Function": ["serviceConfig.uri"],
  "gcp:cloudrun/service:Service": ["statuses[0].url"],
  "gcp:compute/instance:Instance": ["networkInterfaces[0].accessConfigs[0].natIp", "networkInterfaces[0].networkIp"],
};

/** Types whose name is the hostname at which they answer. DNS records are no hosts of their own: see `name-sets.ts`. */
const NAMED_BY_HOST = new Set(["cloudflare:index/loadBalancer:LoadBalancer"]);

/** The resources that answer under a host, as far as their addresses are known; by URN. */
export function resourcesAt(index: GraphIndex, host: string): readonly Resource[] {
  return hostIndex(index).get(host) ?? [];
}

const hostIndex = oncePerGraph((index): ReadonlyMap<string, Resource[]> => {
  const found = new Map<string, Resource[]>();
  for (const resource of index.graph.resources) {
    // Components repeat the addresses of what is inside of them.
    if (resource.provider === null) continue;
    for (const address of addressesOf(resource)) push(found, hostOf(address), resource);
  }
  return found;
});

function addressesOf(resource: Resource): string[] {
  const found: string[] = [];
  for (const key of ADDRESSES) {
    for (const values of [own(resource.inputs, key), own(resource.outputs, key)]) found.push(...textsOf(values));
  }
  for (const path of NESTED[resource.type] ?? []) {
    const fact = property(resource, path);
    if (fact.known) found.push(...textsOf(fact.value));
  }
  if (NAMED_BY_HOST.has(resource.type)) found.push(...textsOf(own(resource.inputs, "name")));
  return found;
}

function textsOf(value: Json | undefined): string[] {
  if (isObject(value)) return [];
  return (Array.isArray(value) ? value : [value]).filter(
    (each): each is string => typeof each === "string" && each !== "" && each !== unknownValue,
  );
}
