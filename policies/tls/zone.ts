import type { Design } from "../../resilience/design";
import { known, Reason, unknown, valueOr, type Fact } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import type { GraphIndex } from "../../resilience/index-of";
import { boolean, count, property, text } from "../../resilience/reader";
import { referenced } from "../../resilience/references";

const SETTING = "cloudflare:index/zoneSetting:ZoneSetting";
/** All settings of a zone in one, up to provider 5. */
const OVERRIDE = "cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride";
const RULESET = "cloudflare:index/ruleset:Ruleset";

/** A value that a zone is set to, with the resource that sets it. */
export interface ZoneValue {
  urn: string;
  value: Fact<string>;
}

/**
 * What a design sets `ssl` or `min_tls_version` to, in the zone of one of its resources: by a setting of its own, by the older resource of
 * all settings, or by rules of the phase `http_config_settings` (for `ssl`), which win over the zone
 * (developers.cloudflare.com/rules/configuration-rules/). Empty where the design says nothing about it.
 */
export function zoneValues(design: Design, zoned: Resource, setting: "ssl" | "min_tls_version"): ZoneValue[] {
  const { index } = design;
  const ofZone = (type: string): Resource[] => index.ofType(type).filter((other) => isSameZone(design, zoned, other));
  const single = ofZone(SETTING).flatMap((resource): ZoneValue[] => {
    const id = text(resource, "settingId");
    if (!id.known) return [{ urn: resource.urn, value: id }];
    return id.value === setting ? [{ urn: resource.urn, value: textOf(resource, "value") }] : [];
  });
  const path = setting === "ssl" ? "settings.ssl" : "settings.minTlsVersion";
  const older = ofZone(OVERRIDE).flatMap((resource): ZoneValue[] => {
    const value = text(resource, path);
    return value.known && value.value === undefined ? [] : [{ urn: resource.urn, value: textOf(resource, path) }];
  });
  return [...single, ...older, ...(setting === "ssl" ? ofZone(RULESET).flatMap(valuesOfRules) : [])];
}

/** What rules set `ssl` to. */
function valuesOfRules(ruleset: Resource): ZoneValue[] {
  const phase = text(ruleset, "phase");
  const rules = count(ruleset, "rules");
  if (!phase.known || phase.value !== "http_config_settings" || !rules.known) return [];
  return Array.from({ length: rules.value }, (_, place) => `rules[${String(place)}]`).flatMap((path): ZoneValue[] => {
    const isEnabled = valueOr(boolean(ruleset, `${path}.enabled`), true) !== false;
    const at = `${path}.actionParameters.ssl`;
    const value = property(ruleset, at);
    return !isEnabled || (value.known && value.value === undefined)
      ? []
      : [{ urn: ruleset.urn, value: textOf(ruleset, at) }];
  });
}

/** A setting's value is of any type in the provider's schema; a number is the text of it. */
function textOf(resource: Resource, path: string): Fact<string> {
  const fact = property(resource, path);
  if (!fact.known) return fact;
  if (typeof fact.value === "string") return known(fact.value);
  if (typeof fact.value === "number")
    return known(Number.isInteger(fact.value) ? fact.value.toFixed(1) : String(fact.value));
  return unknown(resource.urn, path, fact.value === undefined ? "is not set" : Reason.Malformed);
}

/** Whether two resources may belong to one zone: they do unless both zones are known and differ. */
function isSameZone({ index }: Design, one: Resource, other: Resource): boolean {
  const [left, right] = [text(one, "zoneId"), text(other, "zoneId")];
  if (left.known && right.known) return left.value === right.value;
  const zones = zonesOf(index, one);
  const others = zonesOf(index, other);
  return zones.length === 0 || others.length === 0 || zones.some((urn) => others.includes(urn));
}

/** URNs of the zones of this design that a resource may belong to. */
function zonesOf(index: GraphIndex, resource: Resource): string[] {
  const zones = referenced(index, resource, "zoneId", []);
  return zones.known ? zones.value.map(({ urn }) => urn) : [];
}
