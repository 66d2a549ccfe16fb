import { z } from "zod";
import { formatIssues, type Issue, pathText, shown, sortIssues } from "../components/sizing/issues";
import { Cloud, regionFacts } from "../components/sizing/regions";
import type { DeclaredSettings } from "../resilience/declared";
import { Level } from "./rule";
import { rules } from "./rules";
import { parameters, ruleSettings, type RuleSettings } from "./settings";
import type { Waiver } from "./waivers";

/** What somebody chose about one rule. */
export interface RuleChoice {
  /** Undefined: the rule's own level. */
  level: Level | "disabled" | undefined;
  /** Why; undefined where nobody said. */
  reason: string | undefined;
}

/** The settings of a check, all defaults filled in. */
export interface Settings {
  /** Level of every rule that `rules` gives none; undefined: each rule's own. */
  all: Level | "disabled" | undefined;
  /** By rule id; only rules that the settings name. */
  rules: ReadonlyMap<string, RuleChoice>;
  /** Numbers that rules compare with. */
  parameters: RuleSettings;
  waivers: readonly Waiver[];
  design: DeclaredSettings;
}

/** Settings that cannot be used, with every problem. */
export class PolicySettingsError extends Error {
  /** The problems, sorted by path. */
  readonly issues: Issue[];

  constructor(source: string, issues: Issue[]) {
    super(formatIssues(`Settings in ${source}`, issues));
    this.name = "PolicySettingsError";
    this.issues = sortIssues(issues);
  }
}

const level = z.enum([Level.Mandatory, Level.Advisory, "disabled"]);
const sentence = z.string().trim().min(1, "a text that is not empty");

/** A place as failure domains are called. Regions of AWS and Google must be ones that the region table holds: a misspelt one would count as independent. */
const domain = z
  .string()
  .regex(/^(?:aws|gcp|cloudflare|other):[a-z0-9-]+$/, "a cloud and a region: `aws:us-east-2`")
  .refine((text) => {
    const [cloud = "", region = ""] = text.split(":");
    if (cloud !== Cloud.Aws && cloud !== Cloud.Gcp) return true;
    return regionFacts(cloud, region) !== undefined;
  }, "a region that its cloud has: `aws:us-east-2`, `gcp:us-central1`");

const requests = z.number().positive();

const capacity = z
  .strictObject({
    peakRequestsPerSecond: requests.describe("Load that must be carried, in requests a second."),
    requestsPerSecondPerUnit: requests.describe("What one task or instance answers in a second."),
    perUnit: z.record(z.string(), requests).exactOptional().describe("The same for computes, by logical name or URN."),
    worstSharePercent: z
      .number()
      .min(1)
      .max(100)
      .exactOptional()
      .describe("Largest share that one pool can get under steering by clients' place."),
  })
  .exactOptional();

/** What nobody can read off resources, as the settings declare it. Absent is not declared. */
export const designForm = z.strictObject({
  capacity: capacity.describe("Load of each hostname that has none of its own."),
  hostnames: z
    .record(z.string(), z.strictObject({ capacity }))
    .exactOptional()
    .describe("Load of one hostname, by its name."),
  quorums: z
    .record(z.string(), z.array(z.strictObject({ provider: sentence, region: sentence })))
    .exactOptional()
    .describe("Voters of each quorum that no resource stands for, by group."),
  propagationSeconds: z
    .number()
    .min(0)
    .exactOptional()
    .describe("Seconds from a health decision to every data centre of the edge."),
  origins: z.record(z.string(), domain).exactOptional().describe("Places of addresses outside the design."),
  poolOrder: z
    .record(z.string(), z.array(sentence))
    .exactOptional()
    .describe("Names of pools in failover order, by hostname."),
  poolWeights: z
    .record(z.string(), z.record(z.string(), z.number().min(0)))
    .exactOptional()
    .describe("Shares of pools under random steering, by hostname and the pool's name."),
});

/** The rule that judges the waivers, and is the one that cannot be waived. */
export const WAIVERS_RULE = "GOV-01";

/** The key under which a design is declared; the name of the pack's policy that reads it. */
export const DESIGN_KEY = "design";

/** The key of a level for all rules. */
const ALL_KEY = "all";

const ids = rules.map(({ id }) => id);

const waiverForm = z.strictObject({
  rule: z.string().refine((id) => id !== WAIVERS_RULE && ids.includes(id), {
    error: `the id of a rule (${WAIVERS_RULE} judges the waivers, and cannot be waived)`,
  }),
  urn: sentence,
  reason: sentence,
  owner: sentence,
  expires: z.iso.date("a day as `2026-12-31`"),
});

const choiceForm = z.object({ enforcementLevel: level.optional(), reason: sentence.optional() });
const waiversForm = z.object({ waivers: z.array(waiverForm).default([]) });

/** What one rule may be given: its level, the reason for it, and its parameters; the waivers too where it judges them. */
export function ruleForm(id: string): z.ZodObject {
  const own = new Map<string, z.ZodRawShape>(Object.entries(parameters)).get(id) ?? {};
  return z.strictObject({ ...choiceForm.shape, ...own, ...(id === WAIVERS_RULE ? waiversForm.shape : {}) });
}

