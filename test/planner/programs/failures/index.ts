// Fails in the way that the stack's setting `how` names. `test/planner/failures.test.ts` knows the lines.
import { spawn } from "node:child_process";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../../../components/errors";

const config = new pulumi.Config();
const vpc = (name: string) => new aws.ec2.Vpc(name, { cidrBlock: "10.0.0.0/16", region: "us-east-2" });

const ways: Record<string, () => unknown> = {
  throws: () => {
    throw new Error("the shelf is empty");
  },
  rejects: () => Promise.reject(new Error("the promise was not kept")),
  "lacks-config": () => config.require("apiKey"),
  refuses: () => {
    refuse('Shelf "shelf"', [{ path: "height", expected: "at least 1", got: "0", fix: "raise it" }]);
  },
  repeats: () => [vpc("twice"), vpc("twice"), setInterval(() => undefined, 1000)],
  hangs: () => {
    for (;;);
  },
  "logs-error": () => pulumi.log.error("the door is locked"),
  ambient: () => vpc("network"),
  prints: () => {
    process.stdout.write("a line on standard output\n");
    void pulumi.log.warn("a warning");
    // Outlives the program unless somebody ends it.
    const left = spawn("sleep", ["600"], { stdio: "ignore" });
    left.unref();
    return { environment: Object.keys(process.env).sort(), left: left.pid, region: vpc("network").region };
  },
};

export const result = ways[config.require("how")]?.();
