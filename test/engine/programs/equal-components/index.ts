import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

type Options = pulumi.ComponentResourceOptions;

/** A queue for letters that nobody could deliver. */
class Letters extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;

  constructor(name: string, opts?: Options) {
    super("demo:mail/letters:Letters", name, { kept: "14 days" }, opts);
    this.queue = new aws.sqs.Queue(`${name}-queue`, { messageRetentionSeconds: 1_209_600 }, { parent: this });
    this.registerOutputs({ arn: this.queue.arn });
    this.registerOutputs({ arn: this.queue.arn, name: "queue" });
  }
}

/** Two queues that know each other. */
class Mailbox extends pulumi.ComponentResource {
  readonly letters: Letters;
  readonly queue: aws.sqs.Queue;
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: { topic?: aws.sns.Topic; size: pulumi.Input<number> }, opts?: Options) {
    super("demo:mail:Mailbox", name, args, opts);
    this.letters = new Letters(`${name}-letters`, { parent: this });
    this.queue = new aws.sqs.Queue(
      `${name}-queue`,
      { redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: this.letters.queue.arn, maxReceiveCount: 5 }) },
      { parent: this },
    );
    this.address = pulumi.interpolate`https://${this.queue.name}.example.com`;
    if (args.topic !== undefined) {
      new aws.sns.TopicSubscription(
        `${name}-subscription`,
        { topic: args.topic, protocol: "sqs", endpoint: this.queue.arn },
        { parent: args.topic, dependsOn: this },
      );
    }
    this.registerOutputs({
      address: this.address,
      letters: this.letters,
      queue: this.queue,
      secret: pulumi.secret(name),
    });
  }
}

/** Says nothing of what it made. */
class Silent extends pulumi.ComponentResource {
  constructor(name: string, opts?: Options) {
    super("demo:mail:Silent", name, {}, opts);
    new Letters("letters", { parent: this });
  }
}

const topic = new aws.sns.Topic("topic", {});
const first = new Mailbox("first", { topic, size: 1 });
const second = new Mailbox("second", { size: topic.id.apply((id) => id.length) }, { dependsOn: first });
const silent = new Silent("silent", { dependsOn: [second, topic] });
new Letters("letters", { dependsOn: pulumi.output([silent, second]) });
new aws.sqs.Queue("first-queue", { tags: { address: first.address } }, { dependsOn: [first, Promise.resolve(second)] });
new aws.cloudwatch.MetricAlarm(
  "full",
  {
    comparisonOperator: "GreaterThanThreshold",
    evaluationPeriods: 1,
    dimensions: { QueueName: second.letters.queue.name },
  },
  { parent: second.letters.queue, dependsOn: silent },
);

export const addresses = pulumi.all([first, second].map(({ address }) => address));
export const letters = { first: first.letters.queue.arn, size: [first, second].length };
