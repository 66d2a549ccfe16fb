import { shownSecret, type Issue } from "../../components/sizing/issues";
import type { Project } from "./project";
import { isSettingMap, shownSetting, type Setting, type SettingMap } from "./settings-file";

/** A setting that Pulumi.yaml declares: its type if it has one, and what it is where a stack says nothing. */
export interface Declaration {
  /** As it is written there. */
  written: string;
  /** Full key: `shop:size`. */
  key: string;
  /** The way from the key's value to what is declared: empty for most, `["a", 0]` for `shop:size.a[0]`. */
  inside: (string | number)[];
  /** `string`, `integer`, `boolean`, `array` or `object`. */
  type: string | undefined;
  /** Type of a list's items. */
  items: Setting;
  /** Whether a stack has to encrypt it. */
  secret: boolean;
  /** Its default or value; `undefined` where a stack has to say it. */
  value: Setting | undefined;
}

const declarationFields = ["type", "default", "value", "description", "secret", "items"];

/** What the `config` section of Pulumi.yaml declares, sorted as the CLI goes through it. */
export function readDeclarations({ name, settings }: Project): Declaration[] {
  const section = isSettingMap(settings.content) ? settings.content["config"] : undefined;
  if (!isSettingMap(section)) return [];
  return Object.keys(section)
    .sort()
    .map((written) => declaration(name, written, section[written] ?? null));
}

function declaration(project: string, written: string, content: Setting): Declaration {
  const [root = "", ...inside] = propertyPath(written.includes(":") ? written : `${project}:${written}`);
  const fields = isDeclaration(content) ? content : { value: content };
  const type = fields["type"];
  return {
    written,
    key: String(root),
    inside,
    type: typeof type === "string" ? type : undefined,
    items: fields["items"] ?? null,
    secret: fields["secret"] === true,
    value: fields["default"] ?? fields["value"] ?? undefined,
  };
}

function isDeclaration(content: Setting): content is SettingMap {
  return isSettingMap(content) && declarationFields.some((field) => field in content) && !("secure" in content);
}

/** `a.b[0]["c.d"]` as its steps (`resource.ParsePropertyPath` of pulumi/pulumi). */
export function propertyPath(text: string): (string | number)[] {
  const steps = text.match(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]|[^.[\]]+/g) ?? [];
  return steps.map((step) => {
    if (!step.startsWith("[")) return step;
    const inner = step.slice(1, -1);
    return inner.startsWith('"') ? inner.slice(1, -1).replace(/\\(.)/g, "$1") : Number(inner);
  });
}

/** What the CLI refuses in the declarations themselves (`Project.Validate` of pulumi/pulumi). */
export function declarationIssues(project: Project, declarations: readonly Declaration[]): Issue[] {
  return declarations.flatMap(({ written, key, type, items, value }): Issue[] => {
    const path = `${project.settings.file} config ${written}`;
    if (key.startsWith(`${project.name}:`)) {
      if (type === "array" && items === null) {
        return [{ path, expected: "a type of the list's items", got: "nothing", fix: "add items: { type: string }" }];
      }
      if (type === undefined || value === undefined || isOfType(value, type, items)) return [];
      return [
        { path, expected: `a default of type ${typeName(type, items)}`, got: shownSetting(value), fix: "correct it" },
      ];
    }
    if (type !== undefined) {
      const fix = "declare types for the project's own settings alone";
      return [{ path, expected: "a value: the setting belongs to another package", got: `the type ${type}`, fix }];
    }
    if (value !== undefined) return [];
    return [{ path, expected: "a value: the setting belongs to another package", got: "nothing", fix: "add value: …" }];
  });
}

/** What is wrong with a stack's value; `undefined` when nothing is. An encrypted one cannot be looked at. */
export function valueIssue(
  { written, key, type, items, secret }: Declaration,
  value: Setting,
  { path, stack, isSecret }: { path: string; stack: string; isSecret: boolean },
): Issue | undefined {
  if (type === undefined) return undefined;
  if (secret && !isSecret) {
    const fix = `set it anew with \`pulumi config set --secret ${key} --stack ${stack}\``;
    return { path: `${path} ${written}`, expected: "an encrypted value", got: shownSecret(value), fix };
  }
  if (isSecret || isOfType(value, type, items)) return undefined;
  return {
    path: `${path} ${written}`,
    expected: `a value of type ${typeName(type, items)}`,
    got: shownSetting(value),
    fix: "correct it, or its type in Pulumi.yaml",
  };
}

/** Whether the CLI takes the value for one of that type (`ValidateConfigValue` of pulumi/pulumi). */
function isOfType(value: Setting, type: string, items: Setting): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return (
        typeof value === "bigint" ||
        Number.isInteger(value) ||
        /^[-+]?\d+$/.test(typeof value === "string" ? value : "")
      );
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object":
      return isSettingMap(value);
    default: {
      if (!Array.isArray(value) || !isSettingMap(items)) return false;
      const itemType = items["type"];
      return value.every((item) =>
        isOfType(item, typeof itemType === "string" ? itemType : "", items["items"] ?? null),
      );
    }
  }
}

function typeName(type: string, items: Setting): string {
  if (!isSettingMap(items)) return type;
  const itemType = items["type"];
  return `array<${typeName(typeof itemType === "string" ? itemType : "?", items["items"] ?? null)}>`;
}
