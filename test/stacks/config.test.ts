// Proves: the settings of a stack are read as Pulumi hands them over, and whatever is wrong is told at once, with path, expectation and the
// command that mends it, and without a secret's contents. Does not prove: what the components say of values that have the right form.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseSettings, SettingsError } from "../../stacks/config";

/** A stack file's `config`, in the form in which a program gets it: structured values as JSON text. */
function rawOf(stack: string): Record<string, string> {
  const file = parse(readFileSync(join(__dirname, `../../stacks/Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(file.config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function refusal(raw: Record<string, string>): string {
  try {
    parseSettings("dev", raw);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return "accepted";
}

/** The dev stack with one key changed. */
const devWith = (key: string, value: unknown): Record<string, string> => ({
  ...rawOf("dev"),
  [`twodoor:${key}`]: typeof value === "string" ? value : JSON.stringify(value),
});

describe("parseSettings", () => {
  test("takes the dev stack as it is in the repository", () => {
    const settings = parseSettings("dev", { ...rawOf("dev"), "aws:region": "us-east-1" });
    expect(settings.regions.map(({ cloud, region }) => `${cloud}:${region}`)).toEqual([
      "aws:us-east-2",
      "gcp:us-central1",
    ]);
    expect(settings.journal).toEqual({ kind: "sandbox" });
    expect(settings.deletionProtected).toBe(false);
  });

  test("takes the prod stack as it is in the repository", () => {
    const settings = parseSettings("prod", {
      ...rawOf("prod"),
      "twodoor:journalCredentials": '{"not": "parsed"}',
      "twodoor:secrets": '{"API_KEY_MASTER": "one", "OPERATOR_KEYS": "another"}',
    });
    expect(settings.regions.map(({ cloud, region }) => `${cloud}:${region}`)).toEqual([
      "aws:us-east-2",
      "gcp:us-central1",
      "aws:us-west-2",
      "gcp:us-east4",
    ]);
    expect(settings.journalCredentials).toBe('{"not": "parsed"}');
    expect(settings.secrets).toEqual({ API_KEY_MASTER: "one", OPERATOR_KEYS: "another" });
  });

  test("reads a boolean that `pulumi config set` has turned into text", () => {
    expect(parseSettings("dev", devWith("deletionProtected", "true")).deletionProtected).toBe(true);
  });

  test("rejects everything that is wrong at once, sorted by path", () => {
    const raw = devWith("stage", "servce");
    delete raw["twodoor:hostname"];
    raw["twodoor:aws"] = '{"accountId":"12345","providerRegion":"us-east-2"}';
    raw["twodoor:regoins"] = "[]";
    expect(refusal(raw)).toMatchInlineSnapshot(`
      "Settings of stack "dev" (stacks/Pulumi.dev.yaml): 4 problems
        aws.accountId   expected an AWS account id: 12 digits, in quotes, got "12345"; run: pulumi config set --path 'twodoor:aws.accountId' VALUE
        hostname   expected a value (string), got nothing; run: pulumi config set --path 'twodoor:hostname' VALUE
        regoins   expected a key that exists, got an unknown one; remove it: pulumi config rm --path 'twodoor:regoins'
        stage   expected one of "foundation", "service", "enforcement", got "servce"; run: pulumi config set --path 'twodoor:stage' VALUE"
    `);
  });

  test("rejects an unknown key inside a region by its path", () => {
    const regions = parseSettings("dev", rawOf("dev")).regions.map((region) => ({ ...region, colour: "red" }));
    expect(refusal(devWith("regions", regions.slice(0, 1)))).toMatchInlineSnapshot(`
      "Settings of stack "dev" (stacks/Pulumi.dev.yaml): 1 problem
        regions[0].colour   expected a key that exists, got an unknown one; remove it: pulumi config rm --path 'twodoor:regions[0].colour'"
    `);
  });

  test("rejects a region of no known cloud", () => {
    expect(refusal(devWith("regions", [{ cloud: "azure", region: "eastus" }]))).toMatchInlineSnapshot(`
      "Settings of stack "dev" (stacks/Pulumi.dev.yaml): 1 problem
        regions[0].cloud   expected one of "aws", "gcp", got "azure"; run: pulumi config set --path 'twodoor:regions[0].cloud' VALUE"
    `);
  });

  test("rejects a service without an image", () => {
    const raw = rawOf("dev");
    delete raw["twodoor:imageDigest"];
    expect(refusal(raw)).toMatchInlineSnapshot(`
      "Settings of stack "dev" (stacks/Pulumi.dev.yaml): 1 problem
        imageDigest   expected a digest from stage "service" on, got nothing; push an image to every registry, then run: pulumi config set --path 'twodoor:imageDigest' sha256:..."
    `);
  });

  test("takes a foundation without an image", () => {
    const raw = devWith("stage", "foundation");
    delete raw["twodoor:imageDigest"];
    expect(parseSettings("dev", raw).imageDigest).toBe(undefined);
  });

  test("rejects enforcement without certificate generations", () => {
    expect(refusal(devWith("stage", "enforcement"))).toMatchInlineSnapshot(`
      "Settings of stack "dev" (stacks/Pulumi.dev.yaml): 1 problem
        originPulls   expected certificate generations at stage "enforcement", got nothing; go back to stage "service" and run: pulumi config set --path 'twodoor:originPulls.generations[0]' a"
    `);
  });

  test("never shows a secret's contents", () => {
    const message = refusal(devWith("secrets", { SIGNING_KEY: 4_711_000_815 }));
    expect(message).toMatchInlineSnapshot(`
      "Settings of stack "dev" (stacks/Pulumi.dev.yaml): 1 problem
        secrets.SIGNING_KEY   expected a value of type string, got a secret of another form; run: pulumi config set --secret --path 'twodoor:secrets.SIGNING_KEY' VALUE"
    `);
    expect(message).not.toContain("4711");
  });

  test("ends a program without a stack trace", () => {
    const error = new SettingsError("dev", []);
    expect(error.__pulumiRunError).toBe(true);
  });
});
