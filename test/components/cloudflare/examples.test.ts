// Proves: each Cloudflare example runs as it stands, makes what it says through its one explicit provider, and Cloudflare's contracts find
// nothing in it. Does not prove that an account accepts it.
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record } from "../../support/mocks";
import { skipped } from "../../support/skip";

const settings = {
  "edge:accountId": "0123456789abcdef0123456789abcdef",
  "edge:zoneId": "fedcba9876543210fedcba9876543210",
  "edge:apiToken": "a-token-of-forty-characters-that-is-none",
  "edge:ohioAddress": "ohio.elb.us-east-2.amazonaws.com",
  "edge:iowaAddress": "34.120.0.7",
};

beforeEach(() => {
  vi.resetModules();
  pulumi.runtime.setAllConfig(settings);
});
afterEach(() => {
  pulumi.runtime.setAllConfig({});
});

/** Runs `examples/cloudflare-<name>.ts` from scratch. */
const run = (name: string) => record(() => vi.importActual(`../../../examples/cloudflare-${name}`));

describe("Cloudflare's examples", () => {
  it.each([
    ["load-balancer", 6, 1],
    ["origin-pulls", 8, 2],
    ["zone", 8, 1],
  ])("%s: %i resources through %i provider", async (name, resources, providers) => {
    const recording = await run(name);
    const custom = recording.resources.filter(({ custom }) => custom);
    const made = custom.filter(({ type }) => !type.startsWith("pulumi:providers:"));
    expect([made.length, custom.length - made.length]).toEqual([resources, providers]);
    expect(made.filter(({ provider }) => provider === "").map(({ urn }) => urn)).toEqual([]);
  });
});

const missing = contractsMissing();
describe.skipIf(skipped(missing))("Cloudflare's contracts", () => {
  it.each(["load-balancer", "origin-pulls", "zone"])("find nothing in %s", async (name) => {
    expect(contractFindings(graphOf(await run(name)))).toEqual([]);
  });
});
