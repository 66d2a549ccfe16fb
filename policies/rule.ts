import type { Design } from "../resilience/design";
import { Reason, type Unknown } from "../resilience/fact";
import type { SurvivalTable } from "../resilience/survival-table";
import type { RuleSettings } from "./settings";
import type { WaiverUse } from "./waivers";

/** Whether a finding of a rule ends the check or is only told. */
export const Level = {
  /** The design does not get through. */
  Mandatory: "mandatory",
  /** It is told. */
  Advisory: "advisory",
} as const;
/** See the members of `Level`. */
export type Level = (typeof Level)[keyof typeof Level];

/** An outage that happened, as the reason for a rule. */
export interface Outage {
  /** As people remember it: `AWS us-east-1, DynamoDB's DNS`. */
  name: string;
  /** Day on which it began: `2025-10-20`. */
  date: string;
  /** Address of a report. */
  source: string;
}

/** One thing that a design must hold, and why. */
export interface Rule {
  /** `TOP-01`. A promise: it is never given to another rule. */
  id: string;
  /** What must be true, as a sentence without a full stop: `A serving path exists in two clouds`. */
  title: string;
  level: Level;
  /** How bad it is, for those who sort by it. */
  severity: "low" | "medium" | "high" | "critical";
  /** Why it must be true, in two or three sentences. */
  why: string;
  /** The outages that prove it. */
  outages: readonly Outage[];
  /** What to do about a finding in general, as a sentence. */
  fix: string;
  /** Vendors' pages and other reading, as addresses. */
  references: readonly string[];
  /** What other tools check of the same, for people who come from them: `Checkov CKV_AWS_144 asks for any replication, in the same region too`. Empty: nothing known. */
  otherTools: readonly string[];
  /** Ids of rules of which a finding here is a special case, and why this one stays. Empty: none. */
  subsumedBy: readonly { id: string; stays: string }[];
  /** Judges a design. `undefined` where there is nothing in the design that the rule is about. */
  judge: (judged: Judged) => RuleFinding[] | undefined;
}

/** What a rule looks at. */
export interface Judged {
  design: Design;
  /** Made once for all rules, when the first asks for it. */
  survival: SurvivalTable;
  settings: RuleSettings;
  /** What became of the waivers: for GOV-01, which is judged last. Every other rule gets none. */
  waivers: readonly WaiverUse[];
}

/** What a rule has to say about one resource, or about the design. */
export interface RuleFinding {
  verdict: "violation" | "undecided";
  /** The resource; null where it is about the whole design. */
  urn: string | null;
  /** The consequence in this design, naming the resource. Never a value that could be a secret. */
  message: string;
  /** The change to make here. */
  fix: string;
  /** Set where it is only told, although the rule is mandatory. */
  level?: typeof Level.Advisory;
}

/** A finding that the design breaks the rule. */
export function violation(urn: string | null, message: string, fix: string): RuleFinding {
  return { verdict: "violation", urn, message, fix };
}

/** Something that would be better otherwise: it is told, and stops nobody, although its rule is mandatory. */
export function advice(urn: string | null, message: string, fix: string): RuleFinding {
  return { ...violation(urn, message, fix), level: Level.Advisory };
}

/**
 * A finding that the rule cannot tell.
 *
 * @param matters - what hangs on it, as the rest of a sentence: `so nobody can say whether the pool has a monitor`.
 */
export function undecided(fact: Unknown, matters: string): RuleFinding {
  const name = fact.urn.split("::").at(-1) ?? fact.urn;
  return {
    verdict: "undecided",
    urn: fact.urn.startsWith("urn:") ? fact.urn : null,
    message: `${fact.property} of ${name} ${fact.why}, ${matters}`,
    fix: knowingFix(fact),
  };
}

/** How what is not known can be made known. */
function knowingFix({ property, why }: Unknown): string {
  if (why === Reason.Secret) return `waive this with what ${property} holds: a secret's value is never looked at`;
  if (why === Reason.Read)
    return `give ${property} with --answers, by the resource's type and id, or in .get's third argument, or judge the stack's state after an update`;
  if (why === Reason.Subnets)
    return "read each of them in the program by aws.ec2.Subnet.get and give its zone there or with --answers, or waive this with the zones";
  if (why !== Reason.Elsewhere) return `write ${property} as a plain value, or judge the stack's state after an update`;
  return /address|records|domainName/i.test(property)
    ? "say in the settings where it stands, under design.origins"
    : `judge the design together with what ${property} points to, or waive this with the reason`;
}
