import { allFacts, chainFact, known, mapFact, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Entry, Kind, Part, Place, Rollout, Surroundings } from "../../model";
import { boolean, number, text, texts } from "../../reader";
import { imageAt, keyAt, secretAt, storesAt, type Wants } from "./dependencies";
import { isCallableByAll, type Grant } from "./invokers";
import { placeBy, spotOf } from "./locations";
import { openingOf } from "./openings";
import { addressId, elements } from "./paths";
import { textsAt, type Texts } from "./texts";

/** Type token of a service of Cloud Run, second API. */
export const RUN_SERVICE = "gcp:cloudrunv2/service:Service";

/** Services of Cloud Run by its second API. Jobs and worker pools answer no requests, and are no parts. */
export const runKinds: readonly Kind[] = [{ types: [RUN_SERVICE], parts: serviceOf }];

const GRANTS: readonly Grant[] = ["ServiceIamMember", "ServiceIamBinding", "ServiceIamPolicy"].map((name) => [
  `gcp:cloudrunv2/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
  "name",
]);

/** A failing revision gets no requests and the old one stays (docs.cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration). */
export const serverlessRollout: Rollout = { minimumHealthyPercent: known(100), stopsByItself: known(true) };

function serviceOf(resource: Resource, around: Surroundings): Part[] {
  const places = runPlaces(resource, around);
  const wants = wantsOf(resource, around);
  const computes = places.map(({ id, place }): Compute => ({
    role: "compute",
    id,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: wants.needs,
    unit: "instance",
    minimum: minimumOf(resource),
    maximum: maximumOf(resource),
    dependencies: wants.dependencies,
    rollout: serverlessRollout,
    texts: textsOf(resource),
  }));
  return [...computes, ...addressOf(resource, computes, around)];
}

/** A service of several regions has `multiRegionSettings`, and stands in each of them (docs.cloud.google.com/run/docs/multiple-regions). */
function runPlaces(resource: Resource, around: Surroundings): { id: string; place: Place }[] {
  const place = placeBy(resource, "location", around);
  const regions = valueOr(chainFact(texts(resource, "multiRegionSettings.regions"), allFacts), []);
  if (regions.length === 0) return [{ id: resource.urn, place }];
  return [...new Set(regions.map((region) => spotOf(region).region))]
    .sort()
    .map((region) => ({ id: `${resource.urn}#${region}`, place: { ...place, region: known(region) } }));
}

/** Ids of the computes that a service is, in a region where one is given. */
export function runComputeIds(resource: Resource, region: string | undefined, around: Surroundings): string[] {
  return runPlaces(resource, around)
    .filter(({ place }) => region === undefined || valueOr(place.region, region) === region)
    .map(({ id }) => id);
}

/**
 * Instances that run at all times: under manual scaling as many as are set, otherwise the larger of the service's minimum and the revision's. Default 0
 * (docs.cloud.google.com/run/docs/configuring/min-instances).
 */
function minimumOf(resource: Resource): Fact<number> {
  return chainFact(isManual(resource), (manual) => {
    if (manual) return withDefault(number(resource, "scaling.manualInstanceCount"), 0);
    const levels = ["scaling.minInstanceCount", "template.scaling.minInstanceCount"];
    return mapFact(allFacts(levels.map((path) => withDefault(number(resource, path), 0))), (all) => Math.max(...all));
  });
}

/** The smaller of the service's maximum and the revision's; 100 where none is set (docs.cloud.google.com/run/docs/configuring/max-instances). */
function maximumOf(resource: Resource): Fact<number | undefined> {
  return chainFact(isManual(resource), (manual) => {
    if (manual) return withDefault(number(resource, "scaling.manualInstanceCount"), 0);
    const levels = [
      number(resource, "scaling.maxInstanceCount"),
      number(resource, "template.scaling.maxInstanceCount"),
    ];
    return mapFact(allFacts(levels), (all) => {
      // A maximum of 0 is how the API writes that none is set.
      const set = all.flatMap((value) => (value === undefined || value === 0 ? [] : [value]));
      return set.length === 0 ? 100 : Math.min(...set);
    });
  });
}

function isManual(resource: Resource): Fact<boolean> {
  return mapFact(text(resource, "scaling.scalingMode"), (mode) => mode === "MANUAL");
}

/** The service's own `run.app` address, where it has one that takes requests from outside. */
function addressOf(resource: Resource, computes: readonly Compute[], around: Surroundings): Entry[] {
  const isCallable = chainFact(withDefault(boolean(resource, "invokerIamDisabled"), false), (free) =>
    free ? known(true) : isCallableByAll(resource, GRANTS, around),
  );
  return entriesOf(resource, placeBy(resource, "location", around), computes, isCallable);
}

/**
 * The entry of something that answers at an address of its own; none where that takes no requests from outside.
 *
 * @param isCallable - whether anybody may call it.
 */
export function entriesOf(
  resource: Resource,
  place: Place,
  computes: readonly Compute[],
  isCallable: Fact<boolean>,
): Entry[] {
  const isOpen = openingOf(resource) ?? known(false);
  if (isOpen.known && !isOpen.value) return [];
  return [
    {
      role: "entry",
      id: addressId(resource.urn),
      urn: resource.urn,
      label: resource.name,
      place,
      needs: [{ what: "what answers there", atLeast: 1, of: computes.map(({ id }) => id) }],
      isPublic: chainFact(isOpen, () => isCallable),
      checks: [],
    },
  ];
}

function wantsOf(resource: Resource, around: Surroundings): Wants {
  const containers = elements(resource, "template.containers");
  const volumes = elements(resource, "template.volumes");
  const stores = storesAt(resource, ["template"], around);
  const dependencies = [
    // Containers that are not known as a whole still have an image.
    ...(containers.length === 0 ? imageAt(resource, "template.containers", around) : []),
    ...containers.flatMap((container) => imageAt(resource, `${container}.image`, around)),
    ...containers
      .flatMap((container) => elements(resource, `${container}.envs`))
      .flatMap((variable) => secretAt(resource, `${variable}.valueSource.secretKeyRef.secret`, around)),
    ...volumes.flatMap((volume) => secretAt(resource, `${volume}.secret.secret`, around)),
    ...keyAt(resource, "template.encryptionKey", around),
    ...stores.dependencies,
  ];
  return { dependencies, needs: stores.needs };
}

function textsOf(resource: Resource): Texts {
  return textsAt(resource, "template.containers", (container) => [
    ...elements(resource, `${container}.envs`).map((variable, place) => ({
      path: `${variable}.value`,
      shown: `${container}.envs[${valueOr(text(resource, `${variable}.name`), undefined) ?? String(place)}].value`,
    })),
    ...["args", "commands"].flatMap((part) =>
      elements(resource, `${container}.${part}`).map((path) => ({ path, shown: path })),
    ),
  ]);
}
