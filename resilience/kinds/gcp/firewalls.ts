import { allFacts, known, mapFact, valueOr, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Surroundings } from "../../model";
import { boolean, text, texts } from "../../reader";
import { oncePerGraph } from "../once";
import { holdsClientPort } from "../ports";
import { linked } from "./links";
import { elements } from "./paths";

const FIREWALL = "gcp:compute/firewall:Firewall";
const NETWORK = "gcp:compute/network:Network";
const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";

/**
 * Ranges that are not "outside": private ones (RFC 1918), and Google's own for health checks and its tunnel for administrators
 * (docs.cloud.google.com/load-balancing/docs/health-check-concepts, docs.cloud.google.com/iap/docs/using-tcp-forwarding).
 */
const INSIDE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|35\.191\.|130\.211\.[0-3]\.|35\.235\.24\d\.)/;

/**
 * Whether a firewall lets a machine be asked from outside at a port for clients. Nothing comes in by default
 * (docs.cloud.google.com/firewall/docs/firewalls#default_firewall_rules): a machine for administrators has an address and is still no way in. What is
 * not known of a rule that would match leaves it open.
 */
export function isAskedFromOutside(machine: Resource, around: Surroundings): Fact<boolean> {
  let answer: Fact<boolean> = known(false);
  for (const { firewall, isOutside } of openRules(around.index)) {
    if (!isAboutMachine(firewall, machine, around)) continue;
    if (isOutside.known) return isOutside;
    answer = isOutside;
  }
  return answer;
}

/** Rules that let somebody in from outside at those ports, or may. */
const openRules = oncePerGraph((index) =>
  index.ofType(FIREWALL).flatMap((firewall) => {
    if (!allowsIngress(firewall) || !takesClientPorts(firewall)) return [];
    const isOutside = takesOutside(firewall);
    return isOutside.known && !isOutside.value ? [] : [{ firewall, isOutside }];
  }),
);

function allowsIngress(firewall: Resource): boolean {
  const isIngress = valueOr(text(firewall, "direction"), "INGRESS") !== "EGRESS";
  return isIngress && valueOr(boolean(firewall, "disabled"), false) !== true;
}

/** Rules hold for a network, and for all machines there or for those with one of the tags. */
function isAboutMachine(firewall: Resource, machine: Resource, around: Surroundings): boolean {
  const networks = valueOr(linked(firewall, "network", [NETWORK], around), []);
  const own = networksOf(machine, around);
  if (networks.length > 0 && own.length > 0 && !networks.some((network) => own.includes(network))) return false;
  const targets = valueOr(texts(firewall, "targetTags"), []).map((tag) => valueOr(tag, ""));
  const tags = valueOr(texts(machine, "tags"), []).map((tag) => valueOr(tag, ""));
  return targets.length === 0 || targets.some((tag) => tags.includes(tag));
}

function networksOf(machine: Resource, around: Surroundings): Resource[] {
  return elements(machine, "networkInterfaces").flatMap((path) => {
    const direct = valueOr(linked(machine, `${path}.network`, [NETWORK], around), []);
    const subnets = valueOr(linked(machine, `${path}.subnetwork`, [SUBNETWORK], around), []);
    return [...direct, ...subnets.flatMap((subnet) => valueOr(linked(subnet, "network", [NETWORK], around), []))];
  });
}

/** Without ranges, tags or accounts as its source a rule takes everybody (the provider's page). */
function takesOutside(firewall: Resource): Fact<boolean> {
  const ranges = texts(firewall, "sourceRanges");
  if (!ranges.known) return ranges;
  if (ranges.value.length === 0) {
    const others = ["sourceTags", "sourceServiceAccounts"].map((path) => valueOr(texts(firewall, path), []).length);
    return known(others.every((length) => length === 0));
  }
  if (ranges.value.some((range) => range.known && !INSIDE.test(range.value))) return known(true);
  return mapFact(allFacts(ranges.value), () => false);
}

function takesClientPorts(firewall: Resource): boolean {
  return elements(firewall, "allows").some((path) => {
    const protocol = valueOr(text(firewall, `${path}.protocol`), "all") ?? "all";
    if (!["all", "tcp", "6"].includes(protocol.toLowerCase())) return false;
    const ports = valueOr(texts(firewall, `${path}.ports`), []);
    return ports.length === 0 || ports.some((port) => !port.known || isForClients(port.value));
  });
}

function isForClients(range: string): boolean {
  const [first = NaN, last = first] = range.split("-").map(Number);
  return holdsClientPort(first, last);
}
