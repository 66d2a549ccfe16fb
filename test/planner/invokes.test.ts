/**
 * Proves, by running a program, what a plan tells of data sources and reads: who answered each, that what nobody knows is unknown and
 * crashes no program, and that questions which somebody fills in give a strict plan with the real values. Does not prove it for Pulumi's
 * other languages.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { ProgramError, readAnswers, saveQuestions, UnansweredError, unknownValue, type Plan } from "../../planner";
import { named, planOf, rejection } from "../support/planned";

const directory = mkdtempSync(join(tmpdir(), "twodoor-invokes-"));
const file = join(directory, "answers.yaml");
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "[secret]" };
const zones = ["us-east-2a", "us-east-2b", "us-east-2c"];
const told = (plan: Plan): unknown[] =>
  plan.invokes.map(({ token, args, answeredBy }) => [token, JSON.stringify(args), answeredBy]);

describe("without answers", () => {
  let plan: Plan;
  const printed: string[] = [];
  beforeAll(async () => {
    plan = await planOf("asks", {
      onQuestions: (questions) => saveQuestions(file, questions),
      onWarning: (text) => printed.push(text),
    });
  });

  it("each call is told once, with who answered it", () => {
    expect(told(plan)).toEqual([
      ["aws:ec2/getSubnet:getSubnet", `{"id":"${unknownValue}"}`, "nobody"],
      ["aws:ec2/getSubnets:getSubnets", '{"tags":{"tier":"private"}}', "nobody"],
      ["aws:ecr/getAuthorizationToken:getAuthorizationToken", "{}", "twodoor"],
      ["aws:index/getAvailabilityZones:getAvailabilityZones", '{"state":"available"}', "twodoor"],
      ["aws:index/getCallerIdentity:getCallerIdentity", "{}", "twodoor"],
      ["aws:index/getRegion:getRegion", "{}", "twodoor"],
      ["aws:lb/getLoadBalancer:getLoadBalancer", '{"name":"front"}', "nobody"],
      ["aws:secretsmanager/getSecretVersion:getSecretVersion", '{"secretId":"db"}', "nobody"],
      ["gcp:container/getCluster:getCluster", '{"location":"us-west1","name":"main"}', "nobody"],
      [
        "pulumi:pulumi:StackReference",
        '{"id":"organization/network/prod","name":"organization/network/prod"}',
        "nobody",
      ],
      ["test:index:Thing", '{"id":"thing-1","tag":"ours"}', "nobody"],
    ]);
    expect(plan.unanswered.map(({ token }) => token)).toEqual(
      plan.invokes.filter(({ answeredBy }) => answeredBy === "nobody").map(({ token }) => token),
    );
    expect(printed).toEqual([]);
  });

  it("each has the provider that it would ask, and reads have the line that reads", () => {
    const [region] = plan.invokes.filter(({ token }) => token === "aws:index/getRegion:getRegion");
    expect(region?.provider).toBe(`urn:pulumi:dev::asks::pulumi:providers:aws::west::${unknownValue}`);
    expect(plan.invokes.map(({ location }) => location?.file).filter((path) => path !== undefined)).toEqual([
      "test/planner/programs/asks/index.js",
      "test/planner/programs/asks/index.js",
    ]);
  });

  it("what follows from settings is known, and everything else unknown, also what a program makes of it", () => {
    expect(named(plan, "made").inputs).toEqual({
      arn: unknownValue,
      bucket: unknownValue,
      key: unknownValue,
      later: unknownValue,
      mapping: [unknownValue, unknownValue, unknownValue],
      nodes: unknownValue,
      none: unknownValue,
      password: secret,
      port: unknownValue,
      subnet: unknownValue,
      there: "us-west-2",
      user: unknownValue,
      version: unknownValue,
      vpcId: unknownValue,
      zones,
    });
  });

  it("a strict plan fails with what is missing, after the questions were handed on", async () => {
    let asked = 0;
    const error = await rejection(planOf("asks", { strict: true, onQuestions: ({ length }) => (asked = length) }));
    expect(error).toBeInstanceOf(UnansweredError);
    expect(asked).toBe(10);
    expect((error as UnansweredError).message).toMatchInlineSnapshot(`
      "7 data sources have no answer:
        aws:ec2/getSubnet:getSubnet {"id":"(unknown)"}
        aws:ec2/getSubnets:getSubnets {"tags":{"tier":"private"}}
        aws:lb/getLoadBalancer:getLoadBalancer {"name":"front"}
        aws:secretsmanager/getSecretVersion:getSecretVersion {"secretId":"db"}
        gcp:container/getCluster:getCluster {"location":"us-west1","name":"main"}
        pulumi:pulumi:StackReference {"id":"organization/network/prod","name":"organization/network/prod"}
        test:index:Thing {"id":"thing-1","tag":"ours"}
      Write what to fill in with --save-questions FILE, and hand it back with --answers FILE"
    `);
  });
});

describe("questions that somebody fills in", () => {
  it("give a strict plan that shows the answers, round by round", async () => {
    // Written by the plan above. The subnet's call is not in it: its id is made up.
    const document = parseDocument(readFileSync(file, "utf8"));
    expect(Object.keys(document.toJS() as object)).not.toContain("aws:ec2/getSubnet:getSubnet");
    expect(document.toString()).toContain(
      `      outputs:\n        key: "? output"\n        none: "? output"\n        vpcId: "? output"\n`,
    );
    const fill = (token: string, result: Record<string, unknown>): void => {
      for (const [field, value] of Object.entries(result)) document.setIn([token, 0, "result", field], value);
    };
    fill("aws:secretsmanager/getSecretVersion:getSecretVersion", {
      secretString: { "fn::secret": '{"username":"alice-of-the-vault","password":"open sesame"}' },
    });
    fill("aws:index/getCallerIdentity:getCallerIdentity", { accountId: "999988887777" });
    fill("aws:ec2/getSubnets:getSubnets", { ids: ["subnet-1"] });
    fill("aws:lb/getLoadBalancer:getLoadBalancer", { subnetMappings: [{ subnetId: "subnet-9" }] });
    fill("gcp:container/getCluster:getCluster", { nodePools: [{ version: "1.31", nodeCount: 3 }] });
    fill("aws:ecr/getAuthorizationToken:getAuthorizationToken", { password: { "fn::secret": "under the mat" } });
    fill("pulumi:pulumi:StackReference", { outputs: { vpcId: "vpc-1", key: { "fn::secret": "beside the mat" } } });
    fill("test:index:Thing", { arn: "arn:thing", "?": "? still open" });
    writeFileSync(file, document.toString());

    const second = await planOf("asks", {
      answers: readAnswers(file),
      onQuestions: (questions) => saveQuestions(file, questions),
    });
    expect(second.unanswered.map(({ token, args }) => [token, args])).toEqual([
      ["aws:ec2/getSubnet:getSubnet", { id: "subnet-1" }],
    ]);
    const text = readFileSync(file, "utf8");
    expect(text).toContain("alice-of-the-vault");
    writeFileSync(file, text.replace('cidrBlock: "? string"', "cidrBlock: 10.0.1.0/24"));

    const warnings: string[] = [];
    const third = await planOf("asks", {
      answers: readAnswers(file),
      strict: true,
      onWarning: (warning) => warnings.push(warning),
    });
    expect(third.unanswered).toEqual([]);
    expect(new Set(third.invokes.map(({ answeredBy }) => answeredBy))).toEqual(new Set(["file", "twodoor"]));
    expect(named(third, "made").inputs).toEqual({
      arn: "arn:thing",
      bucket: "logs-999988887777",
      key: secret,
      later: unknownValue,
      mapping: ["subnet-9"],
      nodes: 3,
      password: secret,
      port: "port-3",
      subnet: "10.0.1.0/24",
      there: "us-west-2",
      user: "alice-of-the-vault",
      version: "1.31",
      vpcId: "vpc-1",
      zones,
    });
    expect(warnings).toEqual([
      "The answer for pulumi:pulumi:StackReference organization/network/prod has no output none, which the program reads.",
    ]);
    expect(/open sesame|under the mat|beside the mat/.exec(JSON.stringify(third))).toBeNull();
  });
});

describe("another stack's outputs", () => {
  const token = "pulumi:pulumi:StackReference";

  it("that lack what the program requires end it in its own words, with what to do", async () => {
    const error = await rejection(planOf("asks", { stack: "requires", answers: { [token]: { outputs: { a: 1 } } } }));
    expect(error).toBeInstanceOf(ProgramError);
    const { message, fix } = error as ProgramError;
    expect(message).toContain("Required output 'vpcId' does not exist on stack 'organization/network/prod'.");
    expect(fix).toBe(
      "write vpcId under the outputs of organization/network/prod in the file of answers (pulumi:pulumi:StackReference), or mend the name",
    );
  });

  it("are told one by one, secrets apart", async () => {
    const outputs = { vpcId: "vpc-1", password: { "fn::secret": "open sesame" } };
    const plan = await planOf("asks", { stack: "requires", answers: { [token]: { outputs } } });
    expect(plan.outputs).toEqual({
      required: "vpc-1",
      details: { value: "vpc-1" },
      secretDetails: secret,
      kinds: "value, secretValue, undefined",
    });
  });
});
