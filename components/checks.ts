import { shown, type Issue } from "./sizing/issues";

/** DNS names as Cloudflare returns them: lower case, no dot at the end. Other spellings are accepted and then differ on every preview. */
const HOSTNAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const TAG_KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const TAG_VALUE = /^[a-z0-9_-]{0,63}$/;
/** AWS allows 50 tags on a resource, and each part of a region adds `Name`. Google allows 64 labels. */
const TAGS_MAX = 49;

/** Whether `name` is a full DNS name in lower case, without a dot at its end. */
export function isHostname(name: string): boolean {
  return HOSTNAME.test(name);
}

/** One issue unless the hostname is a full lower-case DNS name. One that is not known while planning is left to the cloud. */
export function hostnameIssues(path: string, hostname: unknown): Issue[] {
  if (typeof hostname !== "string" || isHostname(hostname)) return [];
  return [
    {
      path,
      expected: "a full hostname in lower case, without wildcard or dot at its end",
      got: shown(hostname),
      fix: 'write it as clients call it, such as "api.example.com"',
    },
  ];
}

/** One issue unless the value is a whole number within the bounds. */
export function wholeNumberIssues(
  path: string,
  value: number,
  bounds: { min: number; max?: number; unit?: string },
  fix: string,
): Issue[] {
  const { min, max, unit } = bounds;
  if (Number.isInteger(value) && value >= min && (max === undefined || value <= max)) return [];
  const range = max === undefined ? `from ${String(min)}` : `from ${String(min)} to ${String(max)}`;
  const expected = `a whole number${unit === undefined ? "" : ` of ${unit}`} ${range}`;
  return [{ path, expected, got: shown(value), fix }];
}

/** One issue unless the value is one of the choices. */
export function choiceIssues<T>(path: string, value: T, choices: readonly T[], fix: string): Issue[] {
  if (choices.includes(value)) return [];
  return [{ path, expected: `one of ${choices.map((choice) => shown(choice)).join(", ")}`, got: shown(value), fix }];
}

/** One issue for each value of a list that an earlier one already has. Values that are not known while planning are passed over. */
export function duplicateIssues(
  entries: readonly { path: string; value: unknown }[],
  expected: string,
  fix: string,
): Issue[] {
  const seen = new Set<string>();
  return entries.flatMap(({ path, value }) => {
    if (typeof value !== "string") return [];
    if (seen.has(value)) return [{ path, expected, got: `${shown(value)} again`, fix }];
    seen.add(value);
    return [];
  });
}

/** Issues of tags: keys and values that one of the clouds refuses, and too many. */
export function tagIssues(path: string, tags: Record<string, string>): Issue[] {
  const entries = Object.entries(tags);
  const expected = `at most ${String(TAGS_MAX)} tags`;
  const fix = "leave out those that nobody filters by";
  const tooMany = entries.length <= TAGS_MAX ? [] : [{ path, expected, got: String(entries.length), fix }];
  const bad = entries
    .filter(([key, value]) => !TAG_KEY.test(key) || !TAG_VALUE.test(value))
    .map(([key, value]) => ({
      path: `${path}.${key}`,
      expected: "a tag of lower-case letters, digits, - and _, at most 63, the key starting with a letter",
      got: shown(value),
      fix: "write key and value in lower case without spaces or dots",
    }));
  return [...tooMany, ...bad];
}

/** Issues of e-mail addresses that cannot be delivered to, or are named twice. */
export function emailIssues(path: string, emails: readonly string[]): Issue[] {
  return emails.flatMap((email, index) => {
    const own = `${path}[${String(index)}]`;
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
      return [{ path: own, expected: "an e-mail address", got: shown(email), fix: "write name@domain" }];
    }
    if (emails.indexOf(email) === index) return [];
    return [{ path: own, expected: "each address once", got: `${shown(email)} again`, fix: "remove one of them" }];
  });
}
