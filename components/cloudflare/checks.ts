import { shown, type Issue } from "../sizing/issues";

/** DNS names as Cloudflare returns them: lower case, no dot at the end. Other spellings are accepted and then differ on every preview. */
const HOSTNAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether `name` is a full DNS name in lower case, without a dot at its end. */
export function isHostname(name: string): boolean {
  return HOSTNAME.test(name);
}

/** One issue unless the hostname is a full lower-case name inside the zone. Cloudflare refuses others at `up`: 1002 `invalid hostname`. */
export function hostnameIssues(path: string, hostname: string, zoneName: string): Issue[] {
  const inside = hostname === zoneName || hostname.endsWith(`.${zoneName}`);
  if (isHostname(hostname) && inside) return [];
  return [
    {
      path,
      expected: `a full hostname in lower case inside the zone ${shown(zoneName)}`,
      got: shown(hostname),
      fix: `write it in full, such as "api.${zoneName}"`,
    },
  ];
}

/** One issue unless the name is a zone's: full, lower case, no dot at the end. */
export function zoneNameIssues(path: string, zoneName: string): Issue[] {
  if (isHostname(zoneName)) return [];
  return [
    {
      path,
      expected: "a zone's name in lower case without a dot at its end",
      got: shown(zoneName),
      fix: 'write it as the dashboard shows it, such as "example.com"',
    },
  ];
}

/** One issue unless the id is 32 lower-case hexadecimal characters. An id that is not known while planning is left to Cloudflare. */
export function idIssues(path: string, id: unknown, kind: "account" | "zone"): Issue[] {
  if (typeof id !== "string" || /^[0-9a-f]{32}$/.test(id)) return [];
  return [
    {
      path,
      expected: "32 lower-case hexadecimal characters",
      got: shown(id),
      fix: `copy the ${kind} id from the overview page of the zone in Cloudflare's dashboard`,
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

/** One issue unless the value is one of a vendor's words, letter for letter: another case is accepted by the provider and then differs on every preview. */
export function wordIssues(path: string, value: string, words: readonly string[]): Issue[] {
  if (words.includes(value)) return [];
  const list = words.map((word) => JSON.stringify(word)).join(", ");
  return [{ path, expected: `one of ${list}`, got: shown(value), fix: "use one of these words as they are written" }];
}

/** One issue unless the name of a certificate generation can be part of resources' names. */
export function generationIssues(path: string, id: string): Issue[] {
  if (/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(id)) return [];
  return [
    {
      path,
      expected: "lower-case letters, digits and -, up to 20",
      got: shown(id),
      fix: 'name it by year and letter, such as "2026a"',
    },
  ];
}
