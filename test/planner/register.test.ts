/**
 * Proves what a registration is recorded as where no program of the installed SDK shows it: the requests of older SDKs and of other clients,
 * what only the engine passes on from a parent, and what it refuses. The requests are made by hand; `test/engine/equality-programs.test.ts` compares
 * those of programs with the real engine.
 */
import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import {
  Parameterization,
  ReadResourceRequest,
  RegisterPackageRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { beforeEach, describe, expect, it } from "vitest";
import { newDeployment, type Deployment, type RecordedResource } from "../../planner/deployment";
import { registerPackage } from "../../planner/engine/package-request";
import { readResource, registerResource } from "../../planner/engine/register";
import { asSecret, unknownValue } from "../../resilience/values";

const base = "urn:pulumi:dev::shop::";
const parent = `${base}demo:index:Part::part`;

const configuration = { values: {}, secretKeys: [], placeholders: [], madeUp: [], environments: [] };

let deployment: Deployment;
beforeEach(async () => {
  deployment = newDeployment({ project: "shop", stack: "dev" }, configuration, {}, __dirname);
  await registered("demo:index:Part", "part", (request) => {
    request.setCustom(false).setProtect(true).setRetainondelete(true).setDeletedwith("urn:with");
    request.getProvidersMap().set("aws", "part-aws::1").set("gcp", "part-gcp::1");
  });
});

async function registered(
  type: string,
  name: string,
  change: (request: RegisterResourceRequest) => void = () => undefined,
): Promise<RecordedResource> {
  const request = new RegisterResourceRequest().setType(type).setName(name).setCustom(true).setAliasspecs(true);
  change(request);
  const urn = (await registerResource(deployment, request)).getUrn();
  const resource = deployment.resources.get(urn);
  if (resource === undefined) throw new Error(`${urn} was not recorded`);
  return resource;
}

const spec = (change: (spec: Alias.Spec) => void): Alias => {
  const content = new Alias.Spec();
  change(content);
  return new Alias().setSpec(content);
};

describe("what a parent passes on", () => {
  it("is taken where the resource says nothing", async () => {
    const child = await registered("aws:sqs/queue:Queue", "q", (request) => request.setParent(parent));
    expect(child.options).toEqual({ deletedWith: "urn:with", protect: true, retainOnDelete: true });
    expect(child.provider).toBe("part-aws::1");
  });

  it("gives way to what the resource says", async () => {
    const child = await registered("aws:sqs/queue:Queue", "q", (request) =>
      request
        .setParent(parent)
        .setProtect(false)
        .setRetainondelete(false)
        .setDeletedwith("urn:own")
        .setProvider("own::1"),
    );
    expect(child.options).toEqual({ deletedWith: "urn:own", protect: false, retainOnDelete: false });
    expect(child.provider).toBe("own::1");
  });

  it("reaches through components, each with its own providers first, and not through a resource of another package", async () => {
    const inner = await registered("demo:index:Part", "inner", (request) => {
      request.setCustom(false).setParent(parent).getProvidersMap().set("aws", "inner-aws::1");
    });
    const below = async (type: string, above: string): Promise<string> =>
      (await registered(type, "below", (request) => request.setParent(above))).provider;
    expect(await below("aws:sqs/queue:Queue", inner.urn)).toBe("inner-aws::1");
    expect(await below("gcp:pubsub/topic:Topic", inner.urn)).toBe("part-gcp::1");
    expect(inner.options.providers).toEqual({ aws: "inner-aws::1" });
    const queue = `${base}demo:index:Part$demo:index:Part$aws:sqs/queue:Queue::below`;
    const own = `${base}pulumi:providers:aws::own::${unknownValue}`;
    const other = await registered("aws:s3/bucket:Bucket", "other", (request) => request.setProvider(own));
    expect(await below("aws:s3/bucketObject:BucketObject", other.urn)).toBe(own);
    expect(await below("gcp:storage/bucket:Bucket", queue)).toBe(
      `${base}pulumi:providers:gcp::default::${unknownValue}`,
    );
  });
});

describe("aliases", () => {
  it("of SDKs that say `no parent` the wrong way round are put right", async () => {
    const aliases = [
      spec((said) => said.setName("top").setParenturn("")),
      spec((said) => said.setName("here").setNoparent(true)),
      spec((said) => said.setName("there").setParenturn(`${base}demo:index:Part::other`)),
    ];
    const former = async (name: string, isRight: boolean): Promise<string[] | undefined> => {
      const copies = aliases.map((alias) => alias.clone());
      const change = (request: RegisterResourceRequest): void => {
        request
          .setParent(parent)
          .setAliasspecs(isRight)
          .setAliasesList(copies)
          .setAliasurnsList([`${base}a:b:C::by-urn`]);
      };
      return (await registered("demo:a:B", name, change)).options.aliases;
    };
    const inPart = `${base}demo:index:Part$demo:a:B::`;
    expect(await former("old", false)).toEqual([
      `${base}a:b:C::by-urn`,
      `${base}demo:a:B::top`,
      `${inPart}here`,
      `${inPart}there`,
    ]);
    expect(await former("new", true)).toEqual([
      `${base}a:b:C::by-urn`,
      `${inPart}top`,
      `${base}demo:a:B::here`,
      `${inPart}there`,
    ]);
  });
});

describe("dependencies", () => {
  it("are those of every input where a client tells none by input, but for a packaged component", async () => {
    const change = (request: RegisterResourceRequest): void => {
      request.setObject(Struct.fromJavaScript({ a: 1, b: 2 })).setDependenciesList([parent]);
    };
    const plain = await registered("demo:a:B", "plain", change);
    expect(plain.propertyDependencies).toEqual({ a: [parent], b: [parent] });
    const packaged = await registered("demo:a:C", "packaged", (request) => {
      change(request);
      request.setCustom(false).setRemote(true);
    });
    expect(packaged.propertyDependencies).toEqual({});
    expect([packaged.provider, packaged.options.remote]).toEqual(["", true]);
    expect(deployment.resources.has(`${base}pulumi:providers:demo::default`)).toBe(true);
  });
});

describe("deleteBeforeReplace", () => {
  it.each([
    [false, false, undefined],
    [true, false, true],
    [false, true, false],
  ])("%s, said to be said %s, is %s", async (value, isDefined, recorded) => {
    const { options } = await registered("demo:a:B", "b", (request) =>
      request.setDeletebeforereplace(value).setDeletebeforereplacedefined(isDefined),
    );
    expect(options.deleteBeforeReplace).toBe(recorded);
  });
});

describe("packages", () => {
  it("are the same by content, and name the provider by the package, not by its plugin", async () => {
    const reference = (value: string): string => {
      const parameters = new Parameterization().setName("random").setVersion("3.6.0").setValue(Buffer.from(value));
      const request = new RegisterPackageRequest().setName("any").setVersion("1.0.0").setParameterization(parameters);
      return registerPackage(deployment, request).getRef();
    };
    expect(reference("one")).toBe(reference("one"));
    expect(reference("one")).not.toBe(reference("two"));
    const pet = await registered("random:index/pet:Pet", "rex", (request) => request.setPackageref(reference("one")));
    expect(pet.provider).toBe(`${base}pulumi:providers:random::default_3_6_0::${unknownValue}`);
    const read = new ReadResourceRequest()
      .setType("random:index/pet:Pet")
      .setName("read")
      .setPackageref(reference("one"));
    expect(deployment.resources.get(readResource(deployment, read).getUrn())?.provider).toBe(pet.provider);
  });
});

describe("a read", () => {
  const answer = (id: string): unknown => {
    const properties = Struct.fromJavaScript({ displayName: "as given" });
    const read = new ReadResourceRequest()
      .setType("aws:sns/topic:Topic")
      .setName("t")
      .setId(id)
      .setProperties(properties);
    return readResource(deployment, read).getProperties()?.toJavaScript();
  };

  it("answers what the program gave where the id is known", () => {
    expect(answer("arn:known")).toEqual({ displayName: "as given" });
  });

  it("answers nothing at all where the id is not", () => {
    expect(answer(unknownValue)).toEqual({});
  });

  it("is recorded with what the file of answers says of it, so that a check knows it too; secrets stay secret", () => {
    const given = {
      "aws:ec2/subnet:Subnet": [{ args: { id: "subnet-1" }, result: { availabilityZone: "us-east-2a", key: "hush" } }],
    };
    deployment = newDeployment({ project: "shop", stack: "dev" }, configuration, given, __dirname);
    const read = (id: string): RecordedResource | undefined => {
      const request = new ReadResourceRequest().setType("aws:ec2/subnet:Subnet").setName(id).setId(id);
      request.setProperties(Struct.fromJavaScript({ vpcId: "vpc-1" })).setAdditionalsecretoutputsList(["key"]);
      return deployment.resources.get(readResource(deployment, request).getUrn());
    };
    const { inputs, outputs } = read("subnet-1") ?? {};
    expect(inputs).toEqual({ vpcId: "vpc-1" });
    expect(outputs).toEqual({ vpcId: "vpc-1", availabilityZone: "us-east-2a", key: asSecret("hush") });
    expect(read("subnet-2")).not.toHaveProperty("outputs");
  });
});

describe("the engine's refusals", () => {
  it.each([
    ["unknown parent 'urn:nobody'", (request: RegisterResourceRequest) => request.setParent("urn:nobody")],
    ["unknown provider package 'none'", (request: RegisterResourceRequest) => request.setPackageref("none")],
    [
      "envVarMappings can only be used with provider resources",
      (request: RegisterResourceRequest) => {
        request.getEnvvarmappingsMap().set("A", "B");
      },
    ],
  ])("%s", async (message, change) => {
    await expect(registered("demo:a:B", "b", change)).rejects.toThrow(message);
  });

  it("of the same name twice", async () => {
    await registered("demo:a:B", "b");
    await expect(registered("demo:a:B", "b")).rejects.toThrow(
      `Duplicate resource URN '${base}demo:a:B::b'; try giving it a unique name`,
    );
  });
});
