/**
 * Proves what a file of questions holds, that it can be handed back as it is, and that writing it again loses nothing that somebody wrote.
 * Does not prove that a program asks the same the next time.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, afterAll, describe, expect, it } from "vitest";
import { readAnswers, saveQuestions, SettingsError, type Question } from "../../planner";
import { givenAnswer } from "../../planner/answers/answers";
import { answerWarnings } from "../../planner/answers/answer-warnings";
import { answerTo } from "../../planner/answers/data-sources";
import { newDeployment, type Deployment } from "../../planner/deployment";
import { invokesOf, shownObject } from "../../planner/engine/invokes";
import type { Answers } from "../../planner/plan-types";
import { questionsOf } from "../../planner/answers/questions";
import { answerRead } from "../../planner/answers/read-answers";
import { secretSignature, signatureKey, type JsonObject } from "../../resilience/values";

const directory = mkdtempSync(join(tmpdir(), "twodoor-questions-"));
const yaml = join(directory, "answers.yaml");
const json = join(directory, "answers.json");
beforeEach(() => {
  for (const file of readdirSync(directory)) rmSync(join(directory, file));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function deploymentWith(answers: Answers = {}): Deployment {
  const configuration = {
    values: { "aws:region": "us-east-2" },
    secretKeys: [],
    placeholders: [],
    madeUp: [],
    environments: [],
  };
  return newDeployment({ project: "p", stack: "s" }, configuration, answers, __dirname);
}

function ask(deployment: Deployment, token: string, args: JsonObject = {}): JsonObject {
  return answerTo(deployment, { token, args, provider: "", frames: [] });
}

const question = (
  token: string,
  args: JsonObject,
  fields: Record<string, string>,
  rest: Partial<Question> = {},
): Question => ({
  token,
  args,
  secretArgs: [],
  fields,
  isMadeUp: false,
  isDerived: false,
  ...rest,
});
const vpc = question("aws:ec2/getVpc:getVpc", { id: "vpc-1" }, { cidrBlock: "? string" });
const identity = question(
  "aws:index/getCallerIdentity:getCallerIdentity",
  {},
  { accountId: "? 111122223333" },
  { isMadeUp: true },
);

describe("a question", () => {
  it("asks for the fields that the SDK declares and that neither the call nor its provider says", () => {
    const deployment = deploymentWith();
    ask(deployment, "aws:ec2/getRouteTable:getRouteTable", { subnetId: "subnet-1" });
    ask(deployment, "aws:ec2/getRouteTable:getRouteTable", { subnetId: "subnet-1" });
    expect(questionsOf(deployment)).toEqual([
      {
        token: "aws:ec2/getRouteTable:getRouteTable",
        args: { subnetId: "subnet-1" },
        secretArgs: [],
        fields: {
          arn: "? string",
          associations:
            "? { gatewayId: string, main: boolean, routeTableAssociationId: string, routeTableId: string, subnetId: string }[]",
          gatewayId: "? string",
          id: "? string",
          ownerId: "? string",
          region: "? string",
          routeTableId: "? string",
          routes: expect.stringMatching(/^\? \{ carrierGatewayId: string, .*, … \}\[\]$/) as unknown,
          tags: "? { [key]: string }",
          vpcId: "? string",
        },
        isMadeUp: false,
        isDerived: false,
      },
    ]);
  });

  it("asks for what Twodoor made up, by that value, and for secrets without one", () => {
    const deployment = deploymentWith();
    ask(deployment, "aws:index/getCallerIdentity:getCallerIdentity");
    ask(deployment, "aws:ecr/getAuthorizationToken:getAuthorizationToken");
    const [token, caller] = questionsOf(deployment);
    expect(token?.fields).toMatchObject({ password: "? string, a secret", authorizationToken: "? string, a secret" });
    expect(caller).toMatchObject({ isMadeUp: true, fields: { accountId: "? 111122223333" } });
  });

  it("is not asked where nothing is made up, the file answered, or nobody would ask", () => {
    const deployment = deploymentWith({ "aws:ec2/getVpc:getVpc": { id: "vpc-1" } });
    ask(deployment, "aws:iam/getPolicyDocument:getPolicyDocument");
    ask(deployment, "aws:ec2/getVpc:getVpc");
    ask(deployment, "aws:ec2/getSubnet:getSubnet", { id: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
    expect(questionsOf(deployment)).toEqual([]);
    expect(deployment.asked.map(({ answeredBy }) => answeredBy)).toEqual(["twodoor", "file", "unknown"]);
  });

  it("is for later where its arguments are made up", () => {
    const deployment = deploymentWith();
    const { ids } = ask(deployment, "aws:ec2/getSubnets:getSubnets");
    ask(deployment, "aws:ec2/getSubnet:getSubnet", { id: (ids as string[])[0] ?? "" });
    expect(questionsOf(deployment).map(({ token, isDerived }) => [token, isDerived])).toEqual([
      ["aws:ec2/getSubnet:getSubnet", true],
      ["aws:ec2/getSubnets:getSubnets", false],
    ]);
  });

  it("holds no secret", () => {
    const deployment = deploymentWith();
    deployment.secrets.add("open sesame");
    const wrapped = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "x" };
    ask(deployment, "test:index/getThing:getThing", { name: "n", plain: "say open sesame", wrapped });
    expect(questionsOf(deployment).map(({ args, secretArgs }) => [args, secretArgs])).toEqual([
      [{ name: "n" }, ["plain", "wrapped"]],
    ]);
  });

  it("names the outputs of a stack that the program reads", () => {
    const deployment = deploymentWith();
    answerRead(deployment, {
      token: "pulumi:pulumi:StackReference",
      args: { id: "o/p/s", name: "o/p/s" },
      provider: "",
      frames: [],
    });
    const outputs = [
      { stack: "o/p/s", name: "vpcId" },
      { stack: "o/p/other", name: "other" },
      { stack: "o/p/s", name: "key" },
    ];
    expect(questionsOf(deployment, outputs).map(({ fields }) => fields)).toEqual([
      { outputs: { key: "? output", vpcId: "? output" } },
    ]);
  });

  it("asks for outputs of stacks and for what is read, whose fields nobody can tell", () => {
    const deployment = deploymentWith();
    answerRead(deployment, {
      token: "pulumi:pulumi:StackReference",
      args: { id: "o/p/s", name: "o/p/s" },
      provider: "",
      frames: [],
    });
    answerRead(deployment, { token: "aws:ec2/vpc:Vpc", args: { id: "vpc-1" }, provider: "", frames: [] });
    expect(questionsOf(deployment).map(({ token, args, fields }) => [token, args, fields])).toEqual([
      ["aws:ec2/vpc:Vpc", { id: "vpc-1" }, { "?": "? the fields that the program reads, by name" }],
      [
        "pulumi:pulumi:StackReference",
        { id: "o/p/s", name: "o/p/s" },
        { outputs: "? the stack's outputs by name, such as { vpcId: vpc-1 }" },
      ],
    ]);
  });
});

describe("a file of questions", () => {
  it("says in remarks what to do, and is no answer as long as nobody fills it in", () => {
    expect(saveQuestions(yaml, [vpc, identity])).toEqual({ open: 2, later: 0 });
    expect(readFileSync(yaml, "utf8")).toMatchInlineSnapshot(`
      "# Answers of data sources, for twodoor plan and check: --answers THIS-FILE.
      # What begins with "?" is still open. Put the value in its place (after the ? stands its type, or the value that Twodoor made up and
      # that nobody can rely on); what stays open is left to Twodoor. An entry is for the calls that have these args; {} is every call.
      # Write a secret as { fn::secret: VALUE }.

      aws:ec2/getVpc:getVpc:
        # Nobody answers this.
        - args:
            id: vpc-1
          result:
            cidrBlock: "? string"
      aws:index/getCallerIdentity:getCallerIdentity:
        # Twodoor answers this; what is listed here it made up.
        - args: {}
          result:
            accountId: "? 111122223333"
      "
    `);
    const call = { token: vpc.token, args: vpc.args, providerInputs: {} };
    expect(givenAnswer(readAnswers(yaml), call)).toBeUndefined();
    writeFileSync(yaml, readFileSync(yaml, "utf8").replace('"? string"', "10.0.0.0/16"));
    expect(givenAnswer(readAnswers(yaml), call)).toEqual({ cidrBlock: "10.0.0.0/16" });
  });

  it("may be JSON", () => {
    saveQuestions(json, [vpc]);
    expect(readFileSync(json, "utf8")).toBe(`{
  "aws:ec2/getVpc:getVpc": [
    {
      "args": {
        "id": "vpc-1"
      },
      "result": {
        "cidrBlock": "? string"
      }
    }
  ]
}
`);
  });

  it("leaves out what is for later, and is not written for nothing", () => {
    expect(saveQuestions(yaml, [{ ...vpc, isDerived: true }])).toEqual({ open: 0, later: 1 });
    expect(readdirSync(directory)).toEqual([]);
    expect(saveQuestions(yaml, [{ ...vpc, isDerived: true }, identity])).toEqual({ open: 1, later: 1 });
    expect(Object.keys(readAnswers(yaml))).toEqual([identity.token]);
  });

  const written = `# Ours.
aws:ec2/getVpc:getVpc:
  # The old one.
  - args: { id: vpc-0 } # kept as it is
    result:
      cidrBlock: 10.0.0.0/16
gone:index/getThing:getThing: { id: x }
`;

  it("keeps everything that somebody wrote, and adds what is new", () => {
    writeFileSync(yaml, written);
    saveQuestions(yaml, [vpc, identity]);
    expect(readFileSync(yaml, "utf8")).toMatchInlineSnapshot(`
      "# Ours.
      aws:ec2/getVpc:getVpc:
        # The old one.
        - args: { id: vpc-0 } # kept as it is
          result:
            cidrBlock: 10.0.0.0/16
        # Nobody answers this.
        - args:
            id: vpc-1
          result:
            cidrBlock: "? string"
      gone:index/getThing:getThing: { id: x }
      aws:index/getCallerIdentity:getCallerIdentity:
        # Twodoor answers this; what is listed here it made up.
        - args: {}
          result:
            accountId: "? 111122223333"
      "
    `);
  });

  it("is the same, byte by byte, when the same is asked again", () => {
    for (const file of [yaml, json]) {
      saveQuestions(file, [vpc, identity]);
      const before = readFileSync(file, "utf8");
      saveQuestions(file, [identity, vpc]);
      expect(readFileSync(file, "utf8")).toBe(before);
    }
    expect(readdirSync(directory).sort()).toEqual(["answers.json", "answers.yaml"]);
  });

  it("keeps what stands in JSON", () => {
    const other = question(vpc.token, { id: "vpc-2" }, { cidrBlock: "? string" });
    writeFileSync(
      json,
      JSON.stringify({ [vpc.token]: [{ args: vpc.args, result: { cidrBlock: "10.0.0.0/16" } }], a: {} }),
    );
    saveQuestions(json, [vpc, other]);
    expect(readAnswers(json)).toEqual({
      [vpc.token]: [
        { args: { id: "vpc-1" }, result: { cidrBlock: "10.0.0.0/16" } },
        { args: { id: "vpc-2" }, result: { cidrBlock: "? string" } },
      ],
      a: {},
    });
  });

  it("leaves an answer for every call alone", () => {
    writeFileSync(yaml, "aws:ec2/getVpc:getVpc: { cidrBlock: '? string' }\n");
    saveQuestions(yaml, [vpc]);
    expect(readFileSync(yaml, "utf8")).toBe("aws:ec2/getVpc:getVpc: { cidrBlock: '? string' }\n");
  });

  it.each([["# nothing yet\n"], [""], ["{}\n"]])("may have been empty: %j", (text) => {
    writeFileSync(yaml, text);
    saveQuestions(yaml, [vpc]);
    expect(readAnswers(yaml)).toEqual({ [vpc.token]: [{ args: vpc.args, result: vpc.fields }] });
    expect(readFileSync(yaml, "utf8").startsWith(text.startsWith("#") ? text : "aws")).toBe(true);
  });

  it("that is something else stays what it is", () => {
    for (const [file, text] of [
      [yaml, "- a\n"],
      [yaml, "{ a: "],
      [json, "{"],
    ] as const) {
      writeFileSync(file, text);
      expect(() => saveQuestions(file, [vpc])).toThrow(SettingsError);
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });

  it("that cannot be written is refused", () => {
    const nowhere = join(directory, "missing", "answers.yaml");
    expect(() => saveQuestions(nowhere, [vpc])).toThrow(/expected a file that can be written, got ENOENT/);
  });
});

describe("a warning", () => {
  const warningsOf = (answers: Answers): string[] => {
    const deployment = deploymentWith(answers);
    ask(deployment, "aws:ec2/getVpc:getVpc", { id: "vpc-1" });
    return answerWarnings(deployment);
  };

  it("is given for an answer that nobody asked for, with what was likely meant", () => {
    expect(warningsOf({ "aws:ec2:getVpc": {}, "aws:ec2/getSubnet:getSubnet": {} })).toEqual([
      "The answer for aws:ec2/getSubnet:getSubnet was not asked for.",
      "The answer for aws:ec2:getVpc was not asked for. The program asks for aws:ec2/getVpc:getVpc.",
    ]);
  });

  it("is given for args that no call has", () => {
    const answers = [
      { args: { id: "vpc-2" }, result: {} },
      { args: {}, result: {} },
    ];
    expect(warningsOf({ "aws:ec2/getVpc:getVpc": answers })).toEqual([
      'The answer for aws:ec2/getVpc:getVpc with the args {"id":"vpc-2"} was not asked for: the program asks with {"id":"vpc-1"}.',
    ]);
  });

  it("is given for a field of another type than the SDK declares", () => {
    const result = {
      default: "yes",
      cidrBlock: { "fn::secret": 7 },
      tags: [],
      filters: {},
      id: "? string",
      arn: null,
      ours: 1,
    };
    expect(warningsOf({ "aws:ec2/getVpc:getVpc": result })).toEqual([
      'The answer for aws:ec2/getVpc:getVpc has "yes" as default, where the SDK declares a boolean.',
      "The answer for aws:ec2/getVpc:getVpc has a secret as cidrBlock, where the SDK declares a string.",
      "The answer for aws:ec2/getVpc:getVpc has an empty list as tags, where the SDK declares an object.",
      "The answer for aws:ec2/getVpc:getVpc has an object as filters, where the SDK declares a list.",
    ]);
  });

  it("is given for an output that the program reads and the answer lacks", () => {
    const answers = { "pulumi:pulumi:StackReference": { outputs: { vpcId: "vpc-1" } } };
    const deployment = deploymentWith(answers);
    answerRead(deployment, {
      token: "pulumi:pulumi:StackReference",
      args: { id: "o/p/s", name: "o/p/s" },
      provider: "",
      frames: [],
    });
    const outputs = ["vpcId", "vpcID"].map((name) => ({ stack: "o/p/s", name }));
    expect(answerWarnings(deployment, outputs)).toEqual([
      "The answer for pulumi:pulumi:StackReference o/p/s has no output vpcID, which the program reads.",
    ]);
  });

  it("is not given for what fits", () => {
    expect(
      warningsOf({ "aws:ec2/getVpc:getVpc": { default: true, tags: {}, cidrBlock: "10.0.0.0/16", ours: 1 } }),
    ).toEqual([]);
  });
});

describe("an answer of the file", () => {
  it("is completed by what is built in and then by the SDK's declaration, and what it says is known", () => {
    const deployment = deploymentWith({
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "111122223333", arn: "a" },
    });
    const answer = ask(deployment, "aws:index/getCallerIdentity:getCallerIdentity");
    expect(answer).toEqual({ accountId: "111122223333", arn: "a", id: "111122223333", userId: "111122223333" });
    const whole = deploymentWith({
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "1", arn: "a", id: "1", userId: "1" },
    });
    ask(whole, "aws:index/getCallerIdentity:getCallerIdentity");
    expect([...whole.madeUp]).toEqual([]);
  });

  it("takes its secrets out of everything that is printed", () => {
    const deployment = deploymentWith({
      "test:index/getThing:getThing": { password: { "fn::secret": "open sesame" } },
    });
    ask(deployment, "test:index/getThing:getThing");
    expect([...deployment.secrets]).toEqual(["open sesame"]);
  });

  it("hides its secrets wherever a program writes them in clear, and those parts of a login that are secret", () => {
    const login = '{"username":"postgres","password":"open sesame","port":5432}';
    const deployment = deploymentWith({ "test:index/getThing:getThing": { text: { "fn::secret": login } } });
    ask(deployment, "test:index/getThing:getThing");
    ask(deployment, "test:index/getOther:getOther", { by: ["say open sesame"], engine: "postgres" });
    const inputs = { engine: "postgres", url: "db://postgres:open sesame@db", whole: [login], short: "open" };
    expect(shownObject(inputs, new Set(), deployment.givenSecrets)).toEqual({
      engine: "postgres",
      short: "open",
      url: { [signatureKey]: secretSignature, value: "[secret]" },
      whole: [{ [signatureKey]: secretSignature, value: "[secret]" }],
    });
    expect(invokesOf(deployment, __dirname).map(({ args }) => args)).toEqual([
      { by: [{ [signatureKey]: secretSignature, value: "[secret]" }], engine: "postgres" },
      {},
    ]);
  });

  it("names the outputs of a stack that are secret", () => {
    const read = {
      token: "pulumi:pulumi:StackReference",
      args: { id: "o/p/s", name: "o/p/s" },
      provider: "",
      frames: [],
    };
    const outputs = { vpcId: "vpc-1", key: { "fn::secret": "open sesame" }, deep: { list: [{ "fn::secret": "x" }] } };
    const answer = (result: JsonObject): JsonObject => answerRead(deploymentWith({ [read.token]: result }), read);
    expect(answer({ outputs })["secretOutputNames"]).toEqual(["deep", "key"]);
    expect(answer({ outputs, secretOutputNames: ["vpcId"] })["secretOutputNames"]).toEqual(["vpcId"]);
    expect(answerRead(deploymentWith(), read)).toEqual({});
  });

  it("is none for a stack as long as one output is open, which would not exist for the program", () => {
    const read = {
      token: "pulumi:pulumi:StackReference",
      args: { id: "o/p/s", name: "o/p/s" },
      provider: "",
      frames: [],
    };
    const deployment = deploymentWith({ [read.token]: { outputs: { vpcId: "vpc-1", key: "? output" } } });
    expect(answerRead(deployment, read)).toEqual({});
    expect(deployment.asked.map(({ answeredBy }) => answeredBy)).toEqual(["nobody"]);
  });
});
