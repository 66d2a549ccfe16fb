import { known, mapFact, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Dependency } from "../../model";
import { text } from "../../reader";
import type { Handed, Mention } from "./dependencies";
import { INSTANCE, LAUNCH_CONFIGURATION, SPOT_INSTANCE } from "./types";

/** Types whose `userData` is plain text; a launch template's is base64 (`aws.ec2.LaunchTemplate`, `userData`). */
const PLAIN = [INSTANCE, SPOT_INSTANCE, LAUNCH_CONFIGURATION];

/** What an instance is handed when it starts: its user data. */
export function handedByLaunch(launch: Resource): Handed {
  const written = text(launch, "userData");
  const handed: Handed = { resource: launch, path: "userData", images: [], secrets: [], texts: [], runsImage: false };
  if (!written.known) return { ...handed, missing: written };
  const encoded = text(launch, "userDataBase64");
  const plain = PLAIN.includes(launch.type);
  const texts: Mention[] = [
    ...(written.value === undefined
      ? []
      : [{ property: "userData", text: known(plain ? written.value : decoded(written.value)) }]),
    ...(encoded.known && encoded.value !== undefined
      ? [{ property: "userDataBase64", text: known(decoded(encoded.value)) }]
      : []),
  ];
  return { ...handed, texts, missing: encoded.known ? undefined : encoded };
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

/**
 * The machine image that new instances start from. An AMI belongs to one region, and an instance starts from one of its own region only
 * (docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html): wherever its id comes from, that is where it is.
 */
export function machineImageOf(launch: Resource, region: Fact<string>): Dependency {
  return {
    kind: "image",
    urn: launch.urn,
    property: launch.type === INSTANCE || launch.type === SPOT_INSTANCE ? "ami" : "imageId",
    parts: [],
    cloud: known("aws"),
    regions: mapFact(region, (own) => [own]),
  };
}
