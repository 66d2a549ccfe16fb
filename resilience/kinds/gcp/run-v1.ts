import { allFacts, chainFact, known, mapFact, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Kind, Part, Surroundings } from "../../model";
import { text } from "../../reader";
import { annotation, countedAnnotation, ON_REVISION, ON_SERVICE } from "./annotations";
import { imageAt, secretAt, storesAt, type Wants } from "./dependencies";
import { isCallableByAll, type Grant } from "./invokers";
import { placeBy } from "./locations";
import { elements } from "./paths";
import { entriesOf, serverlessRollout } from "./run";
import { textsAt, type Texts } from "./texts";

/** Type token of a service of Cloud Run, first API. */
export const RUN_V1_SERVICE = "gcp:cloudrun/service:Service";

/** Services of Cloud Run by its first API, which says by annotations what the second says by properties. */
export const runV1Kinds: readonly Kind[] = [{ types: [RUN_V1_SERVICE], parts: serviceOf }];

const GRANTS: readonly Grant[] = [
  ["gcp:cloudrun/iamMember:IamMember", "service"],
  ["gcp:cloudrun/iamBinding:IamBinding", "service"],
  ["gcp:cloudrun/iamPolicy:IamPolicy", "service"],
];

const SPEC = "template.spec";

function serviceOf(resource: Resource, around: Surroundings): Part[] {
  const place = placeBy(resource, "location", around);
  const wants = wantsOf(resource, around);
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: wants.needs,
    unit: "instance",
    ...scalingOf(resource),
    dependencies: wants.dependencies,
    rollout: serverlessRollout,
    texts: textsOf(resource),
  };
  const isCallable = chainFact(
    annotation(resource, ON_SERVICE, "run.googleapis.com/invoker-iam-disabled"),
    (isFree): Fact<boolean> => (isFree === "true" ? known(true) : isCallableByAll(resource, GRANTS, around)),
  );
  return [compute, ...entriesOf(resource, place, [compute], isCallable)];
}

/** Annotations as gcloud writes them (docs.cloud.google.com/run/docs/reference/yaml/v1). The defaults are those of the second API. */
function scalingOf(resource: Resource): Pick<Compute, "minimum" | "maximum"> {
  const isManual = mapFact(
    annotation(resource, ON_SERVICE, "run.googleapis.com/scalingMode"),
    (mode) => mode?.toLowerCase() === "manual",
  );
  const manual = countedAnnotation(resource, ON_SERVICE, "run.googleapis.com/manualInstanceCount");
  const least = [
    countedAnnotation(resource, ON_SERVICE, "run.googleapis.com/minScale"),
    countedAnnotation(resource, ON_REVISION, "autoscaling.knative.dev/minScale"),
  ];
  const most = [
    countedAnnotation(resource, ON_SERVICE, "run.googleapis.com/maxScale"),
    countedAnnotation(resource, ON_REVISION, "autoscaling.knative.dev/maxScale"),
  ];
  return {
    minimum: chainFact(isManual, (fixed) =>
      fixed
        ? withDefault(manual, 0)
        : mapFact(allFacts(least), (all) => Math.max(0, ...all.map((value) => value ?? 0))),
    ),
    maximum: chainFact(isManual, (fixed): Fact<number | undefined> => {
      if (fixed) return withDefault(manual, 0);
      return mapFact(allFacts(most), (all) => {
        const set = all.flatMap((value) => (value === undefined || value === 0 ? [] : [value]));
        return set.length === 0 ? 100 : Math.min(...set);
      });
    }),
  };
}

function wantsOf(resource: Resource, around: Surroundings): Wants {
  const containers = elements(resource, `${SPEC}.containers`);
  const volumes = elements(resource, `${SPEC}.volumes`);
  const stores = storesAt(resource, ["template"], around);
  const dependencies = [
    ...(containers.length === 0 ? imageAt(resource, `${SPEC}.containers`, around) : []),
    ...containers.flatMap((container) => imageAt(resource, `${container}.image`, around)),
    ...containers
      .flatMap((container) => elements(resource, `${container}.envs`))
      .flatMap((variable) => secretAt(resource, `${variable}.valueFrom.secretKeyRef.name`, around)),
    ...volumes.flatMap((volume) => secretAt(resource, `${volume}.secret.secretName`, around)),
    ...stores.dependencies,
  ];
  return { dependencies, needs: stores.needs };
}

function textsOf(resource: Resource): Texts {
  return textsAt(resource, `${SPEC}.containers`, (container) => [
    ...elements(resource, `${container}.envs`).map((variable, place) => ({
      path: `${variable}.value`,
      shown: `${container}.envs[${valueOr(text(resource, `${variable}.name`), undefined) ?? String(place)}].value`,
    })),
    ...["args", "commands"].flatMap((part) =>
      elements(resource, `${container}.${part}`).map((path) => ({ path, shown: path })),
    ),
  ]);
}
