// Proves what every local provider does whatever its cloud: what a preview knows, that ids outlive updates, that a refresh finds what is
// there and nothing else, faults, dead clouds, and types that no table knows. Does not prove the tables.
import { describe, expect, it } from "vitest";
import { HalfMade, type LocalProvider, type Session } from "../../../twin/providers/local-provider";
import { asSecret, unknownValue, type JsonObject } from "../../../resilience/values";
import { asText, Bench } from "./planted";

const urnOf = (type: string): string => `urn:pulumi:test::planted::${type}::thing`;
const VPC = "aws:ec2/vpc:Vpc";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const RUN = "gcp:cloudrunv2/service:Service";

class Driver {
  readonly bench = new Bench();
  readonly type: string;
  readonly provider: LocalProvider;
  readonly session: Session;

  constructor(type: string) {
    this.type = type;
    const { provider, session } = this.bench.of(type);
    this.provider = provider;
    this.session = session;
  }

  create(inputs: JsonObject): Promise<{ id: string; state: JsonObject }> {
    return this.provider.create(this.session, urnOf(this.type), inputs);
  }

  update(id: string, news: JsonObject, olds: JsonObject, oldInputs: JsonObject): JsonObject {
    return this.provider.update(this.session, urnOf(this.type), id, news, olds, oldInputs);
  }

  read(id: string, state: JsonObject, inputs: JsonObject): { state: JsonObject; inputs: JsonObject } | undefined {
    return this.provider.read(this.session, urnOf(this.type), id, state, inputs);
  }
}

describe("a preview", () => {
  it("knows inputs, region and tags, and nothing that the cloud works out", () => {
    const { provider, session } = new Driver(VPC);
    const state = provider.previewCreate(session, urnOf(VPC), {
      cidrBlock: "10.0.0.0/16",
      tags: { a: "1" },
      __defaults: [],
    });
    const unknown = [
      "arn",
      "defaultNetworkAclId",
      "defaultRouteTableId",
      "defaultSecurityGroupId",
      "dhcpOptionsId",
      "mainRouteTableId",
      "ownerId",
    ];
    expect(state).toEqual({
      cidrBlock: "10.0.0.0/16",
      tags: { a: "1" },
      tagsAll: { a: "1" },
      region: "us-east-2",
      ...Object.fromEntries(unknown.map((name) => [name, unknownValue])),
    });
  });

  it("of an update keeps what an update does not change", async () => {
    const driver = new Driver(RUN);
    const inputs = { location: "us-central1", name: "api", template: {} };
    const { state } = await driver.create(inputs);
    const expected = driver.provider.previewUpdate(
      driver.session,
      urnOf(RUN),
      { ...inputs, template: { timeout: "1s" } },
      state,
    );
    expect([expected["uid"], expected["uri"], expected["latestReadyRevision"], expected["template"]]).toEqual([
      state["uid"],
      state["uri"],
      unknownValue,
      { timeout: "1s" },
    ]);
  });
});

describe("an update", () => {
  it("keeps the id and makes a new revision", async () => {
    const driver = new Driver(RUN);
    const inputs = { location: "us-central1", name: "api", template: {} };
    const { id, state } = await driver.create(inputs);
    const changed = driver.update(id, { ...inputs, template: { timeout: "1s" } }, state, inputs);
    expect([state["generation"], changed["generation"]]).toEqual(["1", "2"]);
    expect(asText(changed["latestReadyRevision"])).toMatch(
      /^projects\/exchange-dev\/locations\/us-central1\/services\/api\/revisions\/api-00002-[0-9a-f]{3}$/,
    );
    expect(driver.read(id, changed, inputs)?.state).toEqual(changed);
  });
});

