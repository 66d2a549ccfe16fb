import { PolicyPack } from "@pulumi/policy";
import { graphOfPolicy, type PolicyForm } from "../resilience/sources/from-policy";
import type { JsonObject } from "../resilience/values";
import { judge } from "./check";
import { listen, type Configured } from "./engine-messages";
import { Helper, policiesOf } from "./pack";
import type { CheckResult } from "./result";
import { rules } from "./rules";
import { defaultSettings, inspectSettings } from "./settings-form";

let configured = { settings: defaultSettings(), issues: inspectSettings({}).issues };
const inputs = new Map<string, JsonObject>();
let told: PolicyForm[] | undefined;
let result: CheckResult | undefined;

listen({
  configured: (policies) => {
    configured = inspectSettings(settingsOf(policies));
  },
  registered: (urn, properties) => {
    inputs.set(urn, properties);
  },
  finished: (resources) => {
    told = resources;
    result = undefined;
  },
});

/** The configuration as a settings file would hold it: levels are always there, since the engine fills them in. */
function settingsOf(policies: Map<string, Configured>): Record<string, object> {
  const rest = [...policies].filter(([name]) => name !== Helper.Advice && name !== Helper.Pack && name !== "all");
  return Object.fromEntries(
    rest.map(([name, { level, properties }]) => [
      name,
      name === Helper.Design ? properties : { enforcementLevel: level, ...properties },
    ]),
  );
}

function judged(): CheckResult {
  if (told === undefined) throw new Error("the engine has told no resources");
  const today = new Date().toISOString().slice(0, "2026-12-31".length);
  result ??= judge(graphOfPolicy(told, inputs), configured.settings, today);
  return result;
}

new PolicyPack("twodoor", {
  displayName: "Two doors",
  description: "Refuses a design that one outage can stop.",
  policies: policiesOf(rules, { issues: () => configured.issues, result: judged }),
});
