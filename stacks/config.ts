import { z } from "zod";
import { formatIssues, type Issue, pathText, shown, sortIssues } from "../components/sizing/issues";

const NAMESPACE = "twodoor";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "an image digest: `sha256:` and 64 hexadecimal characters");
const hexadecimalId = z.string().regex(/^[0-9a-f]{32}$/, "an id of 32 lower-case hexadecimal characters");
const emails = z.array(z.email("an e-mail address"));
const shared = {
  region: z.string(),
  cidrBlock: z.string(),
  weight: z.number().exactOptional(),
  serving: z.boolean().exactOptional(),
  imageDigest: digest.exactOptional(),
};

/** The settings of one stack, as the `twodoor:` keys of its `Pulumi.<stack>.yaml` hold them. Each key is described there. */
const settingsSchema = z.strictObject({
  stage: z.enum(["foundation", "service", "enforcement"]),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,12}[a-z0-9]$/, "2 to 14 lower-case letters, digits and hyphens, a letter first"),
  hostname: z.string(),
  cloudflare: z.strictObject({
    accountId: hexadecimalId,
    zoneId: hexadecimalId,
    zoneName: z.string(),
    plan: z.enum(["pro", "business", "enterprise"]),
    trafficSteeringEntitled: z.boolean().exactOptional(),
    ownsZone: z.boolean(),
    checkRegions: z.array(z.string()).exactOptional(),
    rateLimit: z
      .strictObject({
        requestsPerPeriod: z.number().exactOptional(),
        periodSeconds: z.number().exactOptional(),
        mitigationTimeoutSeconds: z.number().exactOptional(),
      })
      .exactOptional(),
  }),
  aws: z.strictObject({
    accountId: z.string().regex(/^\d{12}$/, "an AWS account id: 12 digits, in quotes"),
    providerRegion: z.string(),
    stsRegion: z.string().exactOptional(),
  }),
  imageDigest: digest.exactOptional(),
  regions: z
    .array(
      z.discriminatedUnion("cloud", [
        z.strictObject({ cloud: z.literal("aws"), availabilityZones: z.array(z.string()), ...shared }),
        z.strictObject({ cloud: z.literal("gcp"), project: z.string(), ...shared }),
      ]),
    )
    .min(1, "a list of at least one region"),
  steeringPolicy: z.enum(["off", "random", "proximity", "least_outstanding_requests"]).exactOptional(),
  capacity: z.strictObject({
    peakRequestsPerSecond: z.number(),
    requestsPerSecondPerReplica: z.number(),
    worstSharePercent: z.number().exactOptional(),
    serverlessRequestsPerSecondMax: z.number().exactOptional(),
    cloudRunInstancesMax: z.number().exactOptional(),
    fargateVcpusMax: z.number().exactOptional(),
  }),
  container: z
    .strictObject({
      vcpus: z.number().exactOptional(),
      memoryMib: z.number().exactOptional(),
      logLevel: z.string().exactOptional(),
    })
    .exactOptional(),
  environment: z.record(z.string(), z.string()).exactOptional(),
  journal: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("sandbox") }),
    z.strictObject({
      kind: z.literal("nats"),
      voters: z.array(z.strictObject({ provider: z.string(), region: z.string(), address: z.string() })),
    }),
  ]),
  originPulls: z
    .strictObject({ generations: z.array(z.string()).min(1, "a list of at least one generation"), active: z.string() })
    .exactOptional(),
  alarmEmails: emails.exactOptional(),
  deletionProtected: z.boolean().exactOptional(),
  github: z
    .strictObject({
      repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "a repository as `OWNER/NAME`"),
      environment: z.string(),
    })
    .exactOptional(),
  unreachable: z.array(z.enum(["aws", "gcp"])).exactOptional(),
  journalCredentials: z.string().exactOptional(),
  secrets: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/, "a variable name in capitals"), z.string()).exactOptional(),
});

/** One stack's settings, checked. */
export type Settings = z.infer<typeof settingsSchema>;

/** One region of the settings. */
export type RegionSettings = Settings["regions"][number];

/** Keys whose values are secret: their contents never show in a message. */
export const SECRET_KEYS: readonly string[] = ["journalCredentials", "secrets"];

