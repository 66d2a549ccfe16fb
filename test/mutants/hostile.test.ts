/**
 * Proves that no value of any type at any place of a design makes the judge or a rule throw, and that a value of a wrong type where a rule looks
 * is never taken for a good one: it is found, or said not to be known. Then shapes that break programs: prototype names, circles, deep
 * nesting, long texts, many resources. Does not prove how long it takes (`npm run bench` does).
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../policies/result";
import type { Graph, Resource } from "../../resilience/graph";
import { isObject, type Json } from "../../resilience/values";
import { valueAt, written } from "./change";
import { raw } from "./designs";
import { edgeRows } from "./edge-table";
import { mutantsOf } from "./mutant";
import { regionRows } from "./region-table";
import { caughtBy, judged } from "./run";

const subject = raw();
const before = judged(subject);
const { graph } = subject;

function judgedGraph(changed: Graph): CheckResult {
  const result = judged({ ...subject, graph: changed });
  expect(result.findings.filter(({ message }) => message.includes("could not be judged"))).toEqual([]);
  return result;
}

function withResources(resources: Resource[]): Graph {
  return { ...graph, resources };
}

const PROTOTYPES = JSON.parse(
  '{"__proto__":{"region":"x"},"constructor":null,"toString":[1],"hasOwnProperty":true}',
) as Json;
const JUNK: readonly Json[] = [
  ...[null, NaN, Infinity, -1, 0, 1e308, true, false, "", "__proto__", "constructor", "x".repeat(2000)],
  ...[[], {}, [null], [[[]]], PROTOTYPES, { length: -1 }],
];

/** The paths of everything that a resource was given. */
function pathsIn(value: Json, path: string): string[] {
  if (Array.isArray(value))
    return [path, ...value.flatMap((item, place) => pathsIn(item, `${path}[${String(place)}]`))];
  if (!isObject(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsIn(item, `${path}.${key}`))];
}

const places = graph.resources.flatMap(({ urn, inputs }) =>
  Object.entries(inputs)
    .flatMap(([key, value]) => pathsIn(value, key))
    .filter((path) => !/[^\w.[\]-]/.test(path))
    .map((path) => ({ urn, path })),
);

describe("a value of any type, anywhere", () => {
  it("makes nothing throw", () => {
    const change = fc.record({ place: fc.nat(places.length - 1), junk: fc.nat(JUNK.length - 1) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 15 }), (changes) => {
        const broken = changes.reduce((all, { place, junk }) => {
          const at = places[place];
          return at === undefined ? all : written(all, at.urn, at.path, JUNK[junk] ?? null);
        }, graph);
        judgedGraph(broken);
      }),
      { seed: 5, numRuns: 40 },
    );
  }, 300_000);

  it("is never taken for a good one where a rule looks", () => {
    const silent = judgedPlaces().flatMap(({ row, junk }) => {
      const [one] = mutantsOf({ ...row, to: junk }, subject);
      if (one === undefined) return [];
      const { rules, undecided, rows } = caughtBy(one, subject, before);
      return rules.length + undecided.length + rows.length > 0
        ? []
        : [`${row.type.split(":").at(-1) ?? ""} ${row.path}`];
    });
    // The dependencies of an address tell where it leads. The others are what is told as advice alone: one guard of two, a snapshot, plain HTTP.
    expect([...new Set(silent)].sort()).toMatchInlineSnapshot(`
      [
        "Instance skipFinalSnapshot",
        "Listener mutualAuthentication",
        "Listener mutualAuthentication.mode",
        "LoadBalancer enableDeletionProtection",
        "LoadBalancerPool origins[0].address",
        "RegionSecurityPolicy rules",
        "ServerTlsPolicy mtlsPolicy.clientValidationMode",
        "ZoneSetting value",
      ]
    `);
  }, 300_000);
});

/** Each property of which a bad value is caught, with values of other types than its own. */
function judgedPlaces() {
  const seen = new Set<string>();
  return [...edgeRows, ...regionRows].flatMap(({ every: _, ...row }) => {
    const key = `${row.type} ${row.path} ${row.of?.source ?? ""}`;
    const [real] = mutantsOf(row, subject);
    if (seen.has(key) || row.path === "" || row.harmless !== undefined || real === undefined) return [];
    seen.add(key);
    const resource = graph.resources.find(({ type, name }) => type === row.type && (row.of?.test(name) ?? true));
    const value = resource === undefined ? undefined : valueAt(resource, row.path);
    if (value === undefined || value === null) return [];
    const others: readonly Json[] = [{ a: 1 }, "many", 42].filter((junk) => kindOf(junk) !== kindOf(value));
    return others.slice(0, 2).map((junk) => ({ row, junk }));
  });
}

function kindOf(value: Json): string {
  if (typeof value === "number") return Number.isFinite(value) ? "number" : "none";
  return Array.isArray(value) ? "list" : typeof value;
}

describe("shapes that break programs", () => {
  const [first] = graph.resources;
  if (first === undefined) throw new Error("the design is empty");
  const without = (result: CheckResult): string[] =>
    result.survival.map(({ domain, survives }) => `${domain} ${String(survives)}`);
  const rows = without(before);

  it("prototype names as names, URNs and keys", () => {
    const names = ["__proto__", "constructor", "hasOwnProperty", "toString"];
    const more = names.map((name): Resource => ({
      ...first,
      urn: name,
      name,
      type: "aws:s3/bucket:Bucket",
      inputs: JSON.parse(`{"${name}": {"region": "us-east-2"}, "region": "${name}"}`) as Resource["inputs"],
      propertyDependencies: { [name]: names },
      references: { [`${name}[0]`]: names },
      dependencies: names,
    }));
    expect(without(judgedGraph(withResources([...graph.resources, ...more])))).toEqual(rows);
  });

  it("everything depending on everything, parents in a circle included", () => {
    const urns = graph.resources.map(({ urn }) => urn);
    const tied = graph.resources.map((resource, place) => ({
      ...resource,
      dependencies: urns,
      parent: urns[(place + 1) % urns.length] ?? null,
    }));
    expect(without(judgedGraph(withResources(tied)))).toEqual(rows);
  });

  it("the same URN twice", () => {
    expect(judgedGraph(withResources([...graph.resources, ...graph.resources])).verdict).toBe("pass");
  });

  it("10,000 levels, and a text of a megabyte, at every property of what serves", () => {
    let deep: Json = "end";
    for (let level = 0; level < 10_000; level += 1) deep = level % 2 === 0 ? [deep] : { in: deep };
    const long = "us-east-2 ".repeat(100_000);
    for (const value of [deep, long]) {
      for (const name of ["load-balancer", "us-east-2-service", "us-central1-service", "us-east4-pool"]) {
        const broken = graph.resources.map((resource) =>
          resource.name === name
            ? { ...resource, inputs: Object.fromEntries(Object.keys(resource.inputs).map((key) => [key, value])) }
            : resource,
        );
        expect(judgedGraph(withResources(broken)).verdict).not.toBe("pass");
      }
    }
  });

  it("10,000 resources more, of which nothing needs any", () => {
    const more = Array.from({ length: 10_000 }, (_, number): Resource => ({
      ...first,
      urn: `urn:pulumi:prod::exchange::aws:s3/bucket:Bucket::b${String(number)}`,
      type: "aws:s3/bucket:Bucket",
      name: `b${String(number)}`,
      inputs: { region: "us-east-2" },
    }));
    expect(without(judgedGraph(withResources([...graph.resources, ...more])))).toEqual(rows);
  });
});
