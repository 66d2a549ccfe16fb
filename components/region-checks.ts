import { choiceIssues, wholeNumberIssues } from "./checks";
import { OriginPullMode, type RegionArgs } from "./region";
import { isCidrV6, parseCidr } from "./sizing/cidr";
import { shown, shownSecret, type Issue } from "./sizing/issues";

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Secrets Manager and Secret Manager both take up to 64 KiB (`PutSecretValue`, `AddSecretVersion`). */
const SECRET_BYTES_MAX = 65_536;
/** Ports that replicas may reach on the Internet. An AWS security group has room for 60 rules in each direction. */
const EGRESS_PORTS_MAX = 20;
/** Days of keeping logs that both clouds have. CloudWatch Logs knows these steps (`PutRetentionPolicy`); Google's buckets take any number. */
const RETENTION_DAYS: readonly number[] = [1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 400];
/** Set by the region's component itself. */
const RESERVED_VARIABLES: readonly string[] = ["CLOUD", "PORT", "REGION"];

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

/** Whether the text names an image of any registry by digest. */
export function isDigestImage(image: string): boolean {
  return /^[a-z0-9][^\s@]*@sha256:[0-9a-f]{64}$/.test(image);
}

/** Issues of the number of replicas: not from 1 to `max`, or the largest below the smallest. */
export function replicaIssues(
  { minimumReplicas, maximumReplicas }: Pick<RegionArgs, "minimumReplicas" | "maximumReplicas">,
  max: number,
): Issue[] {
  const bounds = { min: 1, max };
  const fix = "run at least one replica, and ask the cloud before going beyond";
  const found = [
    ...wholeNumberIssues("minimumReplicas", minimumReplicas, bounds, fix),
    ...wholeNumberIssues("maximumReplicas", maximumReplicas, bounds, fix),
  ];
  if (found.length > 0 || maximumReplicas >= minimumReplicas) return found;
  const expected = `at least minimumReplicas (${String(minimumReplicas)})`;
  return [{ path: "maximumReplicas", expected, got: shown(maximumReplicas), fix: "raise it" }];
}

/** One issue unless the container can serve on the port. */
export function containerPortIssues(containerPort: number): Issue[] {
  return wholeNumberIssues(
    "containerPort",
    containerPort,
    { min: 1, max: 65_535 },
    "name the port that the API serves",
  );
}

/** One issue unless both clouds can keep logs for so many days. */
export function logRetentionIssues(days: number): Issue[] {
  return choiceIssues("logRetentionDays", days, RETENTION_DAYS, "take the next longer one");
}

/** Issues of origin pulls: an unknown mode, or too few or too many authorities for it. Authorities that are not known are passed over. */
export function originPullIssues(
  {
    originPullMode = OriginPullMode.Off,
    originPullAuthorities,
  }: Pick<RegionArgs, "originPullMode" | "originPullAuthorities">,
  authoritiesMax = Infinity,
): Issue[] {
  const choice = 'begin with "accept", then "enforce" once every pool is healthy';
  const mode = choiceIssues("originPullMode", originPullMode, Object.values(OriginPullMode), choice);
  if (mode.length > 0 || originPullMode === OriginPullMode.Off) return mode;
  if (originPullAuthorities !== undefined && typeof originPullAuthorities !== "string") return [];
  const count = (originPullAuthorities ?? "").split("-----BEGIN CERTIFICATE-----").length - 1;
  if (count >= 1 && count <= authoritiesMax) return [];
  const certificates =
    authoritiesMax === Infinity
      ? "at least one PEM certificate"
      : `from 1 to ${String(authoritiesMax)} PEM certificates`;
  const expected = `${certificates} while originPullMode is ${shown(originPullMode)}`;
  const fix = "give it the authorities that sign the client certificates, or turn originPullMode off";
  const got = originPullAuthorities === undefined ? "nothing" : count === 0 ? "a text without one" : String(count);
  return [{ path: "originPullAuthorities", expected, got, fix }];
}
