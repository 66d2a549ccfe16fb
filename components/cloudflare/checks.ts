import { choiceIssues, isHostname } from "../checks";
import { shown, type Issue } from "../sizing/issues";

/** One issue unless the hostname is a full lower-case name inside the zone. Cloudflare refuses others at `up`: 1002 `invalid hostname`. */
export function hostnameInZoneIssues(path: string, hostname: string, zoneName: string): Issue[] {
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

/** One issue unless the value is one of a vendor's words, letter for letter: another case is accepted by the provider and then differs on every preview. */
export function wordIssues(path: string, value: string, words: readonly string[]): Issue[] {
  return choiceIssues(path, value, words, "use one of these words as they are written");
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
