// A program whose secrets are among the arguments of calls. The test gives the setting's value and an answer.
const pulumi = require("@pulumi/pulumi");
const { invokeOutput, call } = pulumi.runtime;

const ask = (name, args, opts) => invokeOutput(`test:index/${name}:${name}`, args, opts);

class Remote extends pulumi.ComponentResource {
  constructor(name, args) {
    super("test:index:Remote", name, args, {}, true);
  }
}
class Thing extends pulumi.CustomResource {
  constructor(name, args, opts) {
    super("test:index:Thing", name, args, opts);
  }
}

pulumi.runtime.registerInvokeTransform(({ token, args, opts }) =>
  token.includes("getMoved") ? { args: { ...args, moved: `see ${args.at}` }, opts } : undefined,
);

const config = new pulumi.Config();
ask("getSetting", { tags: { key: config.requireSecret("key"), open: "o" } });
pulumi.runtime.invoke("test:index/getPlain:getPlain", { url: `https://${config.require("key")}@host`, open: "o" });
ask("getMarked", {
  tags: [{ values: ["open", pulumi.secret("hush-hush")] }],
  pin: pulumi.secret(7),
  short: ["open", pulumi.secret("abc")],
});
ask("getWhole", { all: pulumi.secret({ a: { b: "deep-hush" } }), open: "o" });
const given = ask("getGiven", { open: "o" });
ask("getNext", { by: given.apply(({ password }) => `user:${password}`), open: "o" });
ask("getMoved", { at: pulumi.secret("moved-hush"), open: "o" });
new Thing("read", { state: pulumi.secret("state-hush"), open: "o" }, { id: pulumi.secret("id-of-hush") });
call("test:index:Thing/method", { login: pulumi.secret("method-hush"), pin: pulumi.secret(8), open: "o" });
const remote = new Remote("remote", { login: pulumi.secret("remote-hush"), pin: pulumi.secret(9), open: "o" });
new Thing("made", { open: "o" }, { import: "import-of-hush-hush", parent: remote });
console.log("printed moved-hush and id-of-hush");

const key = config.require("key");
new Thing(`of-${key}`, { [key]: "o", open: "o" }, { ignoreChanges: [`tags.${key}`], aliases: [{ name: key }] });
new pulumi.StackReference("network", { name: "organization/network/prod" }).getOutput(`out-${key}`);
