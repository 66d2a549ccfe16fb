import { choiceIssues } from "../checks";
import { isPrivateCidr, parseCidr } from "../sizing/cidr";
import { shown, type Issue } from "../sizing/issues";
import { Cloud, regionFacts } from "../sizing/regions";
import { isPlannableZone } from "./network-plan";

/** Zones over which a region's network is spread: with three, losing one leaves two thirds. */
export const ZONE_COUNT = 3;
/** Steps that CloudWatch Logs has for keeping logs, in days (`PutRetentionPolicy`). */
const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** One issue unless the component's name can begin the names of buckets, load balancers and trust stores. */
export function nameIssues(name: string): Issue[] {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return [];
  const expected = "lower-case letters, digits and single hyphens, starting with a letter";
  const fix = "rename the component, since names of buckets and load balancers are made from it";
  return [{ path: "name", expected, got: shown(name), fix }];
}

/** One issue unless the region is one of AWS's. */
export function regionIssues(path: string, region: string): Issue[] {
  if (regionFacts(Cloud.Aws, region) !== undefined) return [];
  return [{ path, expected: "an AWS region", got: shown(region), fix: 'write it as AWS does, such as "us-east-2"' }];
}

/** One issue unless the text is an account id. */
export function accountIssues(path: string, accountId: string): Issue[] {
  if (/^\d{12}$/.test(accountId)) return [];
  const fix = "copy it from the console's account menu, as text, so that zeros in front are kept";
  return [{ path, expected: "an account id of 12 digits", got: shown(accountId), fix }];
}

/** Issues of zones: not three, not of the region, or named twice. */
export function zoneIssues(region: string, zones: readonly string[]): Issue[] {
  const path = "availabilityZones";
  const example = `"${region}a"`;
  const count = zones.length === ZONE_COUNT ? [] : [countIssue(path, zones, `name three, such as ${example}`)];
  const each = zones.flatMap((zone, index) => {
    const own = `${path}[${String(index)}]`;
    if (!isPlannableZone(region, zone)) {
      const fix = `write the region and a letter from a to g, such as ${example}`;
      return [{ path: own, expected: `a zone of ${region}`, got: shown(zone), fix }];
    }
    if (zones.indexOf(zone) === index) return [];
    return [{ path: own, expected: "each zone once", got: `${shown(zone)} again`, fix: "name another zone" }];
  });
  return [...count, ...each];
}

/** One issue unless the range is private and of a size that can be split. */
export function cidrBlockIssues(cidrBlock: string): Issue[] {
  const path = "cidrBlock";
  const prefixLength = parseCidr(cidrBlock)?.prefixLength;
  if (prefixLength === undefined || prefixLength < 16 || prefixLength > 20) {
    const fix = 'write it with its first address, such as "10.16.0.0/16"';
    return [{ path, expected: "an IPv4 range from /16 to /20", got: shown(cidrBlock), fix }];
  }
  if (isPrivateCidr(cidrBlock)) return [];
  const fix = "take one out of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
  return [{ path, expected: "a private range", got: shown(cidrBlock), fix }];
}

/** One issue unless CloudWatch Logs can keep logs for so many days. */
export function flowLogRetentionIssues(days: number): Issue[] {
  return choiceIssues("logRetentionDays", days, RETENTION_DAYS, "take the next longer one");
}

/** One issue unless the list has one entry a zone. */
export function countIssue(path: string, list: readonly unknown[], fix: string): Issue {
  return { path, expected: "exactly three, one for each zone", got: String(list.length), fix };
}
