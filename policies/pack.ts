import type {
  Policies,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";
import type { Issue } from "../components/sizing/issues";
import type { CheckResult, Finding } from "./result";
import { Level, type Rule } from "./rule";
import { DESIGN_KEY, designForm, ruleForm } from "./settings-form";

/** What the policies of the pack ask for. */
export interface Heard {
  /** Problems of the pack's configuration. */
  issues: () => readonly Issue[];
  /** What judging the stack that the engine told last came to; made when it is first asked for. */
  result: () => CheckResult;
}

/** Names of the policies that are no rules. */
export const Helper = {
  /** Reads what the configuration declares about the design, and says what is wrong with the configuration. */
  Design: DESIGN_KEY,
  /** Tells what stops nobody: advice of mandatory rules, and what somebody has waived. CrossGuard knows one level for each policy. */
  Advice: "advice",
  /** Says that the pack is broken. */
  Pack: "pack",
} as const;

const STACK_TYPE = "pulumi:pulumi:Stack";

/** The policies of the pack: one for each rule, by its id, and the helpers. */
export function policiesOf(rules: readonly Rule[], heard: Heard): Policies {
  return [designPolicy(heard), ...rules.map((rule) => rulePolicy(rule, heard)), advicePolicy(heard), packPolicy(heard)];
}

function rulePolicy(rule: Rule, heard: Heard): StackValidationPolicy {
  return {
    name: rule.id,
    displayName: `${rule.id}: ${rule.title}`,
    description: `${rule.title}.`,
    enforcementLevel: rule.level,
    severity: rule.severity,
    tags: ["resilience", familyOf(rule.id)],
    remediationSteps: `${rule.fix} \`twodoor check --explain ${rule.id}\` says why.`,
    configSchema: schemaOf(ruleForm(rule.id)),
    validateStack: (args, report) => {
      const result = resultOf(heard);
      const own = result?.rules.find(({ id }) => id === rule.id);
      if (result === undefined || own === undefined) return;
      if (own.verdict === "not-applicable") args.notApplicable("there is nothing in the design that the rule is about");
      for (const finding of result.findings) {
        if (finding.rule === rule.id && homeOf(finding, own.level) === "rule") reportFinding(report, finding);
      }
    },
  };
}

/** Which policy reports a finding: its rule's has that rule's level, and no other. */
function homeOf(finding: Finding, level: Level | "disabled"): "rule" | "advice" | "pack" {
  if (finding.verdict === "waived") return "advice";
  if (finding.level === level) return "rule";
  return finding.level === Level.Mandatory ? "pack" : "advice";
}

function reportFinding(report: ReportViolation, finding: Finding, lead = ""): void {
  const { verdict, urn, message, fix, waiver } = finding;
  const head = `${lead}${verdict === "undecided" ? "undecided: " : ""}${message}`;
  const tail =
    waiver === undefined ? `Fix: ${fix}` : `Waived by ${waiver.owner} until ${waiver.expires}: ${waiver.reason}`;
  if (urn === null) report(`${head}\n${tail}`);
  else report(`${head}\n${tail}`, urn);
}

function advicePolicy(heard: Heard): StackValidationPolicy {
  return {
    name: Helper.Advice,
    displayName: "What is told and stops nobody",
    description: "It would be better otherwise, or somebody has taken it upon themselves for a while.",
    enforcementLevel: "advisory",
    severity: "low",
    tags: ["resilience"],
    validateStack: (_args, report) => {
      reportElsewhere(heard, report, "advice");
    },
  };
}

function packPolicy(heard: Heard): StackValidationPolicy {
  return {
    name: Helper.Pack,
    displayName: "The pack itself works",
    description: "What a broken pack does not find is not a pass.",
    enforcementLevel: "mandatory",
    severity: "critical",
    tags: ["resilience"],
    validateStack: (_args, report) => {
      try {
        heard.result();
      } catch (error) {
        // The error's own text stays out of it: it may hold a value of the design.
        const what = error instanceof Error ? error.name : typeof error;
        report(
          `the design could not be judged: the model threw ${what}, which is a mistake of twodoor\nFix: report it with the recorded graph (\`twodoor plan --graph FILE\`)`,
        );
      }
      reportElsewhere(heard, report, "pack");
    },
  };
}

function reportElsewhere(heard: Heard, report: ReportViolation, home: "advice" | "pack"): void {
  const result = resultOf(heard);
  for (const finding of result?.findings ?? []) {
    const level = result?.rules.find(({ id }) => id === finding.rule)?.level ?? Level.Mandatory;
    if (homeOf(finding, level) === home) reportFinding(report, finding, `${finding.rule}: `);
  }
}

/** What judging came to; undefined where it threw, which the policy `pack` says for all. */
function resultOf(heard: Heard): CheckResult | undefined {
  try {
    return heard.result();
  } catch {
    return undefined;
  }
}

/** It is a resource policy, so that an update with a configuration that cannot be used ends before anything is touched. */
function designPolicy(heard: Heard): ResourceValidationPolicy {
  return {
    name: Helper.Design,
    displayName: "What the design declares about itself",
    description: "The pack's configuration says what it means.",
    enforcementLevel: "mandatory",
    severity: "high",
    tags: ["resilience"],
    configSchema: schemaOf(designForm),
    validateResource: ({ type }, report) => {
      if (type !== STACK_TYPE) return;
      for (const { path, expected, got, fix } of heard.issues()) {
        report(`${path}: expected ${expected}, got ${got}\nFix: ${fix}`);
      }
    },
  };
}

function familyOf(id: string): string {
  const [family = ""] = id.split("-");
  return (
    new Map([
      ["TOP", "topology"],
      ["EDG", "edge"],
      ["CAP", "capacity"],
      ["DAT", "data"],
      ["DEP", "dependencies"],
      ["SEC", "security"],
      ["OBS", "observability"],
      ["GOV", "governance"],
    ]).get(family) ?? family.toLowerCase()
  );
}

function schemaOf(form: z.ZodObject): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(form, { io: "input", target: "draft-7" });
  const { enforcementLevel: _, ...own } = properties;
  // Not spread into place: zod's type of a JSON schema is wider than the SDK's, which takes any JSON.
  const schema: PolicyConfigSchema = { properties: {} };
  Object.assign(schema.properties, own);
  return schema;
}
