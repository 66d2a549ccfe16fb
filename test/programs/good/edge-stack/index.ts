/** Style: many small stacks; this one has no compute, and takes the origins from stack references. */
import * as pulumi from "@pulumi/pulumi";
import { failover } from "../house/edge";
import { domain } from "../house/settings";

const origins = Object.fromEntries(
  ["us-east-2", "us-central1", "us-west-2"].map((region) => {
    const stack = new pulumi.StackReference(`house/region/${region}`);
    return [region, stack.requireOutput("address")];
  }),
);
failover(`api.${domain}`, origins);
