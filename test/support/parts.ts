/** Parts of the model for tests of what is worked out from them: a hostname, its pools, their entries and computes, in few words. */
import type { Declared } from "../../resilience/declared";
import type { Design } from "../../resilience/design";
import { designOf } from "../../resilience/design-of";
import { known, unknown, type Fact } from "../../resilience/fact";
import type { Graph } from "../../resilience/graph";
import {
  GLOBAL,
  type Compute,
  type Door,
  type Entry,
  type Monitor,
  type Part,
  type Place,
  type Pool,
} from "../../resilience/model";
import { survivalTableOf } from "../../resilience/survival-table";
import type { SurvivalRow } from "../../resilience/survival";

/** A place: `at("aws:us-east-2")`, `at("aws:us-east-2", "us-east-2a")`, `at("cloudflare")`. */
export function at(name: string, ...zones: string[]): Place {
  const [cloud = "", region = GLOBAL] = name.split(":");
  const isCloud = cloud === "aws" || cloud === "gcp" || cloud === "cloudflare";
  return { cloud: isCloud ? cloud : "other", region: known(region), account: known(""), zones: known(zones) };
}

/** Something that is not known. */
export const open = unknown("urn:pulumi:prod::exchange::test::thing", "property", "is known only after an update");

/** A compute of 10 units that needs what is listed. */
export function compute(id: string, place: Place, units: Fact<number> = known(10), needs: string[] = []): Compute {
  return {
    ...base(id, place, needs),
    role: "compute",
    unit: "task",
    minimum: units,
    maximum: known(undefined),
    dependencies: [],
    rollout: { minimumHealthyPercent: known(undefined), stopsByItself: known(undefined) },
    texts: known([]),
  };
}

/** An entry that needs one of what is listed. */
export function entry(id: string, place: Place, of: string[]): Entry {
  return {
    ...base(id, place, []),
    needs: [{ what: "a target", atLeast: 1, of }],
    role: "entry",
    isPublic: known(true),
    checks: [],
  };
}

const monitor: Monitor = {
  urn: "monitor",
  type: known("https"),
  path: known("/healthz/region"),
  expectedCodes: known("200"),
  expectedBody: known("ok"),
  followsRedirects: known(false),
  allowsInsecure: known(false),
  intervalSeconds: known(10),
  timeoutSeconds: known(2),
  retries: known(1),
  consecutiveDown: known(2),
};

/** A watched pool of one origin for each entry, by weight where given as `[entry, weight]`. */
export function pool(id: string, entries: (string | [string, number])[], change: Partial<Pool> = {}): Pool {
  const origins = entries.map((one): [string, number] => (typeof one === "string" ? [one, 1] : one));
  return {
    ...base(id, at("cloudflare"), []),
    needs: [{ what: "an origin", atLeast: 1, of: origins.map(([name]) => name) }],
    role: "pool",
    name: known(id),
    isEnabled: known(true),
    origins: known(
      origins.map(([name, weight], place) => ({
        property: `origins[${String(place)}]`,
        address: known(name),
        isEnabled: known(true),
        weight: known(weight),
        entries: [name],
      })),
    ),
    minimumOrigins: known(1),
    monitor: known(monitor),
    checkRegions: known(["ENAM"]),
    isAnnounced: known(true),
    ...change,
  };
}

/** A proxied Cloudflare hostname over these pools, the last of which is the fallback. */
export function door(id: string, pools: string[], change: Partial<Door> = {}): Door {
  return {
    ...base(id, at("cloudflare"), []),
    needs: [{ what: "a pool", atLeast: 1, of: pools }],
    role: "door",
    kind: "cloudflare",
    hostname: known(id),
    isProxied: known(true),
    ttlSeconds: known(30),
    steering: known("random"),
    pools: known(pools),
    isOrdered: true,
    fallback: known(pools.at(-1)),
    weights: known({}),
    overrides: [],
    triesOtherPools: known(true),
    sessionAffinity: known("none"),
    zeroDowntimeFailover: known("none"),
    ...change,
  };
}

/** An address outside of any edge that leads to one entry. */
export function address(id: string, to: string): Door {
  const plain = door(id, [], { kind: "address", isProxied: known(false), fallback: known(undefined) });
  return { ...plain, place: at("elsewhere"), needs: [{ what: "an origin", atLeast: 1, of: [to] }] };
}

/** A region: a pool, its entry and its compute, all named after it. */
export function region(place: string, change: Partial<Pool> = {}, units: Fact<number> = known(10)): Part[] {
  return [
    pool(`${place} pool`, [`${place} lb`], change),
    entry(`${place} lb`, at(place), [`${place} app`]),
    compute(`${place} app`, at(place), units),
  ];
}

function base(id: string, place: Place, needs: string[]) {
  return {
    id,
    urn: `urn:pulumi:prod::exchange::test::${id}`,
    label: id,
    place,
    needs: needs.map((need) => ({ what: need, atLeast: 1, of: [need] })),
  };
}

/** A design of parts alone, with what is declared about it. */
export function designWith(parts: readonly Part[], declared: Declared): Design {
  const graph: Graph = { source: "plan", project: "exchange", stack: "prod", resources: [], outputs: {} };
  const all = new Map([...parts].sort((a, b) => (a.id < b.id ? -1 : 1)).map((part) => [part.id, part]));
  const doors = [...all.values()].filter((part) => part.role === "door");
  return {
    ...designOf(graph, declared),
    parts: all,
    doors,
    serving: new Set(all.keys()),
    of: (role) => ofRole(all, role),
  };
}

function ofRole<R extends Part["role"]>(parts: ReadonlyMap<string, Part>, role: R) {
  return [...parts.values()].filter((part): part is Extract<Part, { role: R }> => part.role === role);
}

/** The row of a domain in the survival table of a design; the state in which nothing is lost for `nothing`. */
export function rowOf(design: Design, domain: string): SurvivalRow {
  const { whole, rows } = survivalTableOf(design);
  const row = [whole, ...rows].find((one) => one.domain === domain);
  if (row === undefined) throw new Error(`no row for ${domain}`);
  return row;
}
