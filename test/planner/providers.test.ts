/**
 * Proves the order in which the engine looks for a resource's provider, on a deployment made by hand: the Node.js SDK looks
 * through ancestors by itself, so a program cannot show all of it.
 */
import { expect, it } from "vitest";
import { newDeployment, type Deployment } from "../../planner/deployment";
import { defaultProvider, givenProvider } from "../../planner/engine/providers";
import { unknownValue } from "../../resilience/values";

function deploymentWith(components: Record<string, Record<string, string>> = {}): Deployment {
  const configuration = {
    values: { "aws:region": "us-east-2", "gcp:project": "p" },
    secretKeys: [],
    placeholders: [],
    madeUp: [],
    environments: [],
  };
  const deployment = newDeployment({ project: "shop", stack: "dev" }, configuration, {}, __dirname);
  for (const [urn, providers] of Object.entries(components)) deployment.componentProviders.set(urn, providers);
  return deployment;
}

const choice = { token: "aws:ec2/vpc:Vpc", explicit: "", own: {}, parent: "part" };
const request = { name: "aws", version: "7.48.0", url: "" };
const token = "aws:ec2/vpc:Vpc";

it("takes the explicit provider, then the resource's own map, then that of the component it belongs to", () => {
  const deployment = deploymentWith({ part: { aws: "part-aws::1" } });
  expect(givenProvider(deployment, { ...choice, explicit: "mine::1", own: { aws: "own::1" } })).toBe("mine::1");
  expect(givenProvider(deployment, { ...choice, own: { aws: "own::1", gcp: "other::1" } })).toBe("own::1");
  expect(givenProvider(deployment, choice)).toBe("part-aws::1");
  expect(givenProvider(deployment, { ...choice, parent: "elsewhere" })).toBe("");
});

it("makes one default provider for each version and address, with the package's configuration alone", () => {
  const deployment = deploymentWith();
  const first = defaultProvider(deployment, request, token);
  expect(first).toBe(`urn:pulumi:dev::shop::pulumi:providers:aws::default_7_48_0::${unknownValue}`);
  expect(defaultProvider(deployment, request, "aws:sqs/queue:Queue")).toBe(first);
  defaultProvider(deployment, { ...request, version: "" }, token);
  defaultProvider(deployment, { ...request, version: "1.0.0-alpha.1+b", url: "https://example.com/a b" }, token);
  const made = [...deployment.resources.values()].map(({ name, inputs }) => ({ name, inputs }));
  expect(made).toEqual([
    { name: "default_7_48_0", inputs: { region: "us-east-2", version: "7.48.0" } },
    { name: "default", inputs: { region: "us-east-2" } },
    {
      name: "default_1_0_0_alpha_1_b_https_/example.com/a_b",
      inputs: { region: "us-east-2", version: "1.0.0-alpha.1+b" },
    },
  ]);
});

it.each([
  ["", []],
  ['["gcp", " aws "]', ["aws", "gcp"]],
  ['["*"]', ["aws", "gcp"]],
])("makes none that %j disables, and Pulumi's own always", (setting, refused) => {
  const deployment = deploymentWith();
  deployment.configuration.values["pulumi:disable-default-providers"] = setting;
  const names = ["aws", "gcp", "pulumi"];
  const refuses = (name: string): boolean => {
    try {
      defaultProvider(deployment, { name, version: "", url: "" }, `${name}:a:A`);
      return false;
    } catch (error) {
      expect(String(error)).toBe(
        `Error: Default provider for '${name}' disabled. '${name}:a:A' must use an explicit provider.`,
      );
      return true;
    }
  };
  expect(names.filter(refuses)).toEqual(refused);
});
