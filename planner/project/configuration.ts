import { existsSync } from "node:fs";
import { shown, type Issue } from "../../components/sizing/issues";
import { declarationIssues, readDeclarations, valueIssue, type Declaration } from "./config-declarations";
import { isEncrypted, placeholderFor, type PlaceholderType } from "./config-placeholders";
import type { Configuration } from "../deployment";
import { readEscEnvironment } from "./esc-environment";
import { stackFile, type Project } from "./project";
import {
  isSettingMap,
  readSettingsFile,
  settingText,
  shownSetting,
  type Setting,
  type SettingMap,
} from "./settings-file";
import { SettingsError } from "./settings-error";

/** What a configuration is made from, beside the files. */
export interface ConfigurationOptions {
  /** Values that a person gives by hand, by key; they win over the stack's. */
  given?: Readonly<Record<string, string>>;
  /** What the program took a placeholder for, by full key: for keys whose type nobody declares. */
  types?: ReadonlyMap<string, PlaceholderType>;
}

/** A setting on its way to the program. */
interface Entry {
  value: Setting;
  isSecret: boolean;
  /** Whether a placeholder stands for it or for a part of it. */
  isPlaceholder: boolean;
}

/**
 * The configuration of a stack: what is given by hand over the `config` section of its settings file over the defaults of
 * Pulumi.yaml, merged and refused as the CLI does it (`pkg/workspace/config.go` of pulumi/pulumi).
 *
 * Encrypted values are never decrypted, and nothing is asked of Pulumi ESC. Placeholders take their place: of the type that Pulumi.yaml
 * declares for the key or that the program has asked for, else a text.
 */
export function readConfiguration(project: Project, stack: string, options: ConfigurationOptions = {}): Configuration {
  const { given = {}, types = new Map<string, PlaceholderType>() } = options;
  const declarations = readDeclarations(project);
  const issues = declarationIssues(project, declarations);
  if (issues.length > 0) throw new SettingsError(issues);
  const file = stackFile(project, stack);
  const content = existsSync(file) ? readSettingsFile(file).content : {};
  const environment = readEscEnvironment(isSettingMap(content) ? content["environment"] : undefined);
  const madeUp = new Set<string | number>();
  const entryOf = (key: string, value: Setting, type?: string, items?: Setting) =>
    opened([key], value, types.get(key) ?? type, items ?? null, madeUp);

  const declared = new Map(declarations.filter(({ inside }) => inside.length === 0).map((item) => [item.key, item]));
  const entries = new Map<string, Entry>();
  for (const section of [environment.settings, configSection(file, content)]) {
    for (const [bare, value] of Object.entries(section)) {
      const key = fullKey(project.name, bare);
      const { type, items } = declared.get(key) ?? {};
      entries.set(key, merged(entries.get(key), entryOf(key, value, type, items)));
    }
  }
  for (const [bare, text] of Object.entries(given)) {
    const key = fullKey(project.name, bare);
    const isSecret = entries.get(key)?.isSecret === true || declared.get(key)?.secret === true;
    entries.set(key, { value: givenValue(text, declared.get(key)?.type), isSecret, isPlaceholder: false });
  }
  const isElsewhere = environment.names.length > 0;
  const wrong = [...declarations].flatMap((declaration) => {
    const { key, inside, value, type, items } = declaration;
    const found = valueAt(entries.get(key)?.value, inside);
    if (found !== undefined) return checked(declaration, found, entries.get(key), file, stack);
    if (value !== undefined) {
      const entry = entryOf(key, value, type, items);
      entries.set(key, withValueAt(entries.get(key), inside, entry));
      return checked(declaration, entry.value, entry, project.settings.file, stack);
    }
    if (isElsewhere) {
      entries.set(key, withValueAt(entries.get(key), inside, madeUpEntry([key, ...inside], type, items, madeUp)));
      return [];
    }
    return [missing(declaration, file, stack)];
  });
  if (wrong.length > 0) throw new SettingsError(wrong);
  for (const [key, type] of types) {
    if (!entries.has(key)) entries.set(key, madeUpEntry([key], type, null, madeUp));
  }
  return configurationOf(entries, madeUp, environment.names);
}

function configurationOf(
  entries: Map<string, Entry>,
  madeUp: Set<string | number>,
  environments: string[],
): Configuration {
  const keys = (filter: (entry: Entry) => boolean) =>
    [...entries].filter(([, entry]) => filter(entry)).map(([key]) => key);
  return {
    values: Object.fromEntries([...entries].map(([key, { value }]): [string, string] => [key, settingText(value)])),
    secretKeys: keys(({ isSecret }) => isSecret),
    placeholders: keys(({ isPlaceholder }) => isPlaceholder).sort(),
    madeUp: [...madeUp],
    environments,
  };
}

/** Keys may be written `key`, `project:key` or, until 2018, `project:config:key`. */
function fullKey(project: string, key: string): string {
  if (!key.includes(":")) return `${project}:${key}`;
  return key.replace(/^([^:]+):config:/, "$1:");
}

