import { known, mapFact, unknown, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Door, Kind, Part, Surroundings } from "../../model";
import { list, text } from "../../reader";
import { referenced } from "../../references";
import { own } from "../../values";
import { ofTypes } from "../once";
import { calledOutside, waysInside } from "../origins";
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
 * its own, is a door of which only the code knows which of them it needs. One that is told none may answer at the edge by itself or call
 * something outside, as its code says: it is a door where the settings say where that stands, and otherwise one of `unreadWorkers`.
 */
export const workerKinds: readonly Kind[] = [
  { types: CUSTOM_DOMAINS, parts: (resource, around) => doorOf(resource, "hostname", "service", around) },
  { types: ROUTES, parts: (resource, around) => doorOf(resource, "pattern", "script", around) },
  { types: SCRIPTS, parts: () => [] },
];

/** A Worker that answers for a hostname, of which nothing tells what it calls. */
export interface UnreadWorker {
  /** The custom domain or route. */
  resource: Resource;
  hostname: string;
}

/** The Workers whose code alone tells where their requests go, and of which the settings do not say it either. */
export function unreadWorkers(around: Surroundings): UnreadWorker[] {
  const found = [
    ...ofTypes(around.index, CUSTOM_DOMAINS).map((each) => workerOf(each, "hostname", "service", around)),
    ...ofTypes(around.index, ROUTES).map((each) => workerOf(each, "pattern", "script", around)),
  ];
  return found.flatMap((worker) =>
    worker === undefined || worker.ids.length > 0 || worker.isPlaced
      ? []
      : [{ resource: worker.resource, hostname: valueOr(worker.hostname, worker.resource.name) }],
  );
}

interface Worker {
  resource: Resource;
  script: Resource | undefined;
  hostname: Fact<string>;
  /** Ids of the parts of the design whose addresses its bindings tell it. */
  ids: string[];
  /** Whether the settings say where what it calls stands. */
  isPlaced: boolean;
}

/** What answers for a custom domain or route; undefined where something else does, or nothing. */
function workerOf(
  resource: Resource,
  hostProperty: string,
  scriptProperty: string,
  around: Surroundings,
): Worker | undefined {
  const hostname: Fact<string> = mapFact(withDefault(text(resource, hostProperty), resource.name), hostOf);
  if (hostname.known && isAnswered(around.index, hostname.value)) return undefined;
  const named = text(resource, scriptProperty);
  // A route without a script keeps Workers away from it (developers.cloudflare.com/workers/configuration/routing/routes).
  if (named.known && (named.value ?? "") === "") return undefined;
  const script = scriptOf(resource, scriptProperty, around);
  const bindings = script === undefined ? undefined : list(script, "bindings");
  const paths = bindings?.known === true ? bindings.value.map((_, at) => `bindings[${String(at)}].text`) : ["bindings"];
  const ids = script === undefined ? [] : [...new Set(paths.flatMap((path) => waysInside(script, path, around)))];
  const keys = [valueOr(hostname, ""), resource.name].filter((key) => key !== "");
  const isPlaced = keys.some((key) => own(around.declared.origins, key) !== undefined);
  return { resource, script, hostname, ids, isPlaced };
}

function doorOf(resource: Resource, hostProperty: string, scriptProperty: string, around: Surroundings): Part[] {
  const worker = workerOf(resource, hostProperty, scriptProperty, around);
  if (worker === undefined || (worker.ids.length === 0 && !worker.isPlaced)) return [];
  const { script, hostname, ids } = worker;
  const code = unknown((script ?? resource).urn, "content", "is code, which decides where requests go");
  const door: Door = {
    role: "door",
    kind: "cloudflare",
    id: resource.urn,
    urn: resource.urn,
    label: valueOr(hostname, resource.name),
    place: around.placeOf(resource),
    needs:
      ids.length > 0
        ? [{ what: "what its Worker calls", atLeast: ids.length, of: ids, unknown: code }]
        : [{ what: "what its Worker calls", atLeast: 1, of: [calledOutside(resource, hostProperty, around)] }],
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
