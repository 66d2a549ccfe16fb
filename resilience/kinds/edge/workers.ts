import { known, mapFact, unknown, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Door, Kind, Part, Surroundings } from "../../model";
import { list, text } from "../../reader";
import { referenced } from "../../references";
import { ofTypes } from "../once";
import { waysInside } from "../origins";
import { hostOf, resourcesAt } from "./hosts";
import { setAt } from "./name-sets";
import { withoutPools } from "../defaults";

/** Older names of the same types are read, too (aliases in @pulumi/cloudflare 6.22.1). */
const CUSTOM_DOMAINS = [
  "cloudflare:index/workersCustomDomain:WorkersCustomDomain",
  "cloudflare:index/workerDomain:WorkerDomain",
] as const;
const ROUTES = ["cloudflare:index/workersRoute:WorkersRoute"] as const;
const SCRIPTS = ["cloudflare:index/workersScript:WorkersScript", "cloudflare:index/workerScript:WorkerScript"] as const;

/**
 * Hostnames that a Worker answers for. A Worker in front of a load balancer or a record is part of the edge, as its proxy is
 * (developers.cloudflare.com/workers/configuration/routing). One that is told addresses of the design by its bindings, at a hostname of
 * its own, is a door of which only the code knows which of them it needs. One that is told none answers at the edge by itself, and is no
 * serving path of this design.
 */
export const workerKinds: readonly Kind[] = [
  { types: CUSTOM_DOMAINS, parts: (resource, around) => doorOf(resource, "hostname", "service", around) },
  { types: ROUTES, parts: (resource, around) => doorOf(resource, "pattern", "script", around) },
  { types: SCRIPTS, parts: () => [] },
];

function doorOf(resource: Resource, hostProperty: string, scriptProperty: string, around: Surroundings): Part[] {
  const hostname: Fact<string> = mapFact(withDefault(text(resource, hostProperty), resource.name), hostOf);
  if (hostname.known && isAnswered(around.index, hostname.value)) return [];
  const script = scriptOf(resource, scriptProperty, around);
  if (script === undefined) return [];
  const bindings = list(script, "bindings");
  const paths = bindings.known ? bindings.value.map((_, place) => `bindings[${String(place)}].text`) : ["bindings"];
  const ids = [...new Set(paths.flatMap((path) => waysInside(script, path, around)))];
  if (ids.length === 0) return [];
  const code = unknown(script.urn, "content", "is code, which decides where requests go");
  const door: Door = {
    role: "door",
    kind: "cloudflare",
    id: resource.urn,
    urn: resource.urn,
    label: valueOr(hostname, resource.name),
    place: around.placeOf(resource),
    needs: [{ what: "what its Worker calls", atLeast: ids.length, of: ids, unknown: code }],
    hostname,
    isProxied: known(true),
    ttlSeconds: known(0),
    steering: known(""),
    isOrdered: false,
    ...withoutPools,
  };
  return [door];
}

function isAnswered(index: GraphIndex, host: string): boolean {
  return (
    setAt(index, host) !== undefined || resourcesAt(index, host).some(({ type }) => type.includes("/loadBalancer:"))
  );
}

function scriptOf(resource: Resource, property: string, { index }: Surroundings): Resource | undefined {
  const found = referenced(index, resource, property, SCRIPTS);
  if (found.known && found.value[0] !== undefined) return found.value[0];
  const name = text(resource, property);
  return ofTypes(index, SCRIPTS).find((script) => {
    const own = text(script, "scriptName");
    return name.known && own.known && name.value !== undefined && own.value === name.value;
  });
}
