import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Takes whatever it is given. */
class Anything extends pulumi.CustomResource {
  declare readonly answer: pulumi.Output<string>;

  constructor(name: string, value: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super("demo:index:Anything", name, { ...value, answer: undefined }, opts);
  }
}

const config = new pulumi.Config();
const awsConfig = new pulumi.Config("aws");
const made = new Anything("made", { known: true });
new Anything("plain", {
  nothing: null,
  undefinedToo: undefined,

  negative: -0.5,
  large: 2 ** 53,
  no: false,
  empty: { list: [], object: {}, text: "", lists: [[], [[]]] },
  holes: [1, undefined, null, "last"],
  "dotted.key": { "a.b": 1, "c[0]": 2, 'quoted"': 3, "": 4 },
  __hidden: 1,
  __proto: { __id: "x" },
  unicode: "Zürich 東京 🦑 \u0000 \u2028 é",
  long: "0123456789".repeat(20_000),
  date: new Date(0).toISOString(),
  id: "an input by the name of id",
  urn: "an input by the name of urn",
});
new Anything("numbers", { notANumber: Number.NaN, infinite: Number.POSITIVE_INFINITY });
new Anything("secrets", {
  whole: pulumi.secret({ user: "u", password: "hush-hush" }),
  part: { user: "u", password: pulumi.secret("hush-hush"), list: ["a", pulumi.secret(["b"])] },
  inside: pulumi.secret({ deeper: pulumi.secret(made.answer) }),
  open: pulumi.unsecret(pulumi.secret("told")),
  joined: pulumi.interpolate`${pulumi.secret("user")}:${made.answer}`,
  nothing: pulumi.secret(undefined),
});
new Anything("unknowns", {
  whole: made.answer,
  list: ["first", made.answer, made.id],
  lists: [["first", made.answer], [[made.id]]],
  object: { a: made.urn, b: made.answer.apply((answer) => ({ answer })), c: pulumi.all([made.answer, 1]) },
  lifted: pulumi.output({ list: [{ name: made.answer }] }).list[0]?.name,
  json: pulumi.jsonStringify({ answer: made.answer, known: 1 }),
  resource: made,
  resources: [{ made }],
  promise: Promise.resolve({ later: Promise.resolve(["x"]) }),
});
new Anything("configured", {
  text: config.require("text"),
  number: config.requireNumber("number"),
  flag: config.requireBoolean("flag"),
  object: config.requireObject("object"),
  list: config.getObject("list"),
  secret: config.requireSecret("text"),
  absent: config.get("absent") ?? "default",
  region: awsConfig.require("region"),
  tags: awsConfig.getObject("defaultTags"),
  organization: pulumi.getOrganization(),
  stack: pulumi.getStack(),
  project: pulumi.getProject(),
  preview: pulumi.runtime.isDryRun(),
});
new aws.ssm.Parameter("parameter", { type: "String", value: made.answer, tags: { text: config.require("text") } });

export const nothing = null;
export const undefinedToo = undefined;

export const nested = { secret: pulumi.secret({ a: 1 }), unknown: made.answer, list: [made.answer, 1] };
export const call = (): string => "functions are no outputs";
export const component = new pulumi.ComponentResource("demo:index:Empty", "empty");
