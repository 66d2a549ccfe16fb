import { allFacts, chainFact, known, mapFact, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Compute, Entry, Kind, Part, Surroundings } from "../../model";
import { count, number, object, text } from "../../reader";
import { oncePerGraph, push } from "../once";
import { usesOf, type Handed, type Mention } from "./dependencies";
import { pointed, uncertainty } from "./pointers";
import { boundsOf } from "./scaling";
import { zonesOfSubnets } from "./subnets";
import { FUNCTION, FUNCTION_ALIAS, FUNCTION_URL, PROVISIONED_CONCURRENCY } from "./types";
import { untoldRollout } from "../defaults";

/** Lambda functions, and the addresses that some of them have by themselves. */
export const functionKinds: readonly Kind[] = [
  { types: [FUNCTION], parts: functionOf },
  { types: [FUNCTION_URL], parts: urlOf },
];

function functionOf(resource: Resource, around: Surroundings): Part[] {
  const { index } = around;
  const place = { ...around.placeOf(resource), zones: zonesOfFunction(resource, index) };
  const uses = usesOf(handedTo(resource), place.region, around);
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: uses.needs,
    unit: "function",
    minimum: minimumOf(resource, index),
    // -1, the default, leaves it to what the account allows (`aws.lambda.Function`, `reservedConcurrentExecutions`).
    maximum: mapFact(number(resource, "reservedConcurrentExecutions"), (reserved) =>
      reserved === undefined || reserved < 0 ? undefined : reserved,
    ),
    dependencies: uses.dependencies,
    rollout: untoldRollout,
    texts: uses.texts,
  };
  return [compute];
}

/**
 * A function runs in several zones of its region by itself; one that is attached to a network, in the zones of its subnets
 * (docs.aws.amazon.com/lambda/latest/dg/security-resilience.html and configuration-vpc.html).
 */
function zonesOfFunction(resource: Resource, index: GraphIndex): Fact<string[]> {
  return chainFact(count(resource, "vpcConfig.subnetIds"), (subnets): Fact<string[]> =>
    subnets === 0 ? known([]) : zonesOfSubnets(resource, "vpcConfig.subnetIds", index),
  );
}

const provisionedByFunction = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const each of index.ofType(PROVISIONED_CONCURRENCY)) {
    for (const { urn } of functionsOf(each, index)) push(found, urn, each);
  }
  return found;
});

const aliasesByFunction = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const alias of index.ofType(FUNCTION_ALIAS)) {
    for (const { urn } of functionsOf(alias, index)) push(found, urn, alias);
  }
  return found;
});

function functionsOf(user: Resource, index: GraphIndex): Resource[] {
  const { resources } = pointed(index, user, "functionName", [FUNCTION, FUNCTION_ALIAS]);
  return resources.flatMap((each) =>
    each.type === FUNCTION_ALIAS ? pointed(index, each, "functionName", [FUNCTION]).resources : [each],
  );
}

/**
 * Environments that stand ready at all times are those of provisioned concurrency. Everything else is started when a request comes, in
 * the very hour in which everybody else's is started too.
 */
function minimumOf(resource: Resource, index: GraphIndex): Fact<number> {
  const provisioned = (provisionedByFunction(index).get(resource.urn) ?? []).map((each) =>
    withDefault(number(each, "provisionedConcurrentExecutions"), 0),
  );
  const scaled = [resource, ...(aliasesByFunction(index).get(resource.urn) ?? [])].flatMap(
    (each) => boundsOf(index, each, undefined, () => false)?.minimum ?? [],
  );
  const all = scaled.length > 0 ? scaled : provisioned;
  return mapFact(allFacts(all), (counts) => counts.reduce((sum, each) => sum + each, 0));
}

const VARIABLES = "environment.variables";

function handedTo(resource: Resource): Handed[] {
  const variables = object(resource, VARIABLES);
  const texts = variables.known
    ? Object.keys(variables.value).map((name): Mention => ({
        property: `${VARIABLES}[${name}]`,
        text: withDefault(text(resource, `${VARIABLES}.${name}`), ""),
      }))
    : [];
  const image = text(resource, "imageUri");
  const hasImage = !image.known || image.value !== undefined;
  return [
    {
      resource,
      path: "environment",
      images: [],
      secrets: [],
      texts,
      missing: variables.known ? undefined : variables,
      runsImage: false,
    },
    {
      resource,
      path: "imageUri",
      images: hasImage ? [{ property: "imageUri", text: withDefault(image, "") }] : [],
      secrets: [],
      texts: [],
      runsImage: false,
    },
    fileSystemOf(resource),
  ];
}

function fileSystemOf(resource: Resource): Handed {
  const arn = text(resource, "fileSystemConfig.arn");
  const texts =
    arn.known && arn.value !== undefined ? [{ property: "fileSystemConfig.arn", text: known(arn.value) }] : [];
  return { resource, path: "fileSystemConfig", images: [], secrets: [], texts, runsImage: false };
}

/** Whoever has the address can call it; `AWS_IAM` asks the caller to sign, and is reached all the same. */
function urlOf(resource: Resource, around: Surroundings): Part[] {
  const found = pointed(around.index, resource, "functionName", [FUNCTION, FUNCTION_ALIAS]);
  const of = functionsOf(resource, around.index).map(({ urn }) => urn);
  const why = of.length > 0 ? undefined : uncertainty(resource, "functionName", found);
  const entry: Entry = {
    role: "entry",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: around.placeOf(resource),
    needs: [{ what: "the function", atLeast: 1, of, ...(why === undefined ? {} : { unknown: why }) }],
    isPublic: known(true),
    checks: [],
  };
  return [entry];
}
