import { isSettingMap, type Setting, type SettingMap } from "./settings-file";

/** What a stack takes from Pulumi ESC, which keeps it at Pulumi Cloud. */
export interface EscEnvironment {
  /** What cannot be had here: imported environments by name, `(inline)` for expressions in the stack's own file. */
  names: string[];
  /** Settings that stand in the file in clear. */
  settings: SettingMap;
}

/**
 * Reads the `environment` section of a stack's file: a list of environments, or a definition in place
 * (https://www.pulumi.com/docs/esc/environments/syntax/).
 */
export function readEscEnvironment(section: Setting | undefined): EscEnvironment {
  if (Array.isArray(section)) return { names: section.flatMap(importName), settings: {} };
  if (!isSettingMap(section)) return { names: [], settings: {} };
  const imports = Array.isArray(section["imports"]) ? section["imports"].flatMap(importName) : [];
  const values = isSettingMap(section["values"]) ? section["values"] : {};
  const config = isSettingMap(values["pulumiConfig"]) ? Object.entries(values["pulumiConfig"]) : [];
  const clear = config.filter(([, value]) => isClear(value));
  const others = Object.entries(values).filter(([key]) => key !== "pulumiConfig");
  const isWhole =
    clear.length === config.length && !others.some(([key]) => key === "environmentVariables" || key === "files");
  return { names: isWhole ? imports : [...imports, "(inline)"], settings: Object.fromEntries(clear) };
}

function importName(item: Setting): string[] {
  if (typeof item === "string") return [item];
  return isSettingMap(item) ? Object.keys(item) : [];
}

/** Whether nothing in it is an expression: `${…}` or `fn::…`. */
function isClear(value: Setting): boolean {
  if (typeof value === "string") return !value.includes("${");
  if (Array.isArray(value)) return value.every(isClear);
  if (!isSettingMap(value)) return true;
  return Object.entries(value).every(([key, item]) => !key.startsWith("fn::") && isClear(item));
}
