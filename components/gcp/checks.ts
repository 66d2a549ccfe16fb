import { isCidrV6, parseCidr } from "../sizing/cidr";
import { shown, type Issue } from "../sizing/issues";
import { Cloud, regionFacts } from "../sizing/regions";

/** Lower-case letters, digits and hyphens: what Google accepts as the name of a load balancer's parts (facts R24, R38, R75). */
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
/** Project ids: 6 to 30 of lower-case letters, digits and hyphens, starting with a letter. */
const PROJECT = /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/;
const HOSTNAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Labels that both clouds accept, in Google's narrower form. */
const LABEL_KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const LABEL_VALUE = /^[a-z0-9_-]{0,63}$/;
/** Google allows 64 labels on a resource, and Pulumi adds one of its own. */
const LABELS_MAX = 63;

/** One issue unless the component's name can begin the names of Google's resources. */
export function nameIssues(name: string): Issue[] {
  if (NAME.test(name)) return [];
  return [
    {
      path: "name",
      expected: "lower-case letters, digits and hyphens, starting with a letter",
      got: shown(name),
      fix: "rename the component, since Google's names are made from it",
    },
  ];
}

/** One issue unless the text is a project id. */
export function projectIssues(path: string, project: string): Issue[] {
  if (PROJECT.test(project)) return [];
  return [
    {
      path,
      expected: "a project id of 6 to 30 lower-case letters, digits and hyphens",
      got: shown(project),
      fix: "copy the id (not the name or number) from the console's project list",
    },
  ];
}

/** One issue unless the region is one of Google's. */
export function regionIssues(path: string, region: string): Issue[] {
  if (regionFacts(Cloud.Gcp, region) !== undefined) return [];
  return [
    {
      path,
      expected: "a Google Cloud region",
      got: shown(region),
      fix: 'write it as Google does, such as "us-central1"',
    },
  ];
}

/** One issue unless the hostname is a full lower-case DNS name. One that is not known while planning is left to Google. */
export function hostnameIssues(path: string, hostname: unknown): Issue[] {
  if (typeof hostname !== "string" || HOSTNAME.test(hostname)) return [];
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
  bounds: { min: number; max: number },
  fix: string,
): Issue[] {
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return [];
  const expected = `a whole number from ${String(bounds.min)} to ${String(bounds.max)}`;
  return [{ path, expected, got: shown(value), fix }];
}

/** One issue unless the value is one of the choices. */
export function choiceIssues<T>(path: string, value: T, choices: readonly T[], fix: string): Issue[] {
  if (choices.includes(value)) return [];
  const expected = `one of ${choices.map((choice) => shown(choice)).join(", ")}`;
  return [{ path, expected, got: shown(value), fix }];
}

/** Issues of labels: keys and values that Google refuses, and too many. */
export function labelIssues(path: string, labels: Record<string, string>): Issue[] {
  const entries = Object.entries(labels);
  const tooMany: Issue[] =
    entries.length <= LABELS_MAX
      ? []
      : [
          {
            path,
            expected: `at most ${String(LABELS_MAX)} labels`,
            got: String(entries.length),
            fix: "leave out those that nobody filters by",
          },
        ];
  const badLabels = entries
    .filter(([key, value]) => !LABEL_KEY.test(key) || !LABEL_VALUE.test(value))
    .map(([key, value]) => ({
      path: `${path}.${key}`,
      expected: "a label of lower-case letters, digits, - and _, at most 63, the key starting with a letter",
      got: shown(value),
      fix: "write key and value in lower case without spaces or dots",
    }));
  return [...tooMany, ...badLabels];
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

/** Issues of address ranges: not a range, the whole Internet, or none at all. */
export function rangeIssues(path: string, ranges: readonly string[]): Issue[] {
  if (ranges.length === 0) {
    return [
      {
        path,
        expected: "at least one address range",
        got: "an empty list",
        fix: "leave it out to accept Cloudflare's ranges",
      },
    ];
  }
  return ranges.flatMap((range, index) => {
    const own = `${path}[${String(index)}]`;
    if (parseCidr(range) === undefined && !isCidrV6(range)) {
      const fix = "write address/prefix without bits behind the prefix";
      return [{ path: own, expected: "an IPv4 or IPv6 range", got: shown(range), fix }];
    }
    if (!range.endsWith("/0")) return [];
    const fix = "name the ranges of whoever stands in front of the API";
    return [{ path: own, expected: "less than the whole Internet", got: shown(range), fix }];
  });
}
