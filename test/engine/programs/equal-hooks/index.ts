import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

const announce = new pulumi.ResourceHook("announce", async (args) => {
  await pulumi.log.info(`announce ${args.name}`);
});
const inPreview = new pulumi.ResourceHook("in-preview", () => undefined, { onDryRun: true });
const again = new pulumi.ErrorHook("again", () => false);

const bucket = new gcp.storage.Bucket(
  "bucket",
  { location: "EU" },
  {
    hooks: { beforeCreate: [announce, inPreview], afterCreate: [announce], beforeDelete: [announce], onError: [again] },
  },
);
new gcp.pubsub.Topic(
  "topic",
  {},
  { hooks: { beforeUpdate: [announce], afterUpdate: [() => undefined], afterDelete: [inPreview] } },
);

class Feed extends pulumi.ComponentResource {
  readonly topic: gcp.pubsub.Topic;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("demo:index:Feed", name, {}, { ...opts, hooks: { afterCreate: [announce] } });
    this.topic = new gcp.pubsub.Topic(`${name}-topic`, { labels: { of: name } }, { parent: this });
    // Its own outputs twice, and the same.
    this.registerOutputs({ topic: this.topic.id });
  }
}

/** Never says what it made. */
class Quiet extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("demo:index:Quiet", name, undefined, opts);
    setTimeout(() => new gcp.pubsub.Topic(`${name}-late`, {}, { parent: this }), 5);
  }
}

const feeds = ["north", "south", "east", "west"].map((name) => new Feed(name));
new Quiet("quiet", { dependsOn: feeds });
new gcp.pubsub.Subscription(
  "subscription",
  { topic: feeds[0]?.topic.id ?? "" },
  { dependsOn: pulumi.output(feeds.map((feed) => feed.topic)) },
);
void pulumi.log.warn("a warning", bucket);
void pulumi.log.debug("a detail");
void pulumi.log.info("for the reader", bucket, 1, true);

module.exports = {
  bucket,
  feeds,
  location: bucket.location,
  secret: pulumi.secret("hush"),
  nested: { topics: feeds.map((feed) => feed.topic.name) },
};
