import { readFileSync } from "node:fs";
import { isCollection, isScalar, parseDocument, type Document, type ScalarTag, type TagId } from "yaml";
import { shown } from "../../components/sizing/issues";
import { SettingsError } from "./settings-error";

/** What a settings file holds, as the CLI reads it: whole numbers are `bigint`, so that none of their digits is lost. */
export type Setting = string | bigint | number | boolean | null | Setting[] | SettingMap;

/** Keys and values, in the order of the file. */
export interface SettingMap {
  [key: string]: Setting;
}

/** A settings file: its content, and where in it something stands. */
export interface SettingsFile {
  /** The path. */
  file: string;
  /** The content; `null` for an empty file. */
  content: Setting;
  /** The line (from 1) on which the value at a path of keys begins, or the nearest that there is. */
  lineOf(path: readonly string[]): number;
}

/** Reads `Pulumi.yaml`, `Pulumi.yml`, `Pulumi.json` or a stack's file. One that is not what its name says is refused. */
export function readSettingsFile(file: string): SettingsFile {
  // Some editors begin a file with a mark for its byte order.
  const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  // JSON is YAML, and this parser tells the line of a mistake.
  const document = parseDocument(text, {
    schema: "failsafe",
    merge: true,
    customTags: withScalars,
    logLevel: "silent",
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    const got = (error.message.split("\n", 1)[0] ?? "").replace(/ at line \d+, column \d+:$/, "");
    const expected = file.endsWith(".json") ? "JSON" : "YAML";
    throw new SettingsError([{ path: `${file}:${String(line)}`, expected, got, fix: "correct the line" }]);
  }
  // The tags below make nothing else.
  const content = document.toJS({ maxAliasCount: 1000 }) as Setting;
  return { file, content, lineOf: (path) => lineOf(document, text, path) };
}

/** Whether it is a map. */
export function isSettingMap(value: Setting | undefined): value is SettingMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A setting as a message may show it; not for secrets. */
export function shownSetting(value: Setting | undefined): string {
  return typeof value === "bigint" ? value.toString() : shown(value);
}

/** The text that the CLI hands to a program: a scalar as it prints it, everything else as JSON with sorted keys. */
export function settingText(value: Setting): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  return settingJson(value).replace(/[<>&\u2028\u2029]/g, escaped);
}

/** Go's `encoding/json` writes these as escapes, so that JSON can stand in HTML. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function settingJson(value: Setting): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(settingJson).join(",")}]`;
  if (!isSettingMap(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${settingJson(value[key] ?? null)}`).join(",")}}`;
}

function lineOf(document: Document.Parsed, text: string, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (!isScalar(node) && !isCollection(node)) continue;
    const start = node.range?.[0];
    if (start !== undefined) return text.slice(0, start).split("\n").length;
  }
  return 1;
}

/** A kind of plain scalar, by what the CLI's parser makes of it. */
function scalar(tag: string, test: RegExp, resolve: (text: string) => Setting): ScalarTag {
  return { tag: `tag:yaml.org,2002:${tag}`, default: true, test, resolve };
}

/**
 * Scalars as `gopkg.in/yaml.v3` resolves them (https://github.com/go-yaml/yaml, resolve.go): between YAML 1.1 and 1.2. A number may begin
 * with 0 and is octal then, and hold underscores; `yes` and `on` are texts; a date is a time, which the CLI prints in Go's own way.
 */
function withScalars(tags: (ScalarTag | TagId | object)[]): (ScalarTag | TagId)[] {
  return [
    ...(tags as (ScalarTag | TagId)[]),
    "merge",
    scalar("null", /^(?:~|null|Null|NULL)?$/, () => null),
    scalar("bool", /^(?:true|True|TRUE|false|False|FALSE)$/, (text) => text.toLowerCase() === "true"),
    scalar("int", /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|0[0-7_]*|[1-9][0-9_]*)$/, wholeNumber),
    scalar("float", /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/, (text) =>
      Number(text.replaceAll("_", "")),
    ),
    scalar(
      "timestamp",
      /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|\s+)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,9})?(?:Z|[-+]\d{2}:\d{2})?)?$/,
      time,
    ),
  ];
}

/** Beyond 64 bits it is no whole number any more. */
function wholeNumber(text: string): Setting {
  const digits = text.replaceAll("_", "").replace(/^[-+]/, "");
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (magnitude >= 2n ** 64n) return Number(magnitude) * (text.startsWith("-") ? -1 : 1);
  return text.startsWith("-") ? -magnitude : magnitude;
}

/** Go's `time.Time.String`. */
function time(text: string): string {
  const [, year = "", month = "", day = "", hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] =
    /^(\d{4})-(\d+)-(\d+)(?:\D+?(\d+):(\d+):(\d+)(?:\.(\d+))?(Z|[-+]\d{2}:\d{2})?)?$/.exec(text) ?? [];
  const two = (part: string) => part.padStart(2, "0");
  const tail = fraction.replace(/0+$/, "");
  const offset = zone.replace(":", "");
  const zoneText = zone === "Z" || offset === "+0000" ? "+0000 UTC" : `${offset} ${offset}`;
  const clock = `${two(hour)}:${two(minute)}:${two(second)}${tail === "" ? "" : `.${tail}`}`;
  return `${year}-${two(month)}-${two(day)} ${clock} ${zoneText}`;
}
