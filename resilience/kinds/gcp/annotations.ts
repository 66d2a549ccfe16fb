import { chainFact, known, Reason, unknown, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import { object } from "../../reader";
import { isSecret, own, unknownValue } from "../../values";

/** Where annotations of a service of Cloud Run's first API stand. */
export const ON_SERVICE = "metadata.annotations";
/** Where those of its revisions stand. */
export const ON_REVISION = "template.metadata.annotations";

/** An annotation's text. Their names hold dots and slashes, so that they are no path. Numbers and booleans are text to Knative. */
export function annotation(resource: Resource, path: string, name: string): Fact<string | undefined> {
  const shown = `${path}[${name}]`;
  return chainFact(object(resource, path), (all): Fact<string | undefined> => {
    const value = own(all, name);
    if (value === undefined || value === null) return known(undefined);
    if (value === unknownValue) return unknown(resource.urn, shown, Reason.Later);
    if (isSecret(value)) return unknown(resource.urn, shown, Reason.Secret);
    return typeof value === "object" ? unknown(resource.urn, shown, Reason.Malformed) : known(String(value));
  });
}

/** An annotation that is a count. */
export function countedAnnotation(resource: Resource, path: string, name: string): Fact<number | undefined> {
  return chainFact(annotation(resource, path, name), (value): Fact<number | undefined> => {
    if (value === undefined) return known(undefined);
    return /^\d+$/.test(value) ? known(Number(value)) : unknown(resource.urn, `${path}[${name}]`, Reason.Malformed);
  });
}
