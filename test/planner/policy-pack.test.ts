/**
 * Proves that any CrossGuard pack for Node.js runs on a recorded design without the Pulumi CLI, by two small packs in the SDK's own host:
 * resource and stack policies, levels and configuration, what is not applicable, remediation, unknowns and secrets; and what is said of a
 * pack that is missing, written in another language, crashes, prints, throws or hangs. It does not prove that the engine would tell a pack
 * the same: outputs that no plan knows are absent here.
 */
import { afterAll, describe, expect, it } from "vitest";
import { runPolicyPack, type PackOptions } from "../../planner";
import { designFrom, later, ref, resource, secret, urnOf } from "../support/designs";
import { temporaryPack, type TemporaryPack } from "../support/packs";

const packs: TemporaryPack[] = [];
afterAll(() => {
  for (const pack of packs) pack.close();
});

function packOf(files: Record<string, string>, hasPackages = true): string {
  const pack = temporaryPack(files, hasPackages);
  packs.push(pack);
  return pack.directory;
}

const design = designFrom([
  resource("pulumi:providers:aws", "ohio", { region: "us-east-2" }),
  resource("aws:s3/bucket:Bucket", "logs", { bucketPrefix: "logs-", tags: { owner: "ops" } }, { provider: "ohio" }),
  resource(
    "aws:s3/bucket:Bucket",
    "orders",
    { bucketPrefix: later, tags: {} },
    { provider: "ohio", isProtected: true },
  ),
  resource(
    "aws:s3/bucketPolicy:BucketPolicy",
    "open",
    { bucket: ref("logs", "id"), policy: secret },
    { provider: "ohio", parent: "logs" },
  ),
]);

const RESOURCE_PACK = `
const { PolicyPack } = require("@pulumi/policy");
const BUCKET = "aws:s3/bucket:Bucket";
new PolicyPack("tiny-resources", { policies: [
  { name: "named", description: "A bucket has the prefix that is asked for.", enforcementLevel: "mandatory", severity: "high",
    configSchema: { properties: { prefix: { type: "string", default: "app-" } } },
    validateResource: (args, report) => {
      if (args.type !== BUCKET) return args.notApplicable("no bucket");
      const { prefix } = args.getConfig();
      if (args.props.bucketPrefix !== prefix) report(args.name + " in " + args.provider.props.region + " wants " + prefix);
    } },
  { name: "owned", description: "A bucket has an owner.", enforcementLevel: "remediate",
    remediateResource: ({ type, props }) => {
      if (type !== BUCKET || props.tags.owner !== undefined) return;
      props.tags.owner = "nobody";
      return props;
    },
    validateResource: ({ type, props }, report) => {
      if (type === BUCKET && props.tags.owner === "nobody") report("belongs to nobody");
    } },
  { name: "quiet", description: "Secrets are not seen.", enforcementLevel: "advisory",
    validateResource: ({ type, props }, report) => {
      if (type === "aws:s3/bucketPolicy:BucketPolicy") report("policy is " + props.policy);
    } },
  { name: "off", description: "Nobody asks.", enforcementLevel: "disabled", validateResource: (args, report) => report("asked") },
] });`;

const STACK_PACK = `
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("tiny-stack", { enforcementLevel: "mandatory", policies: [
  { name: "shape", description: "The graph is told.",
    validateStack: ({ resources }, report) => {
      const open = resources.find((r) => r.name === "open");
      report([open.parent.name, open.dependencies.map((r) => r.name), Object.keys(open.propertyDependencies),
        open.propertyDependencies.bucket.map((r) => r.name), resources.find((r) => r.name === "orders").opts.protect,
        resources.length].join(" "), open.urn);
    } },
  { name: "nothing", description: "Nothing to see.", validateStack: ({ notApplicable }) => notApplicable("no lambdas") },
], }, { shape: "advisory" });`;

describe("a pack of resource policies", () => {
  const directory = packOf({ "index.js": RESOURCE_PACK });

  it("reports what it finds, with levels, severities, URNs and what was not applicable", async () => {
    const report = await runPolicyPack(directory, design);
    expect({
      ...report,
      findings: report.findings.map(({ policy, level, severity, urn, message }) => [
        policy,
        level,
        severity,
        urn,
        message,
      ]),
    }).toEqual({
      name: "tiny-resources",
      version: "1.2.3",
      policies: [
        {
          name: "named",
          description: "A bucket has the prefix that is asked for.",
          kind: "resource",
          level: "mandatory",
          isApplicable: true,
        },
        { name: "off", description: "Nobody asks.", kind: "resource", level: "disabled", isApplicable: false },
        {
          name: "owned",
          description: "A bucket has an owner.",
          kind: "resource",
          level: "remediate",
          isApplicable: true,
        },
        {
          name: "quiet",
          description: "Secrets are not seen.",
          kind: "resource",
          level: "advisory",
          isApplicable: true,
        },
      ],
      findings: [
        [
          "named",
          "mandatory",
          "high",
          urnOf(design, "logs"),
          "A bucket has the prefix that is asked for.\nlogs in us-east-2 wants app-",
        ],
        [
          "named",
          "advisory",
          "high",
          urnOf(design, "orders"),
          "can't run policy 'named' from policy pack 'tiny-resources@v1.2.3' during preview: string value at .bucketPrefix can't be known during preview",
        ],
        ["owned", "mandatory", null, urnOf(design, "orders"), "A bucket has an owner.\nbelongs to nobody"],
        ["quiet", "advisory", null, urnOf(design, "open"), "Secrets are not seen.\npolicy is [secret]"],
      ],
      remediations: [{ policy: "owned", urn: urnOf(design, "orders") }],
    });
  });

  it("takes a configuration: levels, properties, and a level for all", async () => {
    const configuration: PackOptions["configuration"] = {
      all: "advisory",
      named: { prefix: "logs-" },
      owned: "disabled",
      off: { enforcementLevel: "mandatory" },
    };
    const { findings, policies, remediations } = await runPolicyPack(directory, design, { configuration });
    expect(policies.map(({ name, level }) => [name, level])).toEqual([
      ["named", "advisory"],
      ["off", "mandatory"],
      ["owned", "disabled"],
      ["quiet", "advisory"],
    ]);
    // One for each resource, the stack and the provider among them.
    expect(findings.filter(({ policy }) => policy === "off")).toHaveLength(design.resources.length);
    expect(findings.filter(({ policy }) => policy === "named").map(({ urn }) => urn)).toEqual([
      urnOf(design, "orders"),
    ]);
    expect(remediations).toEqual([]);
  });

  it("gives the place in the program where it was recorded, and asks nothing about what is only read", async () => {
    const located = {
      ...design,
      resources: design.resources.map((one) => ({
        ...one,
        location: one.name === "logs" ? { file: "index.ts", line: 12 } : null,
        isExternal: one.name === "orders",
      })),
    };
    const { findings } = await runPolicyPack(directory, located);
    expect(findings.map(({ policy, location }) => [policy, location])).toEqual([
      ["named", { file: "index.ts", line: 12 }],
      ["quiet", null],
    ]);
  });
});

