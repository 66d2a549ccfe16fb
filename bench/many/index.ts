// A quarter each of topics, what listens to them, alarms that tell them, and logs: cheap, and half of them depend on another.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const count = new pulumi.Config().requireNumber("resources");
const tags = { service: "bench", "twodoor:serving": "false" };

for (let at = 0; at < count / 4; at += 1) {
  const name = `bench-${String(at)}`;
  const topic = new aws.sns.Topic(name, { displayName: `Topic ${String(at)}`, tags });
  new aws.sns.TopicSubscription(name, { topic: topic.arn, protocol: "https", endpoint: `https://example.com/${name}` });
  new aws.cloudwatch.MetricAlarm(name, {
    alarmActions: [topic.arn],
    comparisonOperator: "GreaterThanThreshold",
    dimensions: { LoadBalancer: `app/${name}/0123456789abcdef` },
    evaluationPeriods: 2,
    metricName: "HTTPCode_ELB_5XX_Count",
    namespace: "AWS/ApplicationELB",
    period: 60,
    statistic: "Sum",
    threshold: 10,
    tags,
  });
  new aws.cloudwatch.LogGroup(name, { retentionInDays: 30, tags });
}
