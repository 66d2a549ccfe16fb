import { allFacts, chainFact, known, mapFact, Reason, unknown, valueOr, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { CloudName, Dependency, Need, Surroundings } from "../../model";
import { cloudOf, placeOf } from "../../places";
import { text } from "../../reader";
import { dependenciesAt } from "../../references";
import { dataKinds, dataPartsOf, isNeeded } from "../aws/data";
import { imageHome } from "../images";
import { oncePerGraph, push } from "../once";
import { keyPlace, KEYS } from "./keys";
import { linked, pointingTo } from "./links";
import { spotOf } from "./locations";
import { REPOSITORY } from "./repositories";
import { secretRegions, SECRETS } from "./secrets";
import { storesByType, type Store } from "./stores";

const ECR = "aws:ecr/repository:Repository";

/** What a compute has to reach: dependencies are for whoever starts a new unit of it, needs for those that run. */
export interface Wants {
  dependencies: Dependency[];
  needs: Need[];
}

/** The image that a property names; nothing where the property is left out. */
export function imageAt(resource: Resource, path: string, around: Surroundings): Dependency[] {
  const base = { kind: "image" as const, urn: resource.urn, property: path };
  const reference = text(resource, path);
  if (reference.known) {
    if (reference.value === undefined) return [];
    const { host, path: name, cloud, region } = imageHome(reference.value);
    const inDesign = homesOf(host, name, around.index);
    const elsewhere = around.index.named(`${host}/${name}`).filter(({ type }) => type === ECR);
    const parts = [...inDesign, ...elsewhere].map(({ urn }) => urn);
    return [{ ...base, parts, cloud: known(cloud), regions: known([region]) }];
  }
  const found = reached(resource, path, new Set([REPOSITORY, ECR]), around);
  return [{ ...base, parts: found.map(({ urn }) => urn), ...commonHome(reference, found, around) }];
}

/** Repositories by host, id and project; an empty project where nobody names it. */
const repositories = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const repository of index.ofType(REPOSITORY)) {
    const { account } = placeOf(index, repository);
    const location = valueOr(text(repository, "location"), undefined) ?? "";
    const id = valueOr(text(repository, "repositoryId"), undefined) ?? "";
    push(found, `${location}-docker.pkg.dev ${id} ${valueOr(account, "")}`, repository);
  }
  return found;
});

/** The repository of the design that keeps `PROJECT/REPOSITORY/IMAGE` at a host. */
function homesOf(host: string, name: string, index: GraphIndex): Resource[] {
  const [project = "", id = ""] = name.split("/");
  const all = repositories(index);
  return [...new Set([project, ""])].flatMap((owner) => all.get(`${host} ${id} ${owner}`) ?? []);
}

/** Cloud and region of what an unknown property may mean: known where every candidate stands in the same. */
function commonHome(
  missing: Fact<unknown>,
  candidates: readonly Resource[],
  around: Surroundings,
): Pick<Dependency, "cloud" | "regions"> {
  const why = missing.known ? unknown("", "", Reason.Later) : missing;
  const clouds = [...new Set(candidates.map(({ type }): CloudName => cloudOf(type) ?? "other"))];
  const [cloud] = clouds;
  const regions = chainFact(
    allFacts(candidates.map((each) => mapFact(around.placeOf(each).region, (region) => spotOf(region).region))),
    (all): Fact<string[]> => (new Set(all).size === 1 ? known(all.slice(0, 1)) : why),
  );
  return { cloud: clouds.length === 1 && cloud !== undefined ? known(cloud) : why, regions };
}

/** The secret that a property names; nothing where the property is left out. */
export function secretAt(resource: Resource, path: string, around: Surroundings): Dependency[] {
  const written = text(resource, path);
  if (written.known && written.value === undefined) return [];
  const found = linked(resource, path, SECRETS, around);
  const secrets = valueOr(found, []);
  return [
    {
      kind: "secret",
      urn: resource.urn,
      property: path,
      parts: secrets.map(({ urn }) => urn),
      cloud: known("gcp"),
      regions: found.known ? sameRegions(resource, path, secrets) : found,
    },
  ];
}

