// TypeScript whose lines are not those of what the SDK compiles it to: types and a blank line go.
import * as pulumi from "@pulumi/pulumi";

interface Args {
  tier: string;
}

const args: Args = { tier: "web" };

new pulumi.ComponentResource("shop:index:Site", "typed", args);
