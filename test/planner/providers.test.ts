/**
 * Proves the order in which the engine looks for a resource's provider, on a deployment made by hand: the Node.js SDK looks
 * through ancestors by itself, so a program cannot show all of it.
 */
import { expect, it } from "vitest";
import { newDeployment, type Deployment, type RecordedResource } from "../../planner/deployment";
import { chooseProvider } from "../../planner/providers";
import { unknownValue } from "../../resilience/values";

function deploymentWith(...components: { urn: string; parent: string; provider?: string }[]): Deployment {
  const configuration = {
    values: { "aws:region": "us-east-2", "gcp:project": "p" },
    secretKeys: [],
    placeholders: [],
    madeUp: [],
  };
  const deployment = newDeployment({ project: "shop", stack: "dev" }, configuration, {}, __dirname);
  for (const { urn, parent, provider } of components) {
    const recorded: RecordedResource = {
      urn,
      type: "test:index:Part",
      name: urn,
      parent,
      provider: "",
      inputs: {},
      dependencies: [],
      propertyDependencies: {},
      references: {},
      options: provider === undefined ? {} : { providers: { aws: provider } },
      frames: [],
    };
    deployment.resources.set(urn, recorded);
  }
  return deployment;
}

const choice = { token: "aws:ec2/vpc:Vpc", explicit: "", own: {}, parent: "inner", version: "7.48.0" };
const nested = [
  { urn: "outer", parent: "", provider: "outer-aws::1" },
  { urn: "inner", parent: "outer" },
];

it("takes the explicit provider, then the resource's own map, then the nearest ancestor's", () => {
  const deployment = deploymentWith(...nested);
  expect(chooseProvider(deployment, { ...choice, explicit: "mine::1", own: { aws: "own::1" } })).toBe("mine::1");
  expect(chooseProvider(deployment, { ...choice, own: { aws: "own::1", gcp: "other::1" } })).toBe("own::1");
  expect(chooseProvider(deployment, choice)).toBe("outer-aws::1");
  const nearer = deploymentWith(nested[0]!, { urn: "inner", parent: "outer", provider: "inner-aws::1" });
  expect(chooseProvider(nearer, choice)).toBe("inner-aws::1");
});

it("makes one default provider for each version, with the package's configuration alone", () => {
  const deployment = deploymentWith();
  const first = chooseProvider(deployment, { ...choice, parent: "" });
  expect(first).toBe(`urn:pulumi:dev::shop::pulumi:providers:aws::default_7_48_0::${unknownValue}`);
  expect(chooseProvider(deployment, { ...choice, parent: "", token: "aws:sqs/queue:Queue" })).toBe(first);
  chooseProvider(deployment, { ...choice, parent: "", version: "" });
  expect([...deployment.resources.values()].map(({ name, inputs }) => ({ name, inputs }))).toEqual([
    { name: "default_7_48_0", inputs: { region: "us-east-2", version: "7.48.0" } },
    { name: "default", inputs: { region: "us-east-2" } },
  ]);
});
