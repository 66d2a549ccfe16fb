import type { Json } from "../../../resilience/values";
import { text } from "../../values";
import { digest, digits } from "../../world";
import type { AutoName, Made, ResourceModel } from "../model";

/** Compute Engine's API, as self links begin. */
export const COMPUTE = "https://www.googleapis.com/compute/v1/";

/**
 * An automatic name. The bridge lowers it for Network, Subnetwork, Router, RouterNat and the global balancer types alone:
 * https://github.com/pulumi/pulumi-gcp, provider/resources.go.
 */
export function named(maximum = 63, property = "name", lowerCase = false): { autoName: AutoName } {
  return { autoName: { property, maximum, lowerCase } };
}

/** The project's number, which the twin invents from its id. */
export function projectNumber(project: string | undefined): string {
  return digits(12, "project number", project ?? "");
}

/** `projects/PROJECT/global/KIND/NAME`, or the regional form. */
export function path(
  { scope, inputs, name }: Pick<Made, "scope" | "inputs" | "name">,
  kind: string,
  where: "global" | "regions" | "locations",
  property = "name",
): string {
  const place = where === "global" ? "global" : `${where}/${scope.region ?? ""}`;
  return `projects/${scope.project ?? ""}/${place}/${kind}/${text(inputs, property) ?? name}`;
}

/** A type of Compute Engine: id is its path, self link the path behind the API's address. */
export function computeType(kind: string, where: "global" | "regions", rest: ResourceModel = {}): ResourceModel {
  return {
    ...named(),
    ...rest,
    id: (made) => path(made, kind, where),
    computed: {
      selfLink: ({ id }) => COMPUTE + id,
      ...rest.computed,
    },
  };
}

/** A value of a computed property that is 19 digits long, as Compute Engine's numeric ids are. */
export function numericId({ digits: number }: Made): Json {
  return number(19, "numeric id");
}

/** A fingerprint: base64 of eight bytes. */
export function fingerprint({ hex }: Made): Json {
  return Buffer.from(hex(16, "fingerprint"), "hex").toString("base64");
}

/** An etag as Google's IAM gives it. */
export function etag(made: Made): Json {
  return `BwY${digest(8, made.urn, made.sequence, "etag")}=`;
}

/** A membership: everything in it replaces, its id lists what it binds. */
export function membership(of: string, where: (made: Omit<Made, "id">) => string): ResourceModel {
  return {
    replaceOn: ["*"],
    id: (made) =>
      [where(made), text(made.inputs, "role") ?? "", text(made.inputs, "member") ?? ""].join("/").replace(/^\//, of),
    computed: { etag },
  };
}
