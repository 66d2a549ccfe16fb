/** Results of a check that are written by hand: for the tests of comparisons and reports. */
import type { RowState } from "../../policies/compare";
import type { CheckResult, Finding, ResultRow } from "../../policies/result";
import { rules } from "../../policies/rules";

/** The URN of a load balancer with this name in the stack `dev` of `shop`. */
export function urn(name: string): string {
  return `urn:pulumi:dev::shop::aws:lb/loadBalancer:LoadBalancer::${name}`;
}

/** A mandatory violation about one resource, with some of it changed. */
export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    rule: "EDG-01",
    verdict: "violation",
    level: "mandatory",
    urn: urn("api"),
    message: "every pool leads into one cloud",
    fix: "add a pool in the other",
    location: null,
    ...changes,
  };
}

/** A survival row in one state. */
export function row(domain: string, state: Exclude<RowState, "absent">, changes: Partial<ResultRow> = {}): ResultRow {
  return {
    domain,
    survives: state === "survives",
    undecided: state === "undecided" ? "nobody knows where it stands" : null,
    servedBy: state === "survives" ? ["gcp:us-central1"] : [],
    capacityPercent: state === "survives" ? 120 : null,
    detectionSeconds: state === "survives" ? [10, 26] : null,
    lost: [],
    because: state === "dies" ? "the pool stands in aws" : null,
    chain: [],
    doors: [],
    unknowns: [],
    ...changes,
  };
}

/** A result in which every rule passes, with some of it changed. */
export function resultOf(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    version: 1,
    design: {
      project: "shop",
      stack: "dev",
      clouds: ["aws"],
      regions: [{ cloud: "aws", region: "us-east-2", geography: "ohio" }],
      parts: [],
    },
    verdict: "pass",
    findings: [],
    survival: [],
    pairs: [],
    rules: rules.map(({ id, title, level }) => ({ id, title, level, verdict: "pass" })),
    unknownTypes: [],
    ...changes,
  };
}