/** The regions of one secret; of several that may be meant, only where they agree. */
function sameRegions(resource: Resource, path: string, secrets: readonly Resource[]): Fact<string[]> {
  return chainFact(allFacts(secrets.map(secretRegions)), (all): Fact<string[]> => {
    const [first] = all;
    return first !== undefined && all.every((regions) => regions.join() === first.join())
      ? known(first)
      : unknown(resource.urn, path, Reason.Later);
  });
}

/** The key that a property names; nothing where the property is left out. */
export function keyAt(resource: Resource, path: string, around: Surroundings): Dependency[] {
  const written = text(resource, path);
  if (written.known && written.value === undefined) return [];
  const location = /\/locations\/([^/]+)\/keyRings\//.exec(valueOr(written, undefined) ?? "")?.[1];
  const found = linked(resource, path, KEYS, around);
  const keys = valueOr(found, []);
  const regions = chainFact(found, (all): Fact<string[]> => {
    const places = all.map((key) => keyPlace(key, around).region);
    return mapFact(allFacts(places), (names) => [...new Set(names)].sort());
  });
  return [
    {
      kind: "key",
      urn: resource.urn,
      property: path,
      parts: keys.map(({ urn }) => urn),
      cloud: known("gcp"),
      regions: location === undefined ? regions : known([spotOf(location).region]),
    },
  ];
}

/**
 * The stores that properties lead to: directly, by a database or table in one, or by a secret whose value was made from one (a connection
 * address). What is served from them is needed as long as a unit runs; caches and queues are not.
 */
export function storesAt(resource: Resource, paths: readonly string[], around: Surroundings): Wants {
  const dependencies: Dependency[] = [];
  const needs = new Map<string, Need>();
  for (const path of paths) {
    for (const found of reached(resource, path, storeTypes, around)) {
      const store = storesByType.get(found.type)?.(found, around) ?? awsStores(found, around);
      for (const each of store) {
        dependencies.push(dataDependency(resource, path, each));
        if (each.isNeeded) needs.set(each.id, { what: `the data in ${each.label}`, atLeast: 1, of: [each.id] });
      }
    }
  }
  return { dependencies, needs: [...needs.values()] };
}

const storeTypes = new Set([...storesByType.keys(), ...dataKinds.flatMap(({ types }) => types)]);

/** A store of the other cloud is seen as its own computes see it. */
function awsStores(resource: Resource, around: Surroundings): Store[] {
  return dataPartsOf(resource, around)
    .slice(0, 1)
    .map(({ id, label, regions }) => ({ id, label, cloud: "aws", regions, isNeeded: isNeeded(resource) }));
}

function dataDependency(resource: Resource, property: string, store: Store): Dependency {
  const { id, cloud, regions } = store;
  return { kind: "data", urn: resource.urn, property, parts: [id], cloud: known(cloud), regions };
}

/** Types whose own dependencies are looked through: what stands in a store leads to the store. */
const INSIDE = new Set([
  "gcp:sql/database:Database",
  "gcp:sql/user:User",
  "gcp:spanner/database:Database",
  "gcp:bigtable/table:Table",
  "gcp:bigtable/appProfile:AppProfile",
  "gcp:alloydb/instance:Instance",
  "gcp:alloydb/user:User",
  "gcp:pubsub/subscription:Subscription",
  "gcp:storage/bucketObject:BucketObject",
]);
const VERSION = "gcp:secretmanager/secretVersion:SecretVersion";

/**
 * The resources of these types that a property leads to by edges: through what stands in no cloud (a built image, a generated password),
 * through what is inside a store, and from a secret to what its value was made from. By URN.
 */
function reached(resource: Resource, path: string, types: ReadonlySet<string>, around: Surroundings): Resource[] {
  const found = new Set<Resource>();
  const seen = new Set<string>();
  const open = [...dependenciesAt(resource, path).urns];
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    const at = around.index.byUrn.get(urn);
    if (at === undefined || seen.has(urn)) continue;
    seen.add(urn);
    if (types.has(at.type)) found.add(at);
    else open.push(...beyond(at, around));
  }
  return [...found].sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

function beyond(at: Resource, around: Surroundings): string[] {
  if (at.type === VERSION) return dependenciesAt(at, "secretData").urns;
  if (SECRETS.includes(at.type)) return pointingTo(at, "secret", [VERSION], around).map(({ urn }) => urn);
  return cloudOf(at.type) === undefined || INSIDE.has(at.type) ? at.dependencies : [];
}