function configSection(file: string, content: Setting): SettingMap {
  const section = isSettingMap(content) ? (content["config"] ?? null) : content;
  if (section === null) return {};
  if (isSettingMap(section)) return section;
  throw new SettingsError([
    { path: `${file} config`, expected: "keys and values", got: shownSetting(section), fix: "write key: value" },
  ]);
}

/** A value with placeholders for what is encrypted in it. */
function opened(
  path: readonly (string | number)[],
  value: Setting,
  type: string | undefined,
  items: Setting,
  madeUp: Set<string | number>,
): Entry {
  if (isEncrypted(value)) return { ...madeUpEntry(path, type, items, madeUp), isSecret: true };
  const itemType = isSettingMap(items) && typeof items["type"] === "string" ? items["type"] : undefined;
  const inner = (item: Setting, step: string | number) => opened([...path, step], item, itemType, null, madeUp);
  if (Array.isArray(value)) {
    const found = value.map(inner);
    return { ...together(found), value: found.map((entry) => entry.value) };
  }
  if (!isSettingMap(value)) return { value, isSecret: false, isPlaceholder: false };
  const found = Object.entries(value).map(([key, item]): [string, Entry] => [key, inner(item, key)]);
  const entries = found.map(([, entry]) => entry);
  return { ...together(entries), value: Object.fromEntries(found.map(([key, entry]) => [key, entry.value])) };
}

function together(entries: Entry[]): Pick<Entry, "isSecret" | "isPlaceholder"> {
  return {
    isSecret: entries.some((entry) => entry.isSecret),
    isPlaceholder: entries.some((entry) => entry.isPlaceholder),
  };
}

function madeUpEntry(
  path: readonly (string | number)[],
  type: string | undefined,
  items: Setting,
  madeUp: Set<string | number>,
): Entry {
  const placeholder = placeholderFor(path, type, items);
  for (const value of placeholder.madeUp) madeUp.add(value);
  return { value: placeholder.value, isSecret: false, isPlaceholder: true };
}

/** A stack's value over its environment's: maps are merged, everything else is replaced (RFC 7386). */
function merged(base: Entry | undefined, over: Entry): Entry {
  if (base === undefined || !isSettingMap(base.value) || !isSettingMap(over.value)) return over;
  return { ...together([base, over]), value: mergedMaps(base.value, over.value) };
}

function mergedMaps(base: SettingMap, over: SettingMap): SettingMap {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isSettingMap(value) && isSettingMap(below) ? mergedMaps(below, value) : value;
  }
  return result;
}

/** Lists and objects are given as JSON. */
function givenValue(text: string, type: string | undefined): Setting {
  if (type !== "array" && type !== "object") return text;
  try {
    return JSON.parse(text) as Setting;
  } catch {
    return text;
  }
}

function valueAt(value: Setting | undefined, path: readonly (string | number)[]): Setting | undefined {
  let at = value;
  for (const step of path) {
    if (Array.isArray(at) && typeof step === "number") at = at[step];
    else if (isSettingMap(at) && typeof step === "string") at = at[step];
    else return undefined;
  }
  return at;
}

/** The entry with one more value inside of it. */
function withValueAt(whole: Entry | undefined, path: readonly (string | number)[], part: Entry): Entry {
  const [step, ...rest] = path;
  if (step === undefined) return part;
  const nothing = { isSecret: false, isPlaceholder: false };
  const outer = whole ?? { value: null, ...nothing };
  const below = valueAt(outer.value, [step]);
  const inner = withValueAt(below === undefined ? undefined : { value: below, ...nothing }, rest, part);
  return { ...together([outer, inner]), value: withItem(outer.value, step, inner.value) };
}

function withItem(whole: Setting, step: string | number, item: Setting): Setting {
  if (typeof step === "string") return { ...(isSettingMap(whole) ? whole : {}), [step]: item };
  const list = Array.isArray(whole) ? [...whole] : [];
  while (list.length < step) list.push(null);
  list[step] = item;
  return list;
}

function checked(
  declaration: Declaration,
  value: Setting,
  entry: Entry | undefined,
  path: string,
  stack: string,
): Issue[] {
  // A scalar counts as its text: `3` is a string, too.
  const content = isSettingMap(value) || Array.isArray(value) ? value : settingText(value);
  const issue = valueIssue(declaration, content, { path: `${path} config`, stack, isSecret: entry?.isSecret === true });
  return issue === undefined ? [] : [issue];
}

function missing({ written, key, type = "any type", secret }: Declaration, file: string, stack: string): Issue {
  const command = `pulumi config set${secret ? " --secret" : ""} ${key} VALUE --stack ${stack}`;
  return {
    path: `${file} config ${written}`,
    expected: `a value (${type}), which Pulumi.yaml asks for`,
    got: shown(undefined),
    fix: `set it with \`${command}\`, or give it with --config ${key}=VALUE`,
  };
}
