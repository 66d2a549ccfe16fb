import { chainFact, known, mapFact, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Compute, Kind, Part, Surroundings } from "../../model";
import { boolean, number, object, text } from "../../reader";
import { usesOf, type Handed, type Mention } from "./dependencies";
import { ownEntry } from "./own-entry";
import { pointed, uncertainty } from "./pointers";
import { APP_RUNNER, APP_RUNNER_SCALING } from "./types";

/** Services of App Runner: what answers, and the way in to it (`URN#entry`). */
export const appRunnerKinds: readonly Kind[] = [{ types: [APP_RUNNER], parts: partsOf }];

function partsOf(resource: Resource, around: Surroundings): Part[] {
  const place = around.placeOf(resource);
  const uses = usesOf(handedTo(resource), place.region, around);
  const scaling = scalingOf(resource, around.index);
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: uses.needs,
    unit: "instance",
    minimum: scaling("minSize", MINIMUM_DEFAULT),
    maximum: scaling("maxSize", MAXIMUM_DEFAULT),
    dependencies: uses.dependencies,
    rollout: { minimumHealthyPercent: known(100), stopsByItself: known(true) },
    texts: uses.texts,
  };
  const isPublic = withDefault(
    boolean(resource, "networkConfiguration.ingressConfiguration.isPubliclyAccessible"),
    true,
  );
  const checks = [
    {
      urn: resource.urn,
      property: "healthCheckConfiguration.path",
      path: chainFact(withDefault(text(resource, "healthCheckConfiguration.protocol"), "TCP"), (protocol) =>
        protocol === "HTTP" ? withDefault(text(resource, "healthCheckConfiguration.path"), "/") : known(undefined),
      ),
      matcher: known(undefined),
    },
  ];
  return [compute, ownEntry(resource, place, "the service", isPublic, checks)];
}

/** docs.aws.amazon.com/apprunner/latest/api/API_AutoScalingConfiguration.html, for a service that names no configuration. */
const MINIMUM_DEFAULT = 1;
const MAXIMUM_DEFAULT = 25;

function scalingOf(
  service: Resource,
  index: GraphIndex,
): (size: "minSize" | "maxSize", otherwise: number) => Fact<number> {
  const path = "autoScalingConfigurationArn";
  const found = pointed(index, service, path, [APP_RUNNER_SCALING]);
  const [configuration] = found.resources;
  return (size, otherwise) =>
    configuration === undefined
      ? (uncertainty(service, path, found) ?? known(otherwise))
      : withDefault(number(configuration, size), otherwise);
}

const IMAGE = "sourceConfiguration.imageRepository";
const CONFIGURATION = `${IMAGE}.imageConfiguration`;

function handedTo(service: Resource): Handed[] {
  const image = text(service, `${IMAGE}.imageIdentifier`);
  const hasImage = !image.known || image.value !== undefined;
  const secrets = mentions(service, `${CONFIGURATION}.runtimeEnvironmentSecrets`);
  const texts = mentions(service, `${CONFIGURATION}.runtimeEnvironmentVariables`);
  return [
    {
      resource: service,
      path: "sourceConfiguration",
      images: hasImage ? [{ property: `${IMAGE}.imageIdentifier`, text: withDefault(image, "") }] : [],
      secrets: secrets.known ? secrets.value : [],
      texts: texts.known ? texts.value : [],
      missing: !secrets.known ? secrets : texts.known ? undefined : texts,
      runsImage: false,
    },
  ];
}

function mentions(service: Resource, map: string): Fact<Mention[]> {
  return mapFact(object(service, map), (all) =>
    Object.keys(all).map((name) => ({
      property: `${map}[${name}]`,
      text: withDefault(text(service, `${map}.${name}`), ""),
    })),
  );
}