describe("a pack of stack policies", () => {
  it("is told parents, dependencies and options, and its own levels hold", async () => {
    const directory = packOf({
      "index.js": STACK_PACK,
      "PulumiPolicy.yaml": "runtime:\n  name: nodejs\nversion: 9.9.9\n",
    });
    const { version, policies, findings } = await runPolicyPack(directory, design);
    expect(version).toBe("9.9.9");
    expect(policies.map(({ name, kind, level, isApplicable }) => [name, kind, level, isApplicable])).toEqual([
      ["nothing", "stack", "mandatory", false],
      ["shape", "stack", "advisory", true],
    ]);
    expect(findings).toEqual([
      {
        policy: "shape",
        level: "advisory",
        severity: null,
        urn: urnOf(design, "open"),
        message: `The graph is told.\nlogs logs bucket logs true ${String(design.resources.length)}`,
        location: { file: "main.ts", line: 4 },
      },
    ]);
  });
});

describe("a pack that cannot be asked", () => {
  const failing: [string, Record<string, string>, RegExp][] = [
    [
      "crashes",
      { "index.js": 'throw new Error("no such rule");' },
      /ended with status \d+ before it had answered\.\n[^]*no such rule/,
    ],
    ["ends", { "index.js": "process.exit(0);" }, /ended with status 0 before it had answered\.$/],
    [
      "prints",
      { "index.js": 'console.log("hello"); setInterval(() => {}, 1000);' },
      /printed "hello" where its port was due/,
    ],
    [
      "throws in a policy",
      {
        "index.js": `new (require("@pulumi/policy").PolicyPack)("tiny", { policies: [
          { name: "bad", description: "Throws.", validateStack: () => { throw new TypeError("undefined is no rule"); } }] });`,
      },
      /failed\.\n[^]*Error validating resource with policy 'bad'[^]*undefined is no rule/,
    ],
    [
      "ends while it is asked",
      {
        "index.js": `new (require("@pulumi/policy").PolicyPack)("tiny", { policies: [
          { name: "bad", description: "Ends.", validateStack: () => process.exit(7) }] });`,
      },
      /ended with status 7 before it had answered\.$/,
    ],
  ];
  it.each(failing)("that %s", async (_what, files, message) => {
    const asked = runPolicyPack(packOf(files), design);
    await expect(asked).rejects.toThrow(message);
    await expect(asked).rejects.toHaveProperty("name", "PolicyPackError");
  });

  it("that hangs is stopped after its time", async () => {
    const asked = runPolicyPack(packOf({ "index.js": "setInterval(() => {}, 1000);" }), design, { timeoutSeconds: 2 });
    await expect(asked).rejects.toThrow(/had not answered after 2 s and was stopped\.$/);
  });

  it("that is stopped by the caller", async () => {
    const signal = AbortSignal.abort();
    const asked = runPolicyPack(packOf({ "index.js": "setInterval(() => {}, 1000);" }), design, { signal });
    await expect(asked).rejects.toThrow(/was stopped\.$/);
  });

  it("that is written in Python", async () => {
    const directory = packOf({ "PulumiPolicy.yaml": "runtime: python\n" });
    await expect(runPolicyPack(directory, design)).rejects.toThrow(
      `The policy pack in ${directory} is written for the runtime "python", and only packs for "nodejs" run without the Pulumi CLI.`,
    );
  });

  it("whose packages are not installed", async () => {
    const directory = packOf({ "index.js": "" }, false);
    await expect(runPolicyPack(directory, design)).rejects.toThrow(
      `Cannot find @pulumi/pulumi from ${directory}. Install the pack's packages first: npm install`,
    );
  });

  it.each([
    ["that is not there", "/nowhere", 'expected a directory with a PulumiPolicy.yaml, got "/nowhere"'],
    [
      "without a runtime",
      packOf({ "PulumiPolicy.yaml": "description: nothing\n" }),
      "expected the name of a language, got none",
    ],
    ["that is no YAML", packOf({ "PulumiPolicy.yaml": "a: [\n" }), "expected YAML"],
  ])("%s", async (_what, directory, message) => {
    const asked = runPolicyPack(directory, design);
    await expect(asked).rejects.toThrow(message);
    await expect(asked).rejects.toHaveProperty("name", "SettingsError");
  });
});
