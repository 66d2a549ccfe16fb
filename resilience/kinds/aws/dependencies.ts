import { known, mapFact, Reason, unknown, valueOr, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Dependency, Need, Surroundings } from "../../model";
import { regionOfArn } from "../../arns";
import { cloudOf } from "../../places";
import { text } from "../../reader";
import { dependenciesAt } from "../../references";
import { imageHome } from "../images";
import { oncePerGraph, push } from "../once";
import { regionsOfAsset } from "./assets";
import { dataPartsOf, isNeeded, withoutCopies } from "./data";
import { homesOf, roleOf } from "./homes";
import { pointed } from "./pointers";
import { PARAMETER, REPOSITORY, SECRET, SECRET_VERSION } from "./types";

/** A text that a compute is handed, with the path under which. */
export interface Mention {
  property: string;
  text: Fact<string>;
}

/** One input of a resource by which a compute is told what to read. */
export interface Handed {
  resource: Resource;
  /** Path of the input that holds all of it: what it depends on tells what is meant where texts are not known. */
  path: string;
  /** Image references. */
  images: Mention[];
  /** ARNs or names of secrets and parameters. */
  secrets: Mention[];
  /** Environment and arguments. */
  texts: Mention[];
  /** Set where the input is not known as a whole. */
  missing?: Unknown | undefined;
  /** Whether an image has to be among what is handed. */
  runsImage: boolean;
}

/** What a compute reads, by everything that is handed to it. */
export interface Uses {
  dependencies: Dependency[];
  needs: Need[];
  texts: Compute["texts"];
}

/**
 * What a compute reads. Images, secrets and keys are dependencies: what runs goes on without them, a new unit does not. A data store that
 * answers are made from is a need besides, in the copy of the compute's own region where there is one; caches, topics, buckets and
 * search domains are no needs, since nobody can see whether an answer waits for them.
 *
 * What is handed to other services by them (a role that may read a table) is not read: a right is no use.
 *
 * @param region - where the compute runs.
 */
export function usesOf(handed: readonly Handed[], region: Fact<string>, around: Surroundings): Uses {
  const dependencies = handed.flatMap((each) => dependenciesOf(each, region, around));
  const stores = withoutCopies(
    [...new Set(handed.flatMap((each) => storesOf(each, region, around)))].filter(isNeeded),
    around,
  );
  const missing = handed.find((each) => each.missing !== undefined)?.missing;
  return {
    dependencies: sorted(dependencies),
    needs: stores.map((store) => ({
      what: `the ${nounOf(store, around)} ${store.name}`,
      atLeast: 1,
      of: [dataPartOf(store, region, around).id],
    })),
    texts: missing ?? known(handed.flatMap(({ texts }) => texts)),
  };
}

function nounOf(store: Resource, around: Surroundings): string {
  const [part] = dataPartsOf(store, around);
  return part === undefined ? "store" : (NOUNS[part.kind] ?? "database");
}

const NOUNS: Record<string, string> = {
  efs: "file system",
  msk: "cluster",
  mq: "broker",
  sqs: "queue",
  kinesis: "stream",
};

function dependenciesOf(handed: Handed, region: Fact<string>, around: Surroundings): Dependency[] {
  const { resource, path, missing, runsImage } = handed;
  const found = reachedFrom(dependenciesAt(resource, path).urns, around);
  const byEdges = (role: "image" | "secret", property: string, urns?: readonly string[]): Dependency[] =>
    (urns === undefined ? found : reachedFrom(urns, around)).assets
      .filter((asset) => roleOf(asset) === role)
      .map((asset) => dependencyOn(asset, role, resource, property, around));
  const named = [
    ...handed.images.flatMap(({ property, text }) =>
      text.known
        ? [imageDependency(resource, property, text.value, around)]
        : orUnknown(byEdges("image", property, dependenciesAt(resource, property).urns), "image", text),
    ),
    ...handed.secrets.flatMap(({ property, text }) =>
      text.known
        ? [secretDependency(resource, property, text.value, region, around)]
        : orUnknown(byEdges("secret", property, dependenciesAt(resource, property).urns), "secret", text),
    ),
  ];
  const whole =
    missing === undefined
      ? []
      : [...(runsImage ? orUnknown(byEdges("image", path), "image", missing) : []), ...byEdges("secret", path)];
  const assets = [...named, ...whole];
  const keys = assets.flatMap(({ parts }) => parts.flatMap((urn) => keysOf(urn, around)));
  const data = storesOf(handed, region, around).map((store): Dependency => {
    const part = dataPartOf(store, region, around);
    return {
      kind: "data",
      urn: resource.urn,
      property: path,
      parts: [part.id],
      cloud: known("aws"),
      regions: part.regions,
    };
  });
  return [...assets, ...keys, ...data];
}

