import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A queue with its topic, made in one place and kept in another. */
class Inbox extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("demo:index:Inbox", name, { size: 3 }, opts);
    this.queue = new aws.sqs.Queue(`${name}-queue`, { fifoQueue: true }, { parent: this });
    new aws.sns.Topic(`${name}-topic`, { tags: { queue: this.queue.name } }, { parent: this, protect: false });
    this.registerOutputs({ arn: this.queue.arn });
  }
}

const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" }, { retainOnDelete: true });
const inbox = new Inbox("inbox", {
  protect: true,
  retainOnDelete: true,
  deletedWith: role,
  aliases: [{ name: "postbox" }, { type: "demo:index:Postbox" }],
});
const elsewhere = new Inbox("elsewhere", { parent: inbox, dependsOn: [role] });

const orders = new aws.dynamodb.Table(
  "orders",
  { hashKey: "id", attributes: [{ name: "id", type: "S" }], tags: { inbox: inbox.queue.arn } },
  {
    additionalSecretOutputs: ["streamArn", "hashKey"],
    aliases: [
      { name: "old-orders" },
      { type: "aws:dynamodb/globalTable:GlobalTable" },
      { parent: inbox },
      { parent: pulumi.rootStackResource },
      { project: "other-project" },
      { stack: "other-stack" },
      "urn:pulumi:dev::equal-options::aws:dynamodb/table:Table::by-urn",
      pulumi.output({ name: "by-input" }),
    ],
    customTimeouts: { create: "20m", delete: "1h30m" },
    deleteBeforeReplace: true,
    deletedWith: elsewhere,
    dependsOn: [elsewhere, pulumi.output(role)],
    hideDiffs: ["tags"],
    ignoreChanges: ["tags.owner", "attributes[0].type"],
    protect: true,
    replaceOnChanges: ["hashKey"],
    replaceWith: [role, inbox.queue],
    replacementTrigger: { generation: 2 },
    retainOnDelete: false,
  },
);
new aws.s3.Bucket("adopted", { bucket: "known-logs" }, { import: "known-logs" });
new aws.sqs.Queue("inbox-queue", {}, { deleteBeforeReplace: false });

export const queue = inbox.queue.url;
// An input that is secret as an output.
export const key = orders.hashKey;
