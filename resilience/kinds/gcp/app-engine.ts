import { chainFact, known, mapFact, unknown, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Kind, Part, Place, Surroundings } from "../../model";
import { number, property, text } from "../../reader";
import { imageAt, storesAt } from "./dependencies";
import { entriesOf, serverlessRollout } from "./run";
import { placeAt, spotOf, type Spot } from "./locations";
import { textsOfMap } from "./texts";

const APPLICATION = "gcp:appengine/application:Application";
const FLEXIBLE = "gcp:appengine/flexibleAppVersion:FlexibleAppVersion";
const STANDARD = "gcp:appengine/standardAppVersion:StandardAppVersion";

/** Versions of App Engine. */
export const appEngineKinds: readonly Kind[] = [{ types: [FLEXIBLE, STANDARD], parts: versionOf }];

/** Types of App Engine that decide where and how a version is reached, and are read where the version is. */
export const APP_ENGINE_NEIGHBOURS: readonly string[] = [APPLICATION];

/** Types of versions: what a serverless group with `appEngine` leads to. */
export const APP_VERSIONS: readonly string[] = [FLEXIBLE, STANDARD];

function versionOf(resource: Resource, around: Surroundings): Part[] {
  const place = appPlace(resource, around);
  const stores = storesAt(resource, ["envVariables"], around);
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: stores.needs,
    unit: "instance",
    minimum: minimumOf(resource),
    maximum: maximumOf(resource),
    dependencies: [...imageAt(resource, "deployment.container.image", around), ...stores.dependencies],
    rollout: serverlessRollout,
    texts: textsOfMap(resource, "envVariables"),
  };
  return [compute, ...entriesOf(resource, place, [compute], known(true))];
}

/** The first two regions are still called by their old names (docs.cloud.google.com/appengine/docs/standard/locations). */
const OLD_NAMES: Readonly<Record<string, string>> = { "us-central": "us-central1", "europe-west": "europe-west1" };

/** A project has one application, which stands in one region for ever. */
function appPlace(resource: Resource, around: Surroundings): Place {
  const { account } = around.placeOf(resource);
  const applications = around.index.ofType(APPLICATION).filter((application) => {
    const other = around.placeOf(application).account;
    return !account.known || !other.known || account.value === other.value;
  });
  const [application] = applications;
  const spot: Fact<Spot> =
    application === undefined
      ? unknown(
          resource.urn,
          "location",
          "is that of the project's App Engine application, which is not in this design",
        )
      : chainFact(text(application, "locationId"), (name): Fact<Spot> => {
          if (name === undefined) return unknown(application.urn, "locationId", "is not set");
          return known(spotOf(Object.hasOwn(OLD_NAMES, name) ? (OLD_NAMES[name] ?? name) : name));
        });
  return placeAt(resource, spot, around);
}

/** As many as are set by hand; a flexible version keeps 2 of its own accord, a standard one none (the provider's pages). */
function minimumOf(resource: Resource): Fact<number> {
  return chainFact(number(resource, "manualScaling.instances"), (manual): Fact<number> => {
    if (manual !== undefined) return known(manual);
    if (resource.type === FLEXIBLE) return withDefault(number(resource, "automaticScaling.minTotalInstances"), 2);
    return withDefault(number(resource, "automaticScaling.standardSchedulerSettings.minInstances"), 0);
  });
}

function maximumOf(resource: Resource): Fact<number | undefined> {
  return chainFact(number(resource, "manualScaling.instances"), (manual): Fact<number | undefined> => {
    if (manual !== undefined) return known(manual);
    const isBasic = mapFact(property(resource, "basicScaling"), (basic) => basic !== undefined);
    if (resource.type === FLEXIBLE) return withDefault(number(resource, "automaticScaling.maxTotalInstances"), 20);
    return chainFact(isBasic, (basic) =>
      number(resource, basic ? "basicScaling.maxInstances" : "automaticScaling.standardSchedulerSettings.maxInstances"),
    );
  });
}
