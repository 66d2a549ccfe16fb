import type { Design } from "../../resilience/design";
import { known, valueOr, type Fact } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import { GLOBAL, type Part } from "../../resilience/model";
import { placeOf } from "../../resilience/places";
import { text } from "../../resilience/reader";
import { referenced } from "../../resilience/references";
import { isObject, isSecret, type Json, type JsonObject } from "../../resilience/values";
import { farFindings } from "../far-findings";
import { outages } from "../outages";
import { placeName, usesOf } from "../queries";
import { regionsNamedIn } from "../region-names";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";

/**
 * DEP-03. Keys that a compute uses, and keys under which anything in a serving region is encrypted. A multi-Region key passes where its
 * replica in the own region is named. Prowler's kms_cmk_not_multi_region refuses such keys for confidentiality: where both tools run, one of
 * them needs an exception.
 */
export const dep03: Rule = {
  id: "DEP-03",
  title: "Keys are used in the region in which they stand",
  level: Level.Mandatory,
  severity: "high",
  why: "Data without its key is no data. A replica, a secret or a queue whose key stands in another region is lost together with that region.",
  outages: [outages.dynamoDb, outages.parisFlood],
  fix: "Give each region a key of its own, or a replica of a multi-Region key, and name that one.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html",
    "https://cloud.google.com/kms/docs/locations",
  ],
  otherTools: [
    "Prowler kms_cmk_not_multi_region refuses multi-Region keys, which is the opposite; Checkov CKV_AWS_7 asks for rotation alone",
  ],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const used = farFindings(design, "key", {
    what: "keys",
    consequence: ({ compute }) => `${compute.label} cannot decrypt or sign`,
    fix: ({ compute }) => `use a key, or a replica of a multi-Region key, that stands in ${placeName(compute.place)}`,
  });
  const encrypted = encryptedResources(design);
  if (used === undefined && encrypted.length === 0) return undefined;
  return [...(used ?? []), ...encrypted.flatMap((one) => judgeResource(design, one))];
}

/** Something in a serving region that is encrypted under a key, with the paths at which keys are named. */
interface Encrypted {
  resource: Resource;
  home: string;
  paths: string[];
}

function encryptedResources(design: Design): Encrypted[] {
  const homes = new Set([...design.serving].flatMap((id) => regionsOfPart(design.parts.get(id))));
  // What a compute names as its key is judged with it.
  const told = new Set(usesOf(design, "key").map(({ dependency }) => `${dependency.urn} ${dependency.property}`));
  return design.graph.resources.flatMap((resource) => {
    if (KEY_TYPES.has(resource.type) || resource.provider === null) return [];
    const paths = keyPaths(resource.inputs, "").filter((path) => !told.has(`${resource.urn} ${path}`));
    if (paths.length === 0) return [];
    const home = placeName(placeOf(design.index, resource));
    return homes.has(home) ? [{ resource, home, paths }] : [];
  });
}

function regionsOfPart(part: Part | undefined): string[] {
  return part === undefined || valueOr(part.place.region, GLOBAL) === GLOBAL ? [] : [placeName(part.place)];
}

const KEY_TYPES = new Set([
  "aws:kms/key:Key",
  "aws:kms/replicaKey:ReplicaKey",
  "aws:kms/externalKey:ExternalKey",
  "aws:kms/replicaExternalKey:ReplicaExternalKey",
  "aws:kms/alias:Alias",
  "gcp:kms/cryptoKey:CryptoKey",
]);

/** What names a key by its name. What is written for a copy in another region names that region's key, and is no slip. */
const KEY_PROPERTY = /kms.*key|encryptionKey|cryptoKey/i;
const COPY_PROPERTY = /replica|destination|copyAction|targetKms/i;
const DEPTH_MAX = 12;

function keyPaths(object: JsonObject, prefix: string, depth = 0): string[] {
  if (depth > DEPTH_MAX) return [];
  return Object.entries(object).flatMap(([key, value]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (COPY_PROPERTY.test(key)) return [];
    if (typeof value === "string") return KEY_PROPERTY.test(key) && value !== "" ? [path] : [];
    return nested(value, path, depth);
  });
}

function nested(value: Json, path: string, depth: number): string[] {
  if (Array.isArray(value)) return value.flatMap((item, place) => nested(item, `${path}[${String(place)}]`, depth + 1));
  return isObject(value) && !isSecret(value) ? keyPaths(value, path, depth + 1) : [];
}

function judgeResource(design: Design, { resource, home, paths }: Encrypted): RuleFinding[] {
  return paths.flatMap((path) => {
    const homes = keyHomes(design, resource, path);
    if (!homes.known) return [undecided(homes, `so nobody can say where the key of ${resource.name} stands`)];
    const from = homes.value.find((place) => place !== home);
    if (from === undefined) return [];
    const message = `${resource.name} in ${home} is encrypted under a key (${path}) that stands in ${from}: while that is down, it cannot be read`;
    return [violation(resource.urn, message, `name a key of ${home} in ${path} of ${resource.name}`)];
  });
}

/** The regions of the keys that a path names; what stands in several regions, or outside of the design, is none. */
function keyHomes(design: Design, resource: Resource, path: string): Fact<string[]> {
  const { index, parts } = design;
  const found = referenced(index, resource, path, [...KEY_TYPES]);
  if (!found.known) return found;
  if (found.value.length === 0) return known(namedHomes(resource, path));
  const places = found.value.map((key) => placeName(parts.get(key.urn)?.place ?? placeOf(index, key)));
  return known(places.filter((place) => place.includes(":")));
}

function namedHomes(resource: Resource, path: string): string[] {
  return regionsNamedIn(valueOr(text(resource, path), "") ?? "").map((named) => `${named.cloud}:${named.region}`);
}
