/**
 * Proves that what a program of another language gives as an output where only a plain value works is refused by path, before a component
 * sees it, and that everything else is let through. Does not prove that Pulumi's own host hands outputs over as it does here.
 */
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { textOf } from "../support/sources";

interface Issue {
  path: string;
  expected: string;
  got: string;
  fix: string;
}

const { outputIssues, withKnown } = createRequire(__filename)("../../components/plugin/plain.cjs") as {
  outputIssues: (schema: unknown, type: string, inputs: Record<string, unknown>) => Issue[];
  withKnown: (
    schema: unknown,
    type: string,
    inputs: Record<string, unknown>,
  ) => Promise<{ inputs: Record<string, unknown>; dependsOn: pulumi.Resource[] }>;
};

/** The host makes outputs of parts; the SDK's types keep its constructor back. */
const { Output: MadeOutput } = createRequire(__filename)("@pulumi/pulumi") as {
  Output: new (
    resources: Set<pulumi.Resource>,
    value: Promise<unknown>,
    isKnown: Promise<boolean>,
    isSecret: Promise<boolean>,
    allResources: Promise<pulumi.Resource[]>,
  ) => pulumi.Output<unknown>;
};

const schema: unknown = JSON.parse(textOf("components/plugin/schema.json"));
const refused = (inputs: Record<string, unknown>): string[] =>
  outputIssues(schema, "twodoor:index:ExchangeApi", inputs).map(({ path }) => path);
const output = pulumi.output("x");

it.each([
  { place: "an argument", inputs: { hostname: output }, paths: ["hostname"] },
  { place: "a whole list", inputs: { regions: pulumi.output([]) }, paths: ["regions"] },
  { place: "a member of a list", inputs: { alarmEmails: ["a@example.com", output] }, paths: ["alarmEmails[1]"] },
  { place: "a member of a map", inputs: { tags: { a: "b", "c.d": output } }, paths: ['tags["c.d"]'] },
  { place: "an enum", inputs: { edge: { plan: output } }, paths: ["edge.plan"] },
  {
    place: "deep in a list of objects, twice",
    inputs: { regions: [{ cidrBlock: output, aws: { availabilityZones: ["a", output] } }] },
    paths: ["regions[0].cidrBlock", "regions[0].aws.availabilityZones[1]"],
  },
])("refuses an output as $place", ({ inputs, paths }) => {
  expect(refused(inputs)).toEqual(paths);
});

it("lets outputs through where the schema takes them, and plain values everywhere", () => {
  const inputs = {
    hostname: "api.example.com",
    edge: { zoneId: output, zoneName: "example.com" },
    regions: [{ region: "us-east-2", image: output }],
    journal: { credentials: pulumi.secret("x") },
    container: { secrets: { KEY: output } },
    tags: undefined,
    unheardOf: output,
  };
  expect(refused(inputs)).toEqual([]);
});

it("says what to give instead", () => {
  expect(outputIssues(schema, "twodoor:index:AwsRegistry", { region: output })).toEqual([
    {
      path: "region",
      expected: "a plain value, since it decides what is built",
      got: "an output",
      fix: "give a constant or a setting, not what another resource returns nor a secret",
    },
  ]);
});

it("takes a known output of a plain argument for its value, and waits for what it came from", async () => {
  const resource = new pulumi.DependencyResource("urn:pulumi:dev::exchange::a:b:C::one");
  // As Pulumi's host makes it of what the Java SDK sends: the whole argument depends on what one value in it came from.
  const regions = new MadeOutput(
    new Set([resource]),
    Promise.resolve([{ image: "x" }]),
    Promise.resolve(true),
    Promise.resolve(false),
    Promise.resolve([resource]),
  );
  const known = await withKnown(schema, "twodoor:index:ExchangeApi", { regions, hostname: "api.example.com" });
  expect(known).toEqual({ inputs: { regions: [{ image: "x" }], hostname: "api.example.com" }, dependsOn: [resource] });
});

it("leaves what is secret or not known, which is refused", async () => {
  const unknown = new MadeOutput(
    new Set(),
    Promise.resolve("x"),
    Promise.resolve(false),
    Promise.resolve(false),
    Promise.resolve([]),
  );
  const inputs = { hostname: unknown, journal: pulumi.secret({}) };
  const left = await withKnown(schema, "twodoor:index:ExchangeApi", inputs);
  expect(left.dependsOn).toEqual([]);
  expect(refused(left.inputs)).toEqual(["hostname", "journal"]);
});
