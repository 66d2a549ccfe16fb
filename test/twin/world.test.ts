// Proves that a local world outlives its process, keeps stacks apart, holds no secret, survives a kill in the middle of a write, and
// answers the same for the same commands. Does not prove what is put into it; the providers' tests do.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asSecret } from "../../resilience/values";
import { digits, partsOf, timeOf, World, type Thing } from "../../twin/world";

const TYPE = "aws:ec2/vpc:Vpc";
const urn = (stack: string): string => `urn:pulumi:${stack}::exchange::twodoor:index:AwsNetwork$${TYPE}::network::vpc`;
const thing = (id: string, sequence: number, rest: Partial<Thing> = {}): Thing => ({
  urn: urn("dev"),
  type: TYPE,
  id,
  key: id,
  sequence,
  scope: { region: "us-east-2" },
  inputs: { cidrBlock: "10.0.0.0/16" },
  state: { arn: "arn" },
  ...rest,
});

describe("a local world", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "twodoor-world-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });
  const file = (): string => join(directory, "exchange.dev.jsonl");

  it("is there again for the next process, with what was deleted and the count of creations", () => {
    const first = new World(directory).of(urn("dev"));
    first.put(thing("vpc-1", first.next()));
    first.put(thing("vpc-2", first.next()));
    first.remove(TYPE, "vpc-1");
    const second = new World(directory).of(urn("dev"));
    expect(second.all()).toEqual([thing("vpc-2", 2)]);
    expect(second.gone(TYPE)).toEqual([thing("vpc-1", 1)]);
    expect(second.next()).toBe(3);
  });

  it("keeps the stacks of one directory apart", () => {
    const world = new World(directory);
    world.of(urn("dev")).put(thing("vpc-1", 1));
    expect(world.of(urn("prod")).all()).toEqual([]);
    expect(world.of(urn("dev")).find(TYPE, "vpc-1")).toEqual(thing("vpc-1", 1));
    expect(readdirSync(directory)).toEqual(["exchange.dev.jsonl"]);
  });

  it("holds no secret, neither in its file nor in memory", () => {
    const world = new World(directory).of(urn("dev"));
    world.put(
      thing("s", 1, {
        inputs: { nested: [{ value: asSecret("plain-text") }] },
        state: { value: asSecret("plain-text") },
      }),
    );
    expect(world.all()[0]?.inputs).toEqual({ nested: [{ value: "[secret]" }] });
    expect(readFileSync(file(), "utf8")).not.toContain("plain-text");
  });

  it("loses the change that a kill cut off, and that one alone", () => {
    new World(directory).of(urn("dev")).put(thing("vpc-1", 1));
    appendFileSync(file(), '{"put":{"urn":"urn:pul');
    expect(new World(directory).of(urn("dev")).all()).toEqual([thing("vpc-1", 1)]);
  });

  it("says which line is none of its own", () => {
    appendFileSync(file(), "no line of ours\n");
    expect(() => new World(directory).of(urn("dev"))).toThrow(
      `${file()}, line 1, cannot be read as a local world; delete the file to start from nothing`,
    );
  });

  it("grows by its things, not by the number of their changes", () => {
    const world = new World(directory).of(urn("dev"));
    for (let index = 0; index < 50; index += 1) world.put(thing("vpc-1", 1, { state: { index } }));
    expect(new World(directory).of(urn("dev")).all()).toEqual([thing("vpc-1", 1, { state: { index: 49 } })]);
    expect(readFileSync(file(), "utf8").trim().split("\n")).toHaveLength(1);
  });
});

describe("what the twin invents", () => {
  it("is the same for the same resource, and no clock is read", () => {
    expect(timeOf(61)).toBe("2026-01-01T00:01:01Z");
    expect([digits(12, "a"), digits(12, "a")]).toEqual([digits(12, "a"), digits(12, "a")]);
    expect(digits(12, "a")).toMatch(/^[1-9]\d{11}$/);
  });

  it("reads a URN with a colon in the resource's name", () => {
    expect(partsOf(urn("dev"))).toEqual({ stack: "dev", project: "exchange", type: TYPE, name: "network::vpc" });
  });
});
