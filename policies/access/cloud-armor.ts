import { known, withDefault, type Fact, type Unknown } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import { linked, pointingTo } from "../../resilience/kinds/gcp/links";
import type { Surroundings } from "../../resilience/model";
import { boolean, count, number, property, text, texts } from "../../resilience/reader";
import { doubted, opened, together, type Access } from "./access";
import { isWide } from "./ranges";

const POLICIES = ["gcp:compute/securityPolicy:SecurityPolicy", "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy"];
const POLICY_RULES = [
  "gcp:compute/securityPolicyRule:SecurityPolicyRule",
  "gcp:compute/regionSecurityPolicyRule:RegionSecurityPolicyRule",
];

/** Priority of the rule that decides about everything that no other matches; without one Google adds an `allow` (provider schema). */
const LAST = 2147483647;

/** Who gets through the Cloud Armor policy of a backend service. */
export function throughArmor(backend: Resource, around: Surroundings): Access {
  const policies = linked(backend, "securityPolicy", POLICIES, around);
  if (!policies.known) return doubted(policies);
  if (policies.value.length === 0) {
    return opened(
      backend.urn,
      `${backend.name} has no security policy and lets in every address`,
      "give it a Cloud Armor policy that lets in the edge's ranges alone",
    );
  }
  return together(policies.value.map((policy) => throughPolicy(policy, around)));
}

interface ArmorRule {
  urn: string;
  priority: Fact<number>;
  /** Whether what matches gets in; undefined for a rule that is only tried out. */
  letsIn: Fact<boolean | undefined>;
  /** Whether it matches every address. */
  isForAll: Fact<boolean>;
}

function throughPolicy(policy: Resource, around: Surroundings): Access {
  const inline = count(policy, "rules");
  if (!inline.known) return doubted(inline);
  const rules = [
    ...Array.from({ length: inline.value }, (_, place) => ruleAt(policy, `rules[${String(place)}].`)),
    ...pointingTo(policy, "securityPolicy", POLICY_RULES, around).map((rule) => ruleAt(rule, "")),
  ];
  const unknowns: Unknown[] = [];
  const inForce = rules.flatMap((rule) => {
    const facts = [rule.priority, rule.letsIn, rule.isForAll];
    const hidden = facts.flatMap((fact) => (fact.known ? [] : [fact]));
    unknowns.push(...hidden);
    if (!rule.priority.known || !rule.letsIn.known || !rule.isForAll.known) return [];
    const { urn, priority, letsIn, isForAll } = rule;
    return [{ urn, priority: priority.value, letsIn: letsIn.value, isForAll: isForAll.value }];
  });
  const decisive = inForce
    .filter(({ letsIn, isForAll }) => isForAll && letsIn !== undefined)
    .sort((a, b) => a.priority - b.priority)[0];
  if (decisive?.letsIn === false) return doubted(...unknowns);
  if (decisive === undefined && unknowns.length > 0) return doubted(...unknowns);
  return opened(
    decisive?.urn ?? policy.urn,
    decisive === undefined
      ? `the security policy ${policy.name} has no last rule, and Google adds one that lets in every address`
      : `the security policy ${policy.name} lets in every address`,
    `end ${policy.name} with a rule of priority ${String(LAST)} that denies *`,
  );
}

/** Actions after which a request goes on to the backend. */
const LET_IN = /^(?:allow|throttle|rate_based_ban)$/;

function ruleAt(resource: Resource, prefix: string): ArmorRule {
  const isTried = withDefault(boolean(resource, `${prefix}preview`), false);
  const action = text(resource, `${prefix}action`);
  return {
    urn: resource.urn,
    priority: withDefault(number(resource, `${prefix}priority`), LAST),
    letsIn: !isTried.known
      ? isTried
      : isTried.value
        ? known(undefined)
        : action.known
          ? known(LET_IN.test(action.value ?? ""))
          : action,
    isForAll: isForAll(resource, prefix),
  };
}

/** A rule by addresses matches all when one of its ranges does; one by an expression is taken for what narrows. */
function isForAll(resource: Resource, prefix: string): Fact<boolean> {
  const expression = property(resource, `${prefix}match.expr`);
  if (!expression.known) return expression;
  if (expression.value !== undefined) return known(false);
  const ranges = texts(resource, `${prefix}match.config.srcIpRanges`);
  if (!ranges.known) return ranges;
  if (ranges.value.some((range) => range.known && isWide(range.value))) return known(true);
  return ranges.value.find((range) => !range.known) ?? known(false);
}
