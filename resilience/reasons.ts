import type { Design } from "./design";
import type { Domain } from "./domains";
import { Reason, valueOr, type Unknown } from "./fact";
import { chainOf, type Liveness, type Step } from "./liveness";
import { GLOBAL, type Part, type Place } from "./model";
import { hostnameOf, type Failure } from "./outcome";
import { listed } from "../components/sizing/words";

/** Why a door does not answer, in words and as ids. */
export interface Explanation {
  text: string;
  /** Ids from the door to what stood in the domain. */
  chain: string[];
  /** What is not known at the end of it; undefined where all is. */
  unknown: Unknown | undefined;
}

/**
 * Why a door does not answer: `api.example.com -> pool us-east-2 -> us-east-2-lb stands in aws:us-east-2`. Of several pools that are gone the
 * one with the longest chain is told to its end, since what it shares with the lost domain is the surprise; the others are told by name.
 *
 * @param hopeful - the other view, where the failure is in the fearful one alone: then what differs is told.
 */
export function explain(
  design: Design,
  failure: Failure,
  liveness: Liveness,
  domain: Domain | undefined,
  hopeful: Liveness | undefined,
): Explanation {
  const { door, parts, by } = failure;
  const isDoubtful = (id: string): boolean => hopeful !== undefined && hopeful.isAlive(id);
  const chains = parts.map((id) => chainOf(liveness, id, isDoubtful));
  const doubtful = chains.filter(([first]) => first !== undefined && isDoubtful(first.id));
  const steps = failure.unknown === undefined ? longest(doubtful.length > 0 ? doubtful : chains) : [];
  const doubt = failure.unknown ?? (hopeful === undefined ? undefined : unknownAt(design, steps, domain));
  const ids = [...new Set([door.id, ...(by === undefined ? [] : [by]), ...steps.map(({ id }) => id)])];
  return { text: doubt === undefined ? sure() : doubted(doubt), chain: ids, unknown: doubt };

  function doubted(unknown: Unknown): string {
    return `${pathOf(design, ids)}: ${questionOf(design, failure, steps, domain)}, since ${notKnown(unknown)}; ${remedyOf(unknown)}`;
  }

  function sure(): string {
    const [told, others] = [steps[0]?.id, parts.filter((id) => id !== steps[0]?.id && id !== door.id)];
    const { path, end } = endOf(design, ids, steps, domain, liveness);
    const trap =
      by === undefined || by === told
        ? ""
        : `; ${nameOf(design, by)} still sends requests there, since no monitor takes it out`;
    const rest =
      others.length === 0
        ? ""
        : `; ${listed(
            others.map((id) => nameOf(design, id)),
            NAMES_MAX,
          )} ${others.length === 1 ? "is" : "are"} gone too`;
    return `${path} ${end}${trap}${rest}`;
  }
}

function longest(chains: readonly Step[][]): Step[] {
  return chains.reduce((best, chain) => (chain.length > best.length ? chain : best), []);
}

/** The names of parts on the way. An address and the entry behind it are called the same, and told once. */
function pathOf(design: Design, ids: readonly string[]): string {
  const names = ids.map((id) => nameOf(design, id));
  return names.filter((name, place) => name !== names[place - 1]).join(" -> ");
}

/** Everything that is not known and takes away a part of a serving path in the fearful view alone; by URN and property. */
export function doubtsOf(design: Design, hopeful: Liveness, fearful: Liveness, domain: Domain | undefined): Unknown[] {
  const found = new Map<string, Unknown>();
  for (const id of design.serving) {
    const cause = hopeful.isAlive(id) ? fearful.causeOf(id) : undefined;
    if (cause === undefined) continue;
    const unknown = unknownAt(design, [{ id, cause }], domain);
    if (unknown !== undefined) found.set(`${unknown.urn} ${unknown.property}`, unknown);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, unknown]) => unknown);
}

/** The last thing on a chain that is not known: what is needed, or where something stands. */
function unknownAt(design: Design, steps: readonly Step[], domain: Domain | undefined): Unknown | undefined {
  for (const { id, cause } of [...steps].reverse()) {
    if (cause?.kind === "needs" && cause.need.unknown !== undefined) return cause.need.unknown;
    const part = cause?.kind === "stood-there" && isUnclear(design, id, domain) ? design.parts.get(id) : undefined;
    if (part !== undefined) return unknownOf(part);
  }
  return undefined;
}