/** The settings cannot be used. Prints as its message alone: Pulumi takes it for a `RunError`. */
export class SettingsError extends Error {
  /** `pulumi.RunError`'s marker, set here so that this file needs no SDK. */
  readonly __pulumiRunError = true;

  /** The problems, sorted by path. */
  readonly issues: Issue[];

  constructor(stack: string, issues: Issue[]) {
    super(formatIssues(`Settings of stack "${stack}" (stacks/Pulumi.${stack}.yaml)`, issues));
    this.name = "SettingsError";
    this.issues = issues;
  }
}

/**
 * The settings of one stack.
 *
 * @param stack - its name, for messages.
 * @param raw - what Pulumi hands to the program: every configuration key with its namespace, structured values as JSON text.
 * @throws SettingsError with every problem, and the command that mends each.
 */
export function parseSettings(stack: string, raw: Record<string, string>): Settings {
  const values = Object.fromEntries(
    Object.entries(raw)
      .filter(([key]) => key.startsWith(`${NAMESPACE}:`))
      .map(([key, text]) => [key.slice(NAMESPACE.length + 1), text])
      .map(([key = "", text = ""]) => [key, key === "journalCredentials" ? text : structured(text)]),
  );
  const parsed = settingsSchema.safeParse(values, { reportInput: true });
  const issues = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => toIssues(issue))),
    ...(parsed.success ? stageIssues(parsed.data) : []),
  ];
  if (!parsed.success || issues.length > 0) throw new SettingsError(stack, sortIssues(issues));
  return parsed.data;
}

/** What a later stage needs and an earlier one does not. */
function stageIssues({ stage, imageDigest, originPulls, regions }: Settings): Issue[] {
  if (stage === "foundation") return [];
  const issues: Issue[] = [];
  if (imageDigest === undefined && regions.some((region) => region.imageDigest === undefined)) {
    issues.push({
      path: "imageDigest",
      expected: 'a digest from stage "service" on',
      got: "nothing",
      fix: setCommand("imageDigest", "sha256:...", "push an image to every registry, then run"),
    });
  }
  if (stage === "enforcement" && originPulls === undefined) {
    issues.push({
      path: "originPulls",
      expected: 'certificate generations at stage "enforcement"',
      got: "nothing",
      fix: setCommand("originPulls.generations[0]", "a", 'go back to stage "service" and run'),
    });
  }
  return issues;
}

function toIssues(issue: z.core.$ZodIssue): Issue[] {
  const path = pathText(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      expected: "a key that exists",
      got: "an unknown one",
      fix: `remove it: pulumi config rm --path '${NAMESPACE}:${pathText([...issue.path, key])}'`,
    }));
  }
  return [
    {
      path,
      expected: expectation(issue),
      got: SECRET_KEYS.includes(String(issue.path[0])) ? "a secret of another form" : shown(inputOf(issue)),
      fix: setCommand(path, "VALUE", "run"),
    },
  ];
}

/** What stands at the issue's path: of a union, zod hands over the whole object where its discriminator is meant. */
function inputOf(issue: z.core.$ZodIssue): unknown {
  if (issue.code !== "invalid_union" || issue.discriminator === undefined) return issue.input;
  const input = issue.input;
  return typeof input === "object" && input !== null
    ? Object.entries(input).find(([key]) => key === issue.discriminator)?.[1]
    : input;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? `a value (${issue.expected})` : `a value of type ${issue.expected}`;
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_union":
      return `one of ${("options" in issue ? (issue.options ?? []) : []).map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_format":
    case "too_small":
    case "invalid_key":
      return issue.message;
    default:
      return issue.message;
  }
}

function setCommand(path: string, value: string, lead: string): string {
  const secret = SECRET_KEYS.includes(path.split(/[.[]/)[0] ?? "");
  return `${lead}: pulumi config set ${secret ? "--secret " : ""}--path '${NAMESPACE}:${path}' ${value}`;
}

/** Pulumi hands structured values and typed scalars over as JSON text, and plain strings as they are. */
function structured(text: string): unknown {
  if (!/^(?:[[{]|true$|false$|-?\d+(?:\.\d+)?$)/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
