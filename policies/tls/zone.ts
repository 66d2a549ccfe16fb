import type { Design } from "../../resilience/design";
import { known, Reason, unknown, valueOr, type Fact } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import type { GraphIndex } from "../../resilience/index-of";
import { ofTypes, oncePerGraph } from "../../resilience/kinds/once";
import { boolean, count, property, text } from "../../resilience/reader";
import { referenced } from "../../resilience/references";

const SETTING = "cloudflare:index/zoneSetting:ZoneSetting";
/** All settings of a zone in one, up to provider 5. */
const OVERRIDE = "cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride";
const RULESET = "cloudflare:index/ruleset:Ruleset";

/** Wire names, with the property of the older resource. */
const SETTINGS = {
  ssl: "settings.ssl",
  min_tls_version: "settings.minTlsVersion",
  always_use_https: "settings.alwaysUseHttps",
} as const;

/** A value that a zone is set to, with the resource that sets it. */
export interface ZoneValue {
  urn: string;
  value: Fact<string>;
}

/** The settings that are judged, by their wire names. */
export type ZoneSetting = keyof typeof SETTINGS;

/**
 * What a design sets one of these settings to, in the zone of one of its resources: by a setting of its own, by the older resource of
 * all settings, or by rules of the phase `http_config_settings` (for `ssl`), which win over the zone
 * (developers.cloudflare.com/rules/configuration-rules/). Empty where the design says nothing about it. What may belong to any zone,
 * since its own is not known, belongs to all.
 */
export function zoneValues({ index }: Design, zoned: Resource, setting: ZoneSetting): ZoneValue[] {
  const values = byZone(index)[setting];
  const zone = zoneOf(index, zoned);
  const own_ = zone === undefined ? [...values.values()].flat() : (values.get(zone) ?? []);
  return zone === undefined ? own_ : [...own_, ...(values.get(undefined) ?? [])];
}

type ByZone = ReadonlyMap<string | undefined, ZoneValue[]>;

const byZone = oncePerGraph((index): Record<ZoneSetting, ByZone> => {
  const found: Record<ZoneSetting, Map<string | undefined, ZoneValue[]>> = {
    ssl: new Map(),
    min_tls_version: new Map(),
    always_use_https: new Map(),
  };
  for (const resource of ofTypes(index, [SETTING, OVERRIDE, RULESET])) {
    const zone = zoneOf(index, resource);
    for (const setting of ["ssl", "min_tls_version", "always_use_https"] as const) {
      const known_ = found[setting].get(zone) ?? [];
      found[setting].set(zone, [...known_, ...valuesIn(resource, setting)]);
    }
  }
  return found;
});

function valuesIn(resource: Resource, setting: ZoneSetting): ZoneValue[] {
  const { urn, type } = resource;
  if (type === RULESET) return setting === "ssl" ? valuesOfRules(resource) : [];
  if (type === OVERRIDE) {
    const path = SETTINGS[setting];
    const value = text(resource, path);
    return value.known && value.value === undefined ? [] : [{ urn, value: textOf(resource, path) }];
  }
  const id = text(resource, "settingId");
  if (!id.known) return [{ urn, value: id }];
  return id.value === setting ? [{ urn, value: textOf(resource, "value") }] : [];
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

/** The zone of a resource: its id, or the zones of this design that it may be; undefined where neither is known. */
function zoneOf(index: GraphIndex, resource: Resource): string | undefined {
  const id = text(resource, "zoneId");
  if (id.known) return id.value;
  const zones = referenced(index, resource, "zoneId", []);
  if (!zones.known || zones.value.length === 0) return undefined;
  return zones.value
    .map(({ urn }) => urn)
    .sort()
    .join(" ");
}
