import { known, Reason, unknown, type Fact, type Unknown } from "./fact";
import type { Resource } from "./graph";
import { property } from "./reader";
import { isObject, isSecret, own, unknownValue, type Json } from "./values";

/**
 * What a resource is, where its owner says so: `quorum` (the group in which it votes), `data` (`system-of-record`), `serving` (`false`
 * takes it out of the serving path).
 */
export type Tag = "quorum" | "data" | "serving";

/**
 * Where tags and labels are written: as a map (`tags` of AWS, `labels` of Google and others), as a list of `{ key, value }` (Auto Scaling
 * groups) or of `name:value` (Cloudflare's DNS records). Cloud SQL, GKE, groups of machines and objects of Kubernetes have a place of their
 * own. What a provider adds to each resource comes last.
 */
const PLACES = [
  "tags",
  "labels",
  "settings.userLabels",
  "resourceLabels",
  "allInstancesConfig.labels",
  "metadata.labels",
  "tagsAll",
  "effectiveLabels",
];

/**
 * The value of `twodoor:<tag>` (labels of Google allow no colon, and take `twodoor-<tag>`). Undefined where the resource has no such tag;
 * not known where the tags that may hold it are not. What the provider would add by itself is looked at only where it is known.
 */
export function tagOf(resource: Resource, tag: Tag): Fact<string | undefined> {
  let missing: Unknown | undefined;
  for (const path of PLACES) {
    const fact = property(resource, path);
    if (!fact.known) {
      if (path !== "tagsAll" && path !== "effectiveLabels") missing ??= fact;
      continue;
    }
    const value = fact.value === undefined ? undefined : valueIn(fact.value, tag);
    if (value === undefined) continue;
    if (typeof value === "string" && value !== unknownValue) return known(value);
    if (typeof value === "boolean" || typeof value === "number") return known(String(value));
    missing ??= unknown(resource.urn, `${path}.twodoor:${tag}`, reasonOf(value));
  }
  return missing ?? known(undefined);
}

/** Whether the owner takes a resource out of the serving path. What is not known stays in it. */
export function isOutOfService(resource: Resource): boolean {
  const fact = tagOf(resource, "serving");
  return fact.known && fact.value === "false";
}

function reasonOf(value: Json): string {
  if (value === unknownValue) return Reason.Later;
  return isSecret(value) ? Reason.Secret : Reason.Malformed;
}

function valueIn(tags: Json, tag: Tag): Json | undefined {
  const names = [`twodoor:${tag}`, `twodoor-${tag}`];
  if (isObject(tags))
    return names.map((name) => own(tags, name)).find((value) => value !== undefined && value !== null);
  if (!Array.isArray(tags)) return undefined;
  for (const item of tags) {
    if (isObject(item) && names.some((name) => own(item, "key") === name)) return own(item, "value");
    const prefix = names.find((name) => typeof item === "string" && item.startsWith(`${name}:`));
    if (prefix !== undefined && typeof item === "string") return item.slice(prefix.length + 1);
  }
  return undefined;
}