describe("a refresh", () => {
  it("gives back what the state has, secrets as the engine keeps them", async () => {
    const driver = new Driver("aws:secretsmanager/secretVersion:SecretVersion");
    const inputs = { secretId: "arn:aws:secretsmanager:us-east-2:1:secret:a", secretString: asSecret("hidden") };
    const { id, state } = await driver.create(inputs);
    expect(driver.read(id, state, inputs)).toEqual({ state, inputs });
  });

  it("finds nothing where nothing is, and deleting that is no error", () => {
    const driver = new Driver(VPC);
    expect(driver.read("vpc-1", {}, {})).toBeUndefined();
    expect(() => {
      driver.provider.delete(driver.session, urnOf(VPC), "vpc-1", {});
    }).not.toThrow();
  });

  it("tells two revisions of a task definition apart, which share an id while one replaces the other", async () => {
    const driver = new Driver(TASK);
    const [first, second] = [
      await driver.create({ family: "exchange", cpu: "1" }),
      await driver.create({ family: "exchange", cpu: "2" }),
    ];
    expect([first.id, second.id]).toEqual(["exchange", "exchange"]);
    expect([first.state["arn"], second.state["arn"]]).toEqual([
      "arn:aws:ecs:us-east-2:123456789012:task-definition/exchange:1",
      "arn:aws:ecs:us-east-2:123456789012:task-definition/exchange:2",
    ]);
    driver.provider.delete(driver.session, urnOf(TASK), first.id, { family: "exchange", cpu: "1" }, first.state);
    expect(driver.read(first.id, first.state, {})).toBeUndefined();
    expect(driver.read(second.id, second.state, {})?.state).toEqual(second.state);
  });

  it("never gives a secret's version number twice", async () => {
    const driver = new Driver("gcp:secretmanager/secretVersion:SecretVersion");
    await driver.bench.create({
      name: "secret",
      type: "gcp:secretmanager/secret:Secret",
      inputs: () => ({ secretId: "token", replication: {} }),
    });
    const inputs = { secret: "projects/exchange-dev/secrets/token", secretData: "a" };
    const first = await driver.create(inputs);
    driver.provider.delete(driver.session, urnOf(driver.type), first.id, inputs, first.state);
    expect([first.state["version"], (await driver.create(inputs)).state["version"]]).toEqual(["1", "2"]);
  });
});

describe("a fault", () => {
  it("fails the next creation of its type once, and leaves nothing", async () => {
    const driver = new Driver(VPC);
    driver.bench.faults.failNextCreate(VPC);
    await expect(driver.create({})).rejects.toThrow(
      "creating aws:ec2/vpc:Vpc (thing): a fault of the twin, asked for by whoever started it",
    );
    expect(driver.provider.diff(urnOf(VPC), {}, {}).changed).toEqual([]);
    expect((await driver.create({})).id).toMatch(/^vpc-[0-9a-f]{17}$/);
  });

  it("fails half-way: the thing is there, and its state comes with the error", async () => {
    const driver = new Driver(VPC);
    driver.bench.faults.failNextCreateHalfway(VPC);
    const error: unknown = await driver.create({ cidrBlock: "10.0.0.0/16" }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HalfMade);
    const { id, state, inputs } = error as HalfMade;
    expect(inputs).toEqual({ cidrBlock: "10.0.0.0/16" });
    expect(driver.read(id, state, inputs)).toEqual({ state, inputs });
  });
});

