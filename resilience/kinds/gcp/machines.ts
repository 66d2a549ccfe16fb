import { known, mapFact, valueOr } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Dependency, Kind, Part, Surroundings } from "../../model";
import { object, text } from "../../reader";
import { keyAt, storesAt, type Wants } from "./dependencies";
import { isAskedFromOutside } from "./firewalls";
import { linked } from "./links";
import { zonalPlace } from "./locations";
import { elements } from "./paths";
import { entriesOf } from "./run";
import { textsOfMap, type Texts } from "./texts";
import { untoldRollout } from "../defaults";

const INSTANCE = "gcp:compute/instance:Instance";
const FROM_TEMPLATE = "gcp:compute/instanceFromTemplate:InstanceFromTemplate";

/** Types of single machines. */
export const MACHINES: readonly string[] = [INSTANCE, FROM_TEMPLATE];

/** Types of templates, which say what the machines of a group are made of. */
export const TEMPLATES: readonly string[] = [
  "gcp:compute/instanceTemplate:InstanceTemplate",
  "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate",
];

/** Machines that are made one by one. */
export const machineKinds: readonly Kind[] = [{ types: MACHINES, parts: machineOf }];

function machineOf(resource: Resource, around: Surroundings): Part[] {
  const place = zonalPlace(resource, around);
  const template = valueOr(linked(resource, "sourceInstanceTemplate", TEMPLATES, around), []);
  const sources = [resource, ...template];
  const wants = sources.map((source) => machineWants(source, around));
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: wants.flatMap(({ needs }) => needs),
    unit: "machine",
    minimum: known(1),
    maximum: known(undefined),
    dependencies: wants.flatMap(({ dependencies }) => dependencies),
    rollout: untoldRollout,
    texts: machineTexts(resource),
  };
  return [compute, ...entriesOf(resource, place, [compute], isAskedFromOutside(resource, around))];
}

/** What a machine, or a template of one, reads before it can answer. */
export function machineWants(source: Resource, around: Surroundings): Wants {
  const stores = storesAt(source, ["metadata", "metadataStartupScript"], around);
  const disks = elements(source, "disks");
  const images = [
    ...diskImage(source, "bootDisk.initializeParams.image"),
    ...disks.flatMap((disk) => diskImage(source, `${disk}.sourceImage`)),
  ];
  const keys = [
    ...keyAt(source, "bootDisk.kmsKeySelfLink", around),
    ...disks.flatMap((disk) => keyAt(source, `${disk}.diskEncryptionKey.kmsKeySelfLink`, around)),
  ];
  return { dependencies: [...images, ...keys, ...stores.dependencies], needs: stores.needs };
}

/** Images of disks are kept for the whole cloud: `projects/debian-cloud/global/images/…` (docs.cloud.google.com/compute/docs/images). */
function diskImage(source: Resource, path: string): Dependency[] {
  const written = text(source, path);
  if (written.known && written.value === undefined) return [];
  return [
    { kind: "image", urn: source.urn, property: path, parts: [], cloud: known("gcp"), regions: known(["global"]) },
  ];
}

/** Metadata and start-up script of a machine or a template. */
export function machineTexts(source: Resource): Texts {
  const metadata = object(source, "metadata");
  const script = text(source, "metadataStartupScript");
  if (!metadata.known) return metadata;
  const own =
    script.known && script.value === undefined
      ? []
      : [{ property: "metadataStartupScript", text: mapFact(script, (value) => value ?? "") }];
  return mapFact(textsOfMap(source, "metadata"), (all) => [...all, ...own]);
}
