/**
 * Proves how answers are read from a file and found for a call, and what stands for an answer that nobody has, by the declarations of
 * the installed SDKs. Does not prove what a cloud would answer.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readAnswers, SettingsError } from "../../planner";
import { givenAnswer } from "../../planner/answers/answers";
import { Declarations } from "../../planner/answers/declarations";
import { secretSignature, signatureKey } from "../../resilience/values";
import { placeholderAnswer } from "../../planner/answers/placeholder-answers";

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

  it("may be empty", () => {
    expect(readAnswers(file(""))).toEqual({});
    expect(readAnswers(file("# nothing yet\n"))).toEqual({});
    expect(readAnswers(file("\uFEFF{}"))).toEqual({});
  });

  it("is refused with each answer that is none", () => {
    const text = `b: text
a:
  - args: {}
  - result: { id: x }
    args: 1
  - 3
pulumi:pulumi:StackReference:
  - args: {}
    result: { vpcId: vpc-1 }
`;
    expect(refusal(file(text))).toMatchInlineSnapshot(`
      "The program cannot be planned: 5 problems
        DIRECTORY/answers a[0] result   expected an object, got nothing; give the result as the data source returns it
        DIRECTORY/answers a[1] args   expected an object, got 1; name the arguments of the calls that it is for: {} is every call
        DIRECTORY/answers a[2]   expected an object { args, result }, got 3; leave the list out if one answer is for every call
        DIRECTORY/answers b   expected an object, or a list of { args, result }, got "text"; give the result as the data source returns it
        DIRECTORY/answers pulumi:pulumi:StackReference[0] result outputs   expected an object of the stack's outputs by name, got nothing; write {"outputs": {"vpcId": "vpc-1"}}"
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

  it("leaves out what is still open, and is none where everything is", () => {
    const open = {
      vpc: { id: "vpc-1", cidrBlock: "? string", tags: { a: "? string", b: "c" }, ids: ["? string", "d"] },
      untouched: { id: "? string", tags: "? { [key]: string }" },
      listed: [
        { args: {}, result: { id: "?" } },
        { args: {}, result: { id: "second" } },
      ],
      nothing: {},
      asked: { question: "?who" },
    };
    const answer = (token: string) => givenAnswer(open, { token, args: {}, providerInputs: {} });
    expect(answer("vpc")).toEqual({ id: "vpc-1", tags: { b: "c" }, ids: ["d"] });
    expect(answer("untouched")).toBeUndefined();
    expect(answer("listed")).toEqual({ id: "second" });
    expect(answer("nothing")).toEqual({});
    expect(answer("asked")).toEqual({ question: "?who" });
  });

  it("takes `fn::secret` for a secret, and an open secret for an open question", () => {
    const secrets = { db: { password: { "fn::secret": "open sesame" }, token: { "fn::secret": "? string" }, a: "b" } };
    expect(givenAnswer(secrets, { token: "db", args: {}, providerInputs: {} })).toEqual({
      a: "b",
      password: { [signatureKey]: secretSignature, value: "open sesame" },
    });
  });

  it("is none for what every object has by itself", () => {
    expect(ask("constructor", {})).toBeUndefined();
  });

  it("is none where arguments differ", () => {
    expect(ask("some", { name: "y" })).toBeUndefined();
    expect(ask("some", { tags: { a: "1", b: "2" } })).toBeUndefined();
    expect(ask("other", {})).toBeUndefined();
  });
});

describe("a placeholder", () => {
  const declarations = new Declarations(__dirname);

  it("has the fields that the SDK declares as always there, settled ones as they are, and marks the rest", () => {
    const madeUp = new Set<string | number>();
    const call = { token: "aws:ec2/getRouteTables:getRouteTables", args: { vpcId: "vpc-1" }, providerInputs: {} };
    const text = "twodoor-unanswered-getRouteTables-4c11fe";
    const settled = { vpcId: "vpc-1", region: "us-east-2" };
    expect(placeholderAnswer(call, settled, declarations, madeUp)).toEqual({
      id: `${text}-id`,
      ids: [`${text}-ids-1`, `${text}-ids-2`, `${text}-ids-3`],
      region: "us-east-2",
      tags: {},
      vpcId: "vpc-1",
    });
    expect([...madeUp]).toEqual(["twodoor-unanswered-"]);
  });

  it("is empty for a function that no SDK declares", () => {
    const call = { token: "nobody:index/getThing:getThing", args: {}, providerInputs: {} };
    expect(placeholderAnswer(call, {}, declarations, new Set())).toEqual({});
  });
});
