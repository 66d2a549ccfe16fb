import { accountOfArn } from "./arns";
import { sortedByUrn, type Graph, type Resource } from "./graph";
import { own, unknownValue, type Json } from "./values";

/** A graph with the ways through it that a judge needs; made once for each graph. */
export interface GraphIndex {
  graph: Graph;
  /** The resource of a URN. */
  byUrn: ReadonlyMap<string, Resource>;
  /** The resources of a type token, by URN. */
  ofType: (type: string) => readonly Resource[];
  /** The resources that depend on this one directly, whatever the property; by URN. */
  dependants: (urn: string) => readonly Resource[];
  /** The resources under which the clouds know this text: as id, ARN, self link, name or address. */
  named: (text: string) => readonly Resource[];
  /** The AWS account to which a provider, by URN, is bound, told by the ARNs of what it made; undefined where they tell none, or several. */
  accountOfProvider: (urn: string) => string | undefined;
}

/** Properties under which other resources point to one once it exists. In a state a reference is a text, and this is the way back. */
const IDENTITIES = [
  "address",
  "arn",
  "bucket",
  "clusterIdentifier",
  "dnsName",
  "domainName",
  "endpoint",
  "functionUrl",
  "globalClusterIdentifier",
  "hostname",
  "id",
  "identifier",
  "invokeArn",
  "ipAddress",
  "keyId",
  "name",
  "primaryEndpointAddress",
  "publicDns",
  "publicIp",
  "readerEndpoint",
  "replicationGroupId",
  "repositoryUrl",
  "secretId",
  "selfLink",
  "uri",
  "url",
];

/** Indexes a graph. Time and memory are linear in its size. */
export function indexOf(graph: Graph): GraphIndex {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const types = grouped(graph.resources, ({ type }) => [type]);
  const dependants = grouped(graph.resources, ({ dependencies, propertyDependencies, references }) => [
    ...new Set([...dependencies, ...Object.values(propertyDependencies).flat(), ...Object.values(references).flat()]),
  ]);
  const names = grouped(graph.resources, identitiesOf);
  const accounts = accountsOf(graph);
  return {
    graph,
    byUrn,
    ofType: (type) => types.get(type) ?? [],
    dependants: (urn) => dependants.get(urn) ?? [],
    named: (text) => names.get(text) ?? [],
    accountOfProvider: (urn) => accounts.get(urn),
  };
}

/** The texts under which a resource is known, where they are known themselves; of `host:port` the host too, as an endpoint is told. */
export function identitiesOf(resource: Resource): string[] {
  const texts = new Set<string>();
  const add = (value: Json | undefined): void => {
    if (typeof value !== "string" || value === "" || value === unknownValue) return;
    texts.add(value);
    const host = /^([\w.-]+):\d+$/.exec(value)?.[1];
    if (host !== undefined) texts.add(host);
  };
  add(resource.id ?? undefined);
  for (const side of [resource.outputs, resource.inputs]) for (const name of IDENTITIES) add(own(side, name));
  return [...texts];
}

/** The account of each AWS provider. One provider is bound to one account, so what one of its resources tells holds for all. */
function accountsOf(graph: Graph): Map<string, string> {
  const accounts = new Map<string, string | undefined>();
  for (const { type, provider, id, outputs } of graph.resources) {
    // A resource that only grants or shares may carry somebody else's ARN; its own is under `arn`, or is its id.
    if (provider === null || !type.startsWith("aws:")) continue;
    const arn = own(outputs, "arn") ?? id;
    const account = typeof arn === "string" ? accountOfArn(arn) : undefined;
    if (account === undefined) continue;
    accounts.set(provider, accounts.has(provider) && accounts.get(provider) !== account ? undefined : account);
  }
  return new Map([...accounts].flatMap(([urn, account]) => (account === undefined ? [] : [[urn, account] as const])));
}

function grouped(resources: readonly Resource[], keysOf: (resource: Resource) => string[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of sortedByUrn(resources)) {
    for (const key of keysOf(resource)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [resource]);
      else group.push(resource);
    }
  }
  return groups;
}
