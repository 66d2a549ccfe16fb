import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const counter: pulumi.dynamic.ResourceProvider = {
  create: (inputs: { step: number }) => Promise.resolve({ id: "counter", outs: { ...inputs, count: inputs.step } }),
};

class Counter extends pulumi.dynamic.Resource {
  declare readonly count: pulumi.Output<number>;

  constructor(name: string, args: { step: pulumi.Input<number> }, opts?: pulumi.CustomResourceOptions) {
    super(counter, name, { count: undefined, ...args }, opts);
  }
}

const queue = new aws.sqs.Queue("queue", {});
const one = new Counter("one", { step: 1 }, { dependsOn: [queue] });
new aws.ssm.Parameter("count", { type: "String", value: pulumi.interpolate`${one.count}` });

export const { count } = one;
