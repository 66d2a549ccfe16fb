// Proves that the recorder sees what the engine would see: parents, options, secrets, unknown values. Does not prove the engine's own decisions.
import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { describe, expect, it } from "vitest";
import { graphOf, record, UNKNOWN, value } from "./mocks";

class Box extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Box", name, {}, opts);
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { region: "us-east-2", displayName: pulumi.secret("hidden") },
      { parent: this, protect: true, ignoreChanges: ["tags"] },
    );
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}

const urn = "urn:pulumi:test::twodoor::test:index:Box$aws:sns/topic:Topic::a-topic";

describe("record", () => {
  it("sees parent, options, secrets and unknown values as a preview sends them", async () => {
    const run = await record(async () => value(new Box("a").topicArn));
    const topic = run.one("aws:sns/topic:Topic");
    expect(run.result).toBe(UNKNOWN);
    expect(run.counts()).toEqual({ "aws:sns/topic:Topic": 1, "test:index:Box": 1 });
    expect({ ...topic, wire: {} }).toEqual({
      urn,
      type: "aws:sns/topic:Topic",
      name: "a-topic",
      custom: true,
      parent: "urn:pulumi:test::twodoor::test:index:Box::a",
      provider: "",
      inputs: { region: "us-east-2", displayName: "hidden" },
      wire: {},
      secretInputs: ["displayName"],
      dependencies: [],
      protect: true,
      deleteBeforeReplace: false,
      ignoreChanges: ["tags"],
      additionalSecretOutputs: [],
      replaceOnChanges: [],
      retainOnDelete: false,
      customTimeouts: { create: "", update: "", delete: "" },
      outputs: {},
    });
    expect(run.one("test:index:Box").outputs).toEqual({ topicArn: UNKNOWN });
    expect(JSON.stringify(graphOf(run))).toContain("1b47061264138c4ac30d75fd1eb44270");
  });

  it("uses the answers given for computed values, and runs again from scratch", async () => {
    const run = await record(async () => value(new Box("a").topicArn), { computed: () => ({ arn: "arn:x" }) });
    expect([run.result, run.resources.length]).toEqual(["arn:x", 2]);
  });

  it("rejects a look-up without an answer", async () => {
    await expect(record(() => aws.getRegion().catch(() => 0))).rejects.toThrow(
      "aws:index/getRegion:getRegion was called",
    );
  });
});
