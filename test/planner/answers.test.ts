/**
 * Proves how data sources are answered: from a file, by what follows from a provider's settings, and with typed placeholders read
 * from the SDK's declarations. Does not prove that a cloud would answer the same.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readAnswers, SettingsError } from "../../planner";
import { givenAnswer } from "../../planner/answers";
import { builtInAnswer } from "../../planner/built-in-answers";
import { newDeployment } from "../../planner/deployment";
import { placeholderAnswer } from "../../planner/placeholder-answers";

const directory = mkdtempSync(join(tmpdir(), "twodoor-answers-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function file(text: string): string {
  const path = join(directory, "answers");
  writeFileSync(path, text);
  return path;
}

function refusal(path: string): string {
  try {
    readAnswers(path);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.replaceAll(directory, "DIRECTORY");
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a file of answers", () => {
  it("is JSON or YAML", () => {
    const expected = { "aws:ec2/getVpc:getVpc": { id: "vpc-1" } };
    expect(readAnswers(file('{"aws:ec2/getVpc:getVpc": {"id": "vpc-1"}}'))).toEqual(expected);
    expect(readAnswers(file("aws:ec2/getVpc:getVpc:\n  id: vpc-1\n"))).toEqual(expected);
  });

  it("is refused when it is not there", () => {
    expect(refusal(join(directory, "missing"))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIRECTORY/missing   expected a readable file, got nothing; name the file with the data sources' answers"
    `);
  });

  it("is refused when it is a list", () => {
    expect(refusal(file("[1]"))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIRECTORY/answers   expected JSON or YAML with an object of answers by function token, got a list of 1; write, for example, {"aws:ec2/getVpc:getVpc": {"id": "vpc-1"}}"
    `);
  });

  it("is refused when it is neither", () => {
    expect(refusal(file("{ a: "))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIRECTORY/answers   expected JSON or YAML with an object of answers by function token, got text that is neither (Flow map must end with a } at line 1, column 6:); write, for example, {"aws:ec2/getVpc:getVpc": {"id": "vpc-1"}}"
    `);
  });

  it("is refused with each answer that is none", () => {
    expect(refusal(file("b: text\na:\n  - args: {}\n"))).toMatchInlineSnapshot(`
      "The program cannot be planned: 2 problems
        DIRECTORY/answers a   expected an object, or a list of { args, result }, got a list of 1; give the result as the data source returns it
        DIRECTORY/answers b   expected an object, or a list of { args, result }, got "text"; give the result as the data source returns it"
    `);
  });
});

describe("a given answer", () => {
  const answers = {
    all: { id: "1" },
    some: [
      { args: { tags: { a: "1" } }, result: { id: "with-tag" } },
      { args: { name: "x" }, result: { id: "by-name" } },
    ],
  };
  const ask = (token: string, args: Record<string, string | Record<string, string>>) =>
    givenAnswer(answers, { token, args, providerInputs: {} });

  it("is for all calls, or for those whose arguments it names", () => {
    expect(ask("all", { anything: "at all" })).toEqual({ id: "1" });
    expect(ask("some", { name: "x", other: "y" })).toEqual({ id: "by-name" });
    expect(ask("some", { tags: { a: "1" } })).toEqual({ id: "with-tag" });
  });

  it("is none where arguments differ", () => {
    expect(ask("some", { name: "y" })).toBeUndefined();
    expect(ask("some", { tags: { a: "1", b: "2" } })).toBeUndefined();
    expect(ask("other", {})).toBeUndefined();
  });
});

describe("a built-in answer", () => {
  const ask = (token: string, args: Record<string, string>, providerInputs: Record<string, string>) => {
    const madeUp = new Set<string | number>();
    return { answer: builtInAnswer({ token, args, providerInputs }, madeUp), madeUp: [...madeUp] };
  };

  it("takes the region from the call, else from the provider", () => {
    const token = "aws:index/getRegion:getRegion";
    expect(ask(token, { region: "us-west-2" }, { region: "us-east-2" }).answer).toMatchObject({ name: "us-west-2" });
    expect(ask(token, {}, { region: "us-east-2" })).toEqual({
      answer: {
        id: "us-east-2",
        name: "us-east-2",
        region: "us-east-2",
        description: "us-east-2",
        endpoint: "ec2.us-east-2.amazonaws.com",
      },
      madeUp: [],
    });
    expect(ask(token, {}, {}).answer).toBeUndefined();
  });

  it("tells the partition of a region", () => {
    const partition = (region: string) =>
      ask("aws:index/getPartition:getPartition", {}, { region }).answer?.["partition"];
    expect(["us-east-2", "cn-north-1", "us-gov-west-1"].map(partition)).toEqual(["aws", "aws-cn", "aws-us-gov"]);
  });

  it("makes up whose account it is, and says so", () => {
    const { answer, madeUp } = ask("aws:index/getCallerIdentity:getCallerIdentity", {}, { region: "us-east-2" });
    expect(answer).toMatchObject({ accountId: "111122223333", arn: "arn:aws:iam::111122223333:root" });
    expect(madeUp).toEqual(["111122223333"]);
  });

  it("knows the project that a provider names, and makes one up where none is named", () => {
    const token = "gcp:organizations/getProject:getProject";
    expect(ask(token, {}, { project: "shop" })).toMatchObject({
      answer: { projectId: "shop", number: "100000000007" },
      madeUp: ["100000000007"],
    });
    expect(ask(token, {}, {}).madeUp).toEqual(["100000000007", "twodoor-unnamed-project"]);
  });
});

describe("a placeholder", () => {
  const configuration = { values: {}, secretKeys: [], placeholders: [], madeUp: [] };
  const deployment = () => newDeployment({ project: "p", stack: "s" }, configuration, {}, __dirname);

  it("has the fields that the SDK declares as always there, arguments as they were given, and marks the rest", () => {
    const state = deployment();
    const call = { token: "aws:ec2/getSubnets:getSubnets", args: { region: "us-east-2" }, providerInputs: {} };
    const text = "twodoor-unanswered-getSubnets";
    expect(placeholderAnswer(call, state)).toEqual({
      id: `${text}-id`,
      ids: [`${text}-ids-1`, `${text}-ids-2`, `${text}-ids-3`],
      region: "us-east-2",
      tags: {},
    });
    expect([...state.madeUp]).toContain(`${text}-ids-2`);
    expect([...state.madeUp]).not.toContain("us-east-2");
  });

  it("is empty for a function that no SDK declares", () => {
    const call = { token: "nobody:index/getThing:getThing", args: {}, providerInputs: {} };
    expect(placeholderAnswer(call, deployment())).toEqual({});
  });
});