function orUnknown(found: Dependency[], kind: Dependency["kind"], why: Unknown): Dependency[] {
  if (found.length > 0) return found;
  return [{ kind, urn: why.urn, property: why.property, parts: [], cloud: why, regions: why }];
}

function dependencyOn(
  asset: Resource,
  kind: "image" | "secret" | "key",
  user: Resource,
  property: string,
  around: Surroundings,
): Dependency {
  const regions = regionsOfAsset(asset, around);
  return { kind, urn: user.urn, property, parts: [asset.urn], cloud: known("aws"), regions };
}

/** Repositories by region and name; filled when the first image is looked for. */
const repositories = oncePerGraph(() => new Map<string, Resource>());

/** A registry holds a name once, so that the first of several is as good as any: they would be other accounts'. */
function repositoryAt(region: string, name: string, around: Surroundings): Resource | undefined {
  const found = repositories(around.index);
  if (found.size === 0) {
    for (const repository of [...around.index.ofType(REPOSITORY)].reverse()) {
      const at = around.placeOf(repository).region;
      const called = text(repository, "name");
      if (at.known && called.known && called.value !== undefined) found.set(`${at.value} ${called.value}`, repository);
    }
  }
  return found.get(`${region} ${name}`);
}

/** An image by its reference: it is read from the region of the registry's host, whatever other regions hold a copy. */
function imageDependency(user: Resource, property: string, reference: string, around: Surroundings): Dependency {
  const { path, cloud, region } = imageHome(reference);
  const repository = cloud === "aws" ? repositoryAt(region, path, around) : undefined;
  const parts = repository === undefined ? [] : [repository.urn];
  return { kind: "image", urn: user.urn, property, parts, cloud: known(cloud), regions: known([region]) };
}

/** ARNs of secrets may go on with the key and version that are read: `…:secret:NAME-SUFFIX:KEY:STAGE:ID`. */
const ARN_FIELDS = 7;

/**
 * A secret or parameter as ECS names it: by an ARN, whose region counts, or a parameter of the task's own region by its name
 * (docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html).
 */
function secretDependency(
  user: Resource,
  property: string,
  name: string,
  region: Fact<string>,
  around: Surroundings,
): Dependency {
  const arnRegion = regionOfArn(name);
  const regions = arnRegion === undefined ? mapFact(region, (own) => [own]) : known([arnRegion]);
  const identity = arnRegion === undefined ? name : name.split(":").slice(0, ARN_FIELDS).join(":");
  const parts = around.index
    .named(identity)
    .filter(({ type }) => type === SECRET || type === PARAMETER)
    .filter((asset) => !regions.known || regions.value.includes(valueOr(around.placeOf(asset).region, "")))
    .map(({ urn }) => urn);
  return { kind: "secret", urn: user.urn, property, parts, cloud: known("aws"), regions };
}

/** The key under which a secret, parameter or repository is kept; AWS's own key of the region is always where the thing is. */
function keysOf(urn: string, around: Surroundings): Dependency[] {
  const asset = around.index.byUrn.get(urn);
  const path = asset === undefined ? undefined : KEY_PATHS.get(asset.type);
  if (asset === undefined || path === undefined) return [];
  const found = pointed(around.index, asset, path, []);
  const keys = found.resources.flatMap((key) => homesOf(around.index, key)).filter((key) => roleOf(key) === "key");
  if (keys.length > 0) return keys.map((key) => dependencyOn(key, "key", asset, path, around));
  const [arn] = found.outside;
  const arnRegion = arn === undefined ? undefined : regionOfArn(arn);
  if (arnRegion !== undefined) {
    return [
      { kind: "key", urn: asset.urn, property: path, parts: [], cloud: known("aws"), regions: known([arnRegion]) },
    ];
  }
  const { missing } = found;
  return missing === undefined
    ? []
    : [{ kind: "key", urn: asset.urn, property: path, parts: [], cloud: known("aws"), regions: missing }];
}

const KEY_PATHS: ReadonlyMap<string, string> = new Map([
  [SECRET, "kmsKeyId"],
  [PARAMETER, "keyId"],
  [REPOSITORY, "encryptionConfigurations[0].kmsKey"],
]);

/** The data stores that are handed to a compute: by what the input depends on, and by texts that name one. */
function storesOf({ resource, path, texts, secrets }: Handed, region: Fact<string>, around: Surroundings): Resource[] {
  const { stores } = reachedFrom(dependenciesAt(resource, path).urns, around);
  const named = texts.flatMap(({ text }) => (text.known ? storesNamed(text.value, region, around) : []));
  const kept = secrets.flatMap(({ text }) =>
    text.known
      ? reachedFrom(
          around.index.named(text.value.split(":").slice(0, ARN_FIELDS).join(":")).map(({ urn }) => urn),
          around,
        ).stores
      : [],
  );
  return [...new Set([...stores, ...named, ...kept])];
}

