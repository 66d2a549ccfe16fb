import type { JsonObject } from "../../../resilience/values";
import type { Asked, BuiltIn } from "./asked";
import { filtersOf } from "./aws-zones";

/** Machine images, by filter and by the public parameters that name the newest ones. */
export const awsImages: Record<string, BuiltIn> = {
  "aws:ec2/getAmi:getAmi": image,
  "aws:ec2/getAmiIds:getAmiIds": (asked) => ({
    id: asked.hex(10),
    ids: [1, 2].map((at) => asked.id("ami", String(at))),
  }),
  "aws:ssm/getParameter:getParameter": publicParameter,
};

/** An image as the filters want it. Which one it is changes with every release, so its id, name and date are made up. */
function image(asked: Asked): JsonObject {
  const filters = new Map(filtersOf(asked.args["filters"]));
  const wanted = (key: string): string | undefined => filters.get(key)?.[0];
  const pattern = wanted("name") ?? asked.text("nameRegex") ?? "image";
  const id = asked.id("ami");
  const owner = asked.texts("owners").find((one) => /^\d{12}$/.test(one));
  return {
    id,
    imageId: id,
    arn: `arn:${asked.partition}:ec2:${asked.region ?? ""}::image/${id}`,
    architecture: wanted("architecture") ?? (/arm64|aarch64/.test(pattern) ? "arm64" : "x86_64"),
    name: asked.invent(pattern.replace(/[^A-Za-z0-9/._-]+/g, `twodoor-${asked.hex(8)}`)),
    ...(owner === undefined ? {} : { ownerId: owner }),
    creationDate: asked.invent("2000-01-01T00:00:00.000Z"),
    enaSupport: true,
    hypervisor: "xen",
    imageType: "machine",
    rootDeviceName: asked.invent("/dev/twodoor-root"),
    rootDeviceType: wanted("root-device-type") ?? "ebs",
    state: "available",
    virtualizationType: wanted("virtualization-type") ?? "hvm",
    blockDeviceMappings: [],
    productCodes: [],
    tags: {},
  };
}

/**
 * The parameters that AWS itself publishes for images
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html). An account's own are not known.
 */
function publicParameter(asked: Asked): JsonObject | undefined {
  const name = asked.text("name");
  if (name?.startsWith("/aws/service/") !== true || !/ami|image_id/.test(name)) return undefined;
  const id = asked.id("ami");
  // ECS publishes a JSON text beside the id alone.
  const value = /^\/aws\/service\/ecs\/.*\/recommended$/.test(name)
    ? JSON.stringify({
        schema_version: 1,
        image_name: id,
        image_id: id,
        os: "Linux",
        ecs_runtime_version: "",
        ecs_agent_version: "",
      })
    : id;
  return {
    id: name,
    name,
    arn: `arn:${asked.partition}:ssm:${asked.region ?? ""}::parameter${name}`,
    type: "String",
    insecureValue: value,
    value,
  };
}