/** Settings in which nobody has set anything. */
export function defaultSettings(): Settings {
  return inspectSettings({}).settings;
}

/**
 * The settings that a value holds, as JSON or YAML was read: `{ "TOP-02": { "regionsMin": 3 }, "EDG-06": "disabled" }`. The same form
 * is `twodoor check --settings` and `pulumi preview --policy-pack-config`.
 *
 * @param source - where it was read, for the message.
 * @throws PolicySettingsError with every problem.
 */
export function parseSettings(value: unknown, source: string): Settings {
  const { settings, issues } = inspectSettings(value);
  if (issues.length > 0) throw new PolicySettingsError(source, issues);
  return settings;
}

/** The same without throwing: what cannot be used has its default in `settings`, and an issue. */
export function inspectSettings(value: unknown): { settings: Settings; issues: Issue[] } {
  const issues: Issue[] = [];
  const given = entriesOf(value, issues);
  const read = <T>(form: z.ZodType<T>, key: string, otherwise: unknown): T => {
    const parsed = form.safeParse(given.get(key) ?? {}, { reportInput: true });
    if (parsed.success) return parsed.data;
    issues.push(...parsed.error.issues.flatMap((issue) => issuesOf(issue, key, form)));
    return form.parse(otherwise);
  };
  const choices = new Map<string, RuleChoice>();
  const numbers: Record<string, unknown> = {};
  for (const id of ids) {
    const { enforcementLevel, reason, waivers: _, ...own } = read(ruleForm(id), id, {});
    Object.assign(numbers, own);
    const { data } = choiceForm.safeParse({ enforcementLevel, reason });
    if (given.has(id)) choices.set(id, { level: data?.enforcementLevel, reason: data?.reason });
  }
  const waivers = waiversForm.safeParse(given.get(WAIVERS_RULE) ?? {});
  return {
    settings: {
      all: read(z.strictObject({ enforcementLevel: level.optional() }), ALL_KEY, {}).enforcementLevel,
      rules: choices,
      parameters: ruleSettings.parse(numbers),
      waivers: waivers.data?.waivers ?? [],
      design: read(designForm, DESIGN_KEY, {}),
    },
    issues: sortIssues(issues),
  };
}

/** What is set, by key; a level alone is the same as an object that holds it. */
function entriesOf(value: unknown, issues: Issue[]): Map<string, unknown> {
  if (value === null || value === undefined) return new Map();
  if (typeof value !== "object" || Array.isArray(value)) {
    issues.push({ path: "settings", expected: "an object", got: shown(value), fix: "write rule ids as its keys" });
    return new Map();
  }
  const known = new Set([...ids, ALL_KEY, DESIGN_KEY]);
  const entries = Object.entries(value).filter(([key]) => {
    if (known.has(key)) return true;
    issues.push({
      path: key,
      expected: `a rule's id, "${ALL_KEY}" or "${DESIGN_KEY}"`,
      got: "another name",
      fix: fixOf(key),
    });
    return false;
  });
  return new Map(
    entries.map(([key, own]): [string, unknown] => [key, typeof own === "string" ? { enforcementLevel: own } : own]),
  );
}

/** What was meant, where it is one of ours in another spelling: `top-02`, `TOP02`, `top_2`. */
function fixOf(key: string): string {
  const meant = ids.find((id) => letters(id) === letters(key));
  return meant === undefined ? "remove it; `twodoor check --rules` lists the ids" : `write ${meant}`;
}

function letters(id: string): string {
  return id.toLowerCase().replace(/[^a-z0-9]|0(?=\d)/g, "");
}

function issuesOf(issue: z.core.$ZodIssue, key: string, form: z.ZodType): Issue[] {
  const path = pathText([key, ...issue.path]);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(form, issue.path);
    return issue.keys.map((name) => ({
      path: pathText([key, ...issue.path, name]),
      expected: known.length === 0 ? "no key" : `one of ${known.join(", ")}`,
      got: "another key",
      fix: "remove it, or correct its spelling",
    }));
  }
  const fix = issue.input === undefined ? "add it" : "correct it";
  return [{ path, expected: expectation(issue), got: shown(issue.input), fix }];
}

/** The keys that a form knows at a path; none where it is no object there. */
function keysAt(form: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  if (form instanceof z.ZodOptional || form instanceof z.ZodExactOptional || form instanceof z.ZodDefault)
    return keysAt(form.unwrap(), path);
  const [first, ...rest] = path;
  if (form instanceof z.ZodObject) {
    const shape: Record<string, z.core.$ZodType> = form.shape;
    if (first === undefined) return Object.keys(shape).sort();
    const inner = Object.hasOwn(shape, first) ? shape[String(first)] : undefined;
    return inner === undefined ? [] : keysAt(inner, rest);
  }
  if (form instanceof z.ZodRecord) return keysAt(form.valueType, rest);
  if (form instanceof z.ZodArray) return keysAt(form.element, rest);
  return [];
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? `a value (${issue.expected})` : `a value of type ${issue.expected}`;
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "too_small":
      return issue.origin === "string"
        ? issue.message
        : `a number ${issue.inclusive === true ? "of at least" : "above"} ${String(issue.minimum)}`;
    case "too_big":
      return `a number of at most ${String(issue.maximum)}`;
    default:
      return issue.message;
  }
}