/** What of a place is not known. An account that is named nowhere is known to be so, and still says nothing. */
function unknownOf({ place, urn, id }: Part): Unknown {
  for (const fact of [place.region, place.zones, place.account]) if (!fact.known) return fact;
  return { known: false, urn: urn ?? id, property: "account", why: "is named nowhere in the program" };
}

function questionOf(design: Design, failure: Failure, steps: readonly Step[], domain: Domain | undefined): string {
  const { unknown, by } = failure;
  if (unknown !== undefined && by !== undefined)
    return `whether ${nameOf(design, by)} is taken out when it dies is not known`;
  const last = steps.at(-1);
  const isPlace = last?.cause?.kind === "stood-there" && isUnclear(design, last.id, domain);
  return isPlace
    ? `whether ${nameOf(design, last.id)} stands in ${domain?.id ?? ""} is not known`
    : "whether it then works is not known";
}

/** Whether it is not known that a part stands in a domain. */
function isUnclear(design: Design, id: string, domain: Domain | undefined): boolean {
  const part = design.parts.get(id);
  return part !== undefined && domain?.lost(part.place) === "unknown";
}

/** The way to what stood in the domain and that it did; of a quorum the way to it and how many of its voters are left. */
function endOf(
  design: Design,
  ids: readonly string[],
  steps: readonly Step[],
  domain: Domain | undefined,
  { isAlive }: Liveness,
): { path: string; end: string } {
  for (const { id, cause } of steps) {
    if (cause?.kind !== "needs" || cause.need.atLeast < 2) continue;
    const { atLeast, of } = cause.need;
    const left = of.filter(isAlive).length;
    const gone = listed(
      of.filter((other) => !isAlive(other)).map((other) => nameOf(design, other)),
      NAMES_MAX,
    );
    const end = `has ${String(left)} of ${String(of.length)} left and needs ${String(atLeast)}: without ${gone}`;
    return { path: pathOf(design, ids.slice(0, ids.indexOf(id) + 1)), end };
  }
  const last = steps.at(-1);
  const part = last === undefined ? undefined : design.parts.get(last.id);
  const path = pathOf(design, ids);
  if (last === undefined || part === undefined) return { path, end: "leads to nothing in this design" };
  if (last.cause === undefined) return { path, end: "has no enabled origin with a weight" };
  return { path, end: last.cause.kind === "needs" ? `lacks ${last.cause.need.what}` : standsIn(part.place, domain) };
}

function standsIn(place: Place, domain: Domain | undefined): string {
  if (place.cloud === "cloudflare") return "stands at Cloudflare's edge";
  const where = domain?.kind === "zone" ? domain.id : placeName(place);
  const ofWhat = domain?.kind === "geography" || domain?.kind === "account" ? ` (${domain.id})` : "";
  return `stands in ${where}${ofWhat}`;
}

function nameOf(design: Design, id: string): string {
  const part = design.parts.get(id);
  if (part === undefined) return id;
  if (part.role === "door") return hostnameOf(part);
  return part.role === "pool" || part.role === "quorum" ? `${part.role} ${part.label}` : part.label;
}

/** `aws:us-east-2`; the cloud alone for what it runs everywhere, and for what stands in a region that is not known. */
function placeName({ cloud, region }: Place): string {
  const name = valueOr(region, GLOBAL);
  return name === GLOBAL ? cloud : `${cloud}:${name}`;
}

/** What is not known, for a person: which property of what, and why. */
export function notKnown({ urn, property, why }: Unknown): string {
  return `${property} of ${urn.split("::").at(-1) ?? urn} ${why}`;
}

/** How to make known what is not. */
export function remedyOf({ property, why }: Unknown): string {
  if (why === Reason.Elsewhere)
    return "say in the settings where it leads, under design.origins, or judge both in one design";
  if (why === Reason.Secret) return `give ${property} as a value that is no secret`;
  if (why === Reason.Malformed) return `write ${property} in the form that its provider documents`;
  if (why === Reason.Later && property.endsWith("poolWeights"))
    return "declare the shares under design.poolWeights in the settings, or judge the stack's state after an update";
  if (why === Reason.Later) return `write ${property} as a plain value, or judge the stack's state after an update`;
  if (why === Reason.Read)
    return `give ${property} with --answers, by the resource's type and id, or in .get's third argument`;
  if (why === Reason.Subnets)
    return "read these subnets in the program by aws.ec2.Subnet.get and give their zones there or with --answers";
  return `set ${property} in the program`;
}

const NAMES_MAX = 3;