/** Stores by the region of the compute and the text that names them: the same words are handed to many. */
const storesByText = oncePerGraph(() => new Map<string, Resource[]>());

function storesNamed(value: string, region: Fact<string>, around: Surroundings): Resource[] {
  const found = storesByText(around.index);
  const key = `${valueOr(region, "")} ${value}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const stores = lookUpStores(value, region, around);
  found.set(key, stores);
  return stores;
}

/** An ARN or a host anywhere in a text is exact; a plain name counts for a store of the same region. */
function lookUpStores(value: string, region: Fact<string>, { index, placeOf }: Surroundings): Resource[] {
  const homes = (identity: string): Resource[] =>
    index
      .named(identity)
      .flatMap((candidate) => homesOf(index, candidate))
      .filter((candidate) => roleOf(candidate) === "data");
  const exact = (value.match(/arn:[a-z-]+:[^\s"',;|]+|[a-z0-9_-]+(?:\.[a-z0-9_-]+)+/gi) ?? []).flatMap(homes);
  const plain = homes(value).filter(
    (store) => region.known && valueOr(placeOf(store).region, undefined) === region.value,
  );
  return [...new Set([...exact, ...plain])];
}

interface Reached {
  /** Images, secrets and parameters. */
  assets: Resource[];
  stores: Resource[];
}

/** So many resources are followed for one input at most: what a hostile graph chains together is no dependency of anybody. */
const FOLLOWED_MAX = 500;

/**
 * What can be reached from the given resources: images, secrets and data stores, through what only hands on (an image that a tool builds and
 * pushes, a random name, a DNS record) and through the contents of a secret (a connection text that names a database).
 */
function reachedFrom(urns: readonly string[], { index }: Surroundings): Reached {
  const seen = new Set<string>();
  const assets = new Set<Resource>();
  const stores = new Set<Resource>();
  const open = [...urns].reverse().map((urn) => ({ urn, isContent: false }));
  for (let next = open.pop(); next !== undefined && seen.size < FOLLOWED_MAX; next = open.pop()) {
    const { urn, isContent } = next;
    const resource = index.byUrn.get(urn);
    if (resource === undefined || seen.has(urn)) continue;
    seen.add(urn);
    const homes = homesOf(index, resource);
    for (const home of homes) {
      const role = roleOf(home);
      if (role === "data") stores.add(home);
      else if (role !== "key" && !isContent) assets.add(home);
      if (role === "secret")
        for (const content of contentsOf(home, index)) open.push({ urn: content, isContent: true });
    }
    if (homes.length === 0 && handsOn(resource))
      for (const other of resource.dependencies) open.push({ urn: other, isContent });
  }
  return { assets: [...assets], stores: [...stores] };
}

function handsOn({ type }: Resource): boolean {
  return type === "aws:route53/record:Record" || (cloudOf(type) === undefined && !type.startsWith("pulumi:"));
}

const versionsBySecret = oncePerGraph((index) => {
  const versions = new Map<string, Resource[]>();
  for (const version of index.ofType(SECRET_VERSION)) {
    for (const { urn } of pointed(index, version, "secretId", [SECRET]).resources) push(versions, urn, version);
  }
  return versions;
});

/** What the text that a secret or parameter keeps was made from. The text itself is never read. */
function contentsOf(secret: Resource, index: Surroundings["index"]): string[] {
  if (secret.type === PARAMETER) return ["value", "insecureValue"].flatMap((path) => dependenciesAt(secret, path).urns);
  return (versionsBySecret(index).get(secret.urn) ?? []).flatMap((version) =>
    ["secretString", "secretBinary"].flatMap((path) => dependenciesAt(version, path).urns),
  );
}

/** The part of a store that a compute of a region talks to: the copy there, otherwise the store itself. */
function dataPartOf(
  store: Resource,
  region: Fact<string>,
  around: Surroundings,
): { id: string; regions: Fact<string[]> } {
  const parts = dataPartsOf(store, around);
  const here = region.known ? parts.find(({ place }) => valueOr(place.region, undefined) === region.value) : undefined;
  const first = here ?? parts[0];
  return { id: first?.id ?? store.urn, regions: first?.regions ?? unknown(store.urn, "region", Reason.Malformed) };
}

function sorted(dependencies: readonly Dependency[]): Dependency[] {
  const byKey = new Map(dependencies.map((each) => [keyOf(each), each]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, each]) => each);
}

function keyOf({ kind, urn, property, parts }: Dependency): string {
  return [kind, urn, property, ...parts].join(" ");
}