describe("a dead cloud", () => {
  const AWS_DOWN =
    "exceeded maximum number of attempts, 25, https response error StatusCode: 0, request send failed, dial tcp: lookup";

  it("answers no call, while checks and diffs go on", async () => {
    const driver = new Driver(VPC);
    const { id, state } = await driver.create({ cidrBlock: "10.0.0.0/16" });
    driver.bench.faults.setDead("aws", true);
    const down = (method: string): string =>
      `${method} aws:ec2/vpc:Vpc: operation error ec2: ${AWS_DOWN} ec2.us-east-2.amazonaws.com: i/o timeout`;
    await expect(driver.create({})).rejects.toThrow(down("create"));
    expect(() => driver.update(id, {}, state, {})).toThrow(down("update"));
    expect(() => driver.read(id, state, {})).toThrow(down("read"));
    expect(() => {
      driver.provider.delete(driver.session, urnOf(VPC), id, {});
    }).toThrow(down("delete"));
    expect(() => driver.provider.invoke(driver.session, "aws:index/getRegion:getRegion", {})).toThrow(
      "invoke aws:index/getRegion:getRegion",
    );
    expect(driver.provider.check(driver.session, urnOf(VPC), undefined, { cidrBlock: "10.0.0.0/16" }).failures).toEqual(
      [],
    );
    expect(
      driver.provider.diff(urnOf(VPC), { cidrBlock: "10.0.0.0/16" }, { cidrBlock: "10.0.0.0/16" }).changed,
    ).toEqual([]);
    driver.bench.faults.setDead("aws", false);
    expect(driver.read(id, state, { cidrBlock: "10.0.0.0/16" })?.state).toEqual(state);
  });

  it.each([
    [{ skipCredentialsValidation: true, skipRequestingAccountId: true }, false],
    [{ skipCredentialsValidation: true }, true],
    [{ skipRequestingAccountId: true }, true],
    [{}, true],
  ])("lets AWS be configured with %o only where that calls nothing", (config: JsonObject, refused) => {
    const { bench, provider } = new Driver(VPC);
    bench.faults.setDead("aws", true);
    const configure = (): Session => provider.configure({ region: "us-east-2", ...config });
    if (refused)
      expect(configure).toThrow(
        `validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, ${AWS_DOWN} sts.us-east-2.amazonaws.com: i/o timeout`,
      );
    else expect(configure()).toEqual({ config: { region: "us-east-2", ...config } });
  });

  it.each(["gcp", "cloudflare"])("lets %s be configured, which calls nothing that matters", (cloud) => {
    const bench = new Bench();
    bench.faults.setDead(cloud, true);
    expect(bench.of(`${cloud}:`).provider.configure({})).toEqual({ config: {} });
  });

  it("takes no other cloud with it", async () => {
    const driver = new Driver("gcp:compute/network:Network");
    driver.bench.faults.setDead("aws", true);
    driver.bench.faults.setDead("cloudflare", true);
    expect((await driver.create({ name: "network" })).id).toBe("projects/exchange-dev/global/networks/network");
  });
});

describe("a type that no table knows", () => {
  it("is made as written and reported once", async () => {
    const driver = new Driver("aws:other/thing:Thing");
    const { id, state } = await driver.create({ a: 1 });
    expect([state, driver.read(id, state, { a: 1 })?.state]).toEqual([
      { a: 1, region: "us-east-2", tagsAll: {} },
      state,
    ]);
    expect(driver.bench.reported).toEqual(["aws:other/thing:Thing"]);
  });
});

describe("an address", () => {
  // A digest of one octet gave two regions the same address in about one run of forty, and Google then refused the second rule.
  it.each([
    ["gcp:compute/address:Address", "address", { name: "entry", region: "us-central1" }],
    ["aws:ec2/eip:Eip", "publicIp", { domain: "vpc" }],
  ])("of %s is never given twice, and is said to be exhausted", async (type, property, inputs) => {
    const { provider, session } = new Driver(type);
    const create = (index: number): ReturnType<LocalProvider["create"]> =>
      provider.create(session, `${urnOf(type)}-${String(index)}`, { ...inputs, name: `entry-${String(index)}` });
    const given = new Set<unknown>();
    for (let index = 0; index < 254; index += 1) given.add((await create(index)).state[property]);
    expect(given.size).toBe(254);
    await expect(create(254)).rejects.toThrow(
      /^the twin has no address left in (198\.51\.100|203\.0\.113)\.0\/24 for /,
    );
  });
});

describe("a data source", () => {
  it("is answered where the twin can, and named where it cannot", () => {
    const { provider, session } = new Driver(VPC);
    expect(provider.invoke(session, "aws:index/getAvailabilityZones:getAvailabilityZones", {})["names"]).toEqual([
      "us-east-2a",
      "us-east-2b",
      "us-east-2c",
    ]);
    expect(() => provider.invoke(session, "aws:ec2/getAmi:getAmi", {})).toThrow(
      "the twin has no answer for the data source aws:ec2/getAmi:getAmi",
    );
  });
});
