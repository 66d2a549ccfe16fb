import { readFile } from "node:fs/promises";
import * as aws from "@pulumi/aws";
import { Config, all, getProject, getStack, output, secret } from "@pulumi/pulumi";
import { names } from "./names.mjs";

const config = new Config();
const text = await readFile(new URL("./names.mjs", import.meta.url), "utf8");
const identity = await aws.getCallerIdentity({});
const zones = await aws.getAvailabilityZones({ state: "available" });

const queues = names.map((name) => new aws.sqs.Queue(name, { delaySeconds: config.requireNumber("delay") }));
for (const zone of zones.names) new aws.ebs.Volume(`disk-${zone}`, { availabilityZone: zone, size: 8 });
all(queues.map((queue) => queue.arn)).apply((arns) => arns.map((arn) => new aws.sns.Topic(`never-${arn}`)));
output(["a", "b"]).apply((known) => known.map((name) => new aws.sns.Topic(`made-${name}`, { displayName: name })));

export default async () => {
  await Promise.resolve();
  const topic = new aws.sns.Topic("late", {
    displayName: `${getProject()}-${getStack()}`,
    tags: { account: identity.accountId },
  });
  return {
    topic: topic.arn,
    lines: text.split("\n").length,
    password: secret(config.require("delay")),
    title: process.title,
  };
};
