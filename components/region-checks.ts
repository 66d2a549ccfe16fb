import { isCidrV6, parseCidr } from "./sizing/cidr";
import { shown, shownSecret, type Issue } from "./sizing/issues";

const HOSTNAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const TAG_KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const TAG_VALUE = /^[a-z0-9_-]{0,63}$/;
/** AWS allows 50 tags on a resource, and each part of a region adds `Name`. Google allows 64 labels. */
const TAGS_MAX = 49;
/** Secrets Manager and Secret Manager both take up to 64 KiB (`PutSecretValue`, `AddSecretVersion`). */
const SECRET_BYTES_MAX = 65_536;
/** Ports that replicas may reach on the Internet. An AWS security group has room for 60 rules in each direction. */
const EGRESS_PORTS_MAX = 20;
/** Set by the region's component itself. */
const RESERVED_VARIABLES: readonly string[] = ["CLOUD", "PORT", "REGION"];

/** One issue unless the hostname is a full lower-case DNS name. One that is not known while planning is left to the cloud. */
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
  return [{ path, expected: `one of ${choices.map((choice) => shown(choice)).join(", ")}`, got: shown(value), fix }];
}

/** One issue unless the text is a path that a health check can ask for. */
export function pathIssues(path: string, value: string): Issue[] {
  if (/^\/[\x21-\x7e]{0,1023}$/.test(value)) return [];
  const fix = 'write it as the API serves it, such as "/healthz/ready"';
  return [{ path, expected: "a path that starts with / and has at most 1024 characters", got: shown(value), fix }];
}

/** Issues of variables' names: unusable, set by the component, or both plain and secret. */
export function variableIssues(environment: Record<string, unknown>, secrets: Record<string, unknown>): Issue[] {
  const of = (kind: string, names: string[]): Issue[] =>
    names.flatMap((name) => {
      const path = `${kind}.${name}`;
      if (!VARIABLE.test(name)) {
        const fix = "rename it";
        return [{ path, expected: "a name of letters, digits and _ that starts with no digit", got: shown(name), fix }];
      }
      if (!RESERVED_VARIABLES.includes(name)) return [];
      const expected = `another name than ${RESERVED_VARIABLES.join(", ")}`;
      return [{ path, expected, got: shown(name), fix: "leave it out: the region sets it" }];
    });
  const both = Object.keys(secrets).filter((name) => name in environment);
  return [
    ...of("environment", Object.keys(environment)),
    ...of("secrets", Object.keys(secrets)),
    ...both.map((name) => ({
      path: `secrets.${name}`,
      expected: "a name that `environment` does not have",
      got: shown(name),
      fix: "keep it in one of the two",
    })),
  ];
}

/** Issues of secrets that no store can hold: empty, or longer than both clouds take. The value is never shown. */
export function secretIssues(secrets: Record<string, unknown>): Issue[] {
  return Object.entries(secrets).flatMap(([name, value]) => {
    if (typeof value !== "string") return [];
    const bytes = Buffer.byteLength(value);
    if (bytes > 0 && bytes <= SECRET_BYTES_MAX) return [];
    const fix = "give it a value that fits";
    return [{ path: `secrets.${name}`, expected: "from 1 byte to 64 KiB", got: shownSecret(value), fix }];
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

/** Issues of the ports that replicas may reach on the Internet: no port, or named twice, or too many for one security group. */
export function egressPortIssues(ports: readonly number[]): Issue[] {
  const path = "internetEgressPorts";
  const each = ports.flatMap((port, index) => {
    const own = `${path}[${String(index)}]`;
    const found = wholeNumberIssues(own, port, { min: 1, max: 65535 }, "name a TCP port");
    if (found.length > 0 || ports.indexOf(port) === index) return found;
    return [{ path: own, expected: "each port once", got: `${shown(port)} again`, fix: "remove one of them" }];
  });
  if (ports.length >= 1 && ports.length <= EGRESS_PORTS_MAX) return each;
  const expected = `from 1 to ${String(EGRESS_PORTS_MAX)} ports`;
  const fix = "name the ports that are called, or turn `internetEgress` off";
  return [...each, { path, expected, got: String(ports.length), fix }];
}

/** Issues of address ranges: not a range, the whole Internet, or none at all. */
export function rangeIssues(path: string, ranges: readonly string[]): Issue[] {
  if (ranges.length === 0) {
    const fix = "leave it out to accept Cloudflare's ranges";
    return [{ path, expected: "at least one address range", got: "an empty list", fix }];
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
