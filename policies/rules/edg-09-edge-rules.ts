import type { Design } from "../../resilience/design";
import { valueOr } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import type { Door } from "../../resilience/model";
import { boolean, list, number, property, text } from "../../resilience/reader";
import { referenced } from "../../resilience/references";
import { hostnameOf } from "../../resilience/outcome";
import { outages } from "../outages";
import { advice, Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { steeredDoors } from "../serving";
import { brokenOf } from "./edg-02-fallback";
import { oneCloudOf } from "./edg-08-overrides";

/**
 * EDG-09. Rules of a Cloudflare load balancer that are in force. A rule that only sends some requests (one path, one method) a fixed
 * answer is no way around failover, and passes; one that matches every request of the hostname is. A rule that turns off the second try
 * at another pool is told as advice, as EDG-07 is.
 */
export const edg09: Rule = {
  id: "EDG-09",
  title: "No rule of a load balancer leads around failover",
  level: Level.Mandatory,
  severity: "high",
  why: "A rule replaces the pools, the fallback or the whole answer for the requests that it matches. The load balancer looks sound, and a share of its clients has one region behind it.",
  outages: [outages.dynamoDb, outages.serviceControl],
  fix: "Let each rule name pools in two clouds, and disable rules that answer by themselves.",
  references: ["https://developers.cloudflare.com/load-balancing/additional-options/load-balancing-rules/"],
  otherTools: [],
  subsumedBy: [],
  judge,
};

const POOL_TYPES = ["cloudflare:index/loadBalancerPool:LoadBalancerPool"];

function judge({ design }: Judged): RuleFinding[] | undefined {
  const findings = steeredDoors(design).flatMap((door) => {
    const resource = door.kind === "cloudflare" ? design.index.byUrn.get(door.urn ?? "") : undefined;
    const rules = resource === undefined ? undefined : rulesOf(resource, door);
    if (resource === undefined || rules === undefined) return [];
    // Rules that are not known at all are told once, and not again as a list of theirs.
    const lists = rules.paths.length === 0 ? [] : door.overrides.filter(({ kind }) => kind === "rule");
    return [
      [
        ...rules.findings,
        ...lists.flatMap((override) => judgeList(design, door, override)),
        ...rules.paths.flatMap((path) => judgeRule(design, door, resource, path)),
      ],
    ];
  });
  return findings.length === 0 ? undefined : findings.flat();
}

/** Paths of the rules in force, and what is not known about them; nothing where there are none. */
function rulesOf(resource: Resource, door: Door): { paths: string[]; findings: RuleFinding[] } | undefined {
  const rules = list(resource, "rules");
  const matters = `so nobody can say whether a rule of ${hostnameOf(door)} leads around failover`;
  if (!rules.known) return { paths: [], findings: [undecided(rules, matters)] };
  if (rules.value.length === 0) return undefined;
  const all = rules.value.map((_, place) => `rules[${String(place)}]`);
  const hidden = all.map((path) => boolean(resource, `${path}.disabled`)).flatMap((fact) => (fact.known ? [] : [fact]));
  return {
    paths: all.filter((path) => valueOr(boolean(resource, `${path}.disabled`), false) !== true),
    findings: hidden.map((fact) => undecided(fact, matters)),
  };
}

function judgeList(design: Design, door: Door, override: Door["overrides"][number]): RuleFinding[] {
  const found = oneCloudOf(design, door, override);
  if (found === undefined) return [];
  if (found.finding !== undefined) return [found.finding];
  return [
    violation(
      door.urn,
      `the rule ${override.key} of ${hostnameOf(door)} sends the requests that it matches ${found.where}: they fail with it, whatever the other pools do`,
      `add a pool in ${found.cloud === "aws" ? "Google Cloud" : "AWS"} to ${override.property}, or take the list out of the rule`,
    ),
  ];
}

function judgeRule(design: Design, door: Door, resource: Resource, path: string): RuleFinding[] {
  const name = valueOr(text(resource, `${path}.name`), undefined) ?? path;
  return [
    ...judgeFixedResponse(door, resource, path, name),
    ...judgeFallback(design, door, resource, path, name),
    ...judgeRetry(door, resource, path, name),
  ];
}

function judgeFixedResponse(door: Door, resource: Resource, path: string, name: string): RuleFinding[] {
  const hostname = hostnameOf(door);
  const matters = `so nobody can say which requests to ${hostname} the rule ${name} answers by itself`;
  const answer = property(resource, `${path}.fixedResponse`);
  if (!answer.known) return [undecided(answer, matters)];
  if (answer.value === undefined) return [];
  const condition = text(resource, `${path}.condition`);
  if (!condition.known) return [undecided(condition, matters)];
  if (!matchesEverything(condition.value ?? "")) return [];
  const status = valueOr(number(resource, `${path}.fixedResponse.statusCode`), undefined);
  return [
    violation(
      door.urn,
      `the rule ${name} gives every request to ${hostname} a fixed answer${status === undefined ? "" : ` (${String(status)})`}: no pool is asked, however healthy it is`,
      `set disabled to true on the rule ${name}, or narrow its condition`,
    ),
  ];
}

/**
 * Whether a condition holds for every request of its hostname: an empty one always does, and so does one that looks at the hostname alone.
 * Fields: developers.cloudflare.com/ruleset-engine/rules-language/fields/.
 */
function matchesEverything(condition: string): boolean {
  const fields = condition.match(/\b(?:http|ip|cf|ssl|tcp|udp|load_balancer)(?:\.[a-z0-9_]+)+|\bssl\b/g) ?? [];
  return fields.every((field) => ["http.host", "cf.zone.name", "ssl"].includes(field));
}

function judgeFallback(design: Design, door: Door, resource: Resource, path: string, name: string): RuleFinding[] {
  const at = `${path}.overrides.fallbackPool`;
  if (valueOr(text(resource, at), "") === undefined) return [];
  const found = referenced(design.index, resource, at, POOL_TYPES);
  if (!found.known) {
    return [
      undecided(found, `so nobody can say what answers the requests of the rule ${name} when no pool is healthy`),
    ];
  }
  return found.value.flatMap(({ urn }) => {
    const pool = design.parts.get(urn);
    const broken = pool?.role === "pool" ? brokenOf(pool) : undefined;
    if (pool === undefined || broken === undefined) return [];
    return [
      violation(
        door.urn,
        `the rule ${name} of ${hostnameOf(door)} names ${pool.label} as fallback pool, which ${broken}: when no other pool is healthy, clients get error 530`,
        `name an enabled pool in ${at}, or take it out of the rule`,
      ),
    ];
  });
}

function judgeRetry(door: Door, resource: Resource, path: string, name: string): RuleFinding[] {
  const at = `${path}.overrides.adaptiveRouting.failoverAcrossPools`;
  if (valueOr(boolean(resource, at), undefined) !== false) return [];
  return [
    advice(
      door.urn,
      `the rule ${name} of ${hostnameOf(door)} turns the second try at another pool off for the requests that it matches`,
      `take ${at} out`,
    ),
  ];
}
