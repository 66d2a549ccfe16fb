import type { Design } from "./design";
import type { Domain } from "./domains";
import { Reason, valueOr, type Unknown } from "./fact";
import { chainOf, type Cause, type Liveness, type Step } from "./liveness";
import { GLOBAL, type Part, type Place } from "./model";
import { hostnameOf, type Failure } from "./outcome";

/** Why a door does not answer, in words and as ids. */
export interface Explanation {
  text: string;
  /** Ids from the door to what stood in the domain. */
  chain: string[];
  /** What is not known at the end of it; undefined where all is. */
  unknown: Unknown | undefined;
}

/**
 * Why a door does not answer: `api.example.com -> pool us-east-2 -> us-east-2-lb stands in aws:us-east-2`. Of several pools that are gone
 * one is told to its end, the others by name.
 *
 * @param doubted - the hopeful view, where the failure is in the fearful one alone: then what differs is told.
 */
export function explain(
  design: Design,
  failure: Failure,
  liveness: Liveness,
  domain: Domain | undefined,
  doubted: Liveness | undefined,
): Explanation {
  const { door, parts, by } = failure;
  const isDoubtful = (id: string): boolean => doubted !== undefined && doubted.isAlive(id);
  const first = parts.find(isDoubtful) ?? parts[0] ?? door.id;
  const steps = chainOf(liveness, first, isDoubtful);
  const unknown = failure.unknown ?? (doubted === undefined ? undefined : unknownAt(design, steps, domain));
  const ids = [...new Set([door.id, ...(by === undefined ? [] : [by]), ...steps.map(({ id }) => id)])];
  const path = ids.map((id) => nameOf(design, id)).join(" -> ");
  const end = unknown === undefined ? endOf(design, steps, domain, liveness) : "";
  const others = parts.filter((id) => id !== first && id !== door.id).map((id) => nameOf(design, id));
  const rest = others.length === 0 ? "" : `; ${listed(others)} ${others.length === 1 ? "is" : "are"} gone too`;
  const trap =
    by === undefined ? "" : `; ${nameOf(design, by)} still sends requests there, since no monitor takes it out`;
  const text =
    unknown === undefined
      ? `${path} ${end}${trap}${rest}`
      : `${path}: ${questionOf(steps, failure, domain)}, since ${notKnown(unknown)}; ${remedyOf(unknown)}`;
  return { text, chain: ids, unknown };
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

/** What is not known about the last step of a chain that can be told. */
function unknownAt(design: Design, steps: readonly Step[], domain: Domain | undefined): Unknown | undefined {
  for (const { id, cause } of [...steps].reverse()) {
    if (cause?.kind === "needs" && cause.need.unknown !== undefined) return cause.need.unknown;
    const part = cause?.kind === "stood-there" ? design.parts.get(id) : undefined;
    if (part !== undefined && domain?.lost(part.place) === "unknown") return unknownOf(part);
  }
  return undefined;
}

/** What of a place is not known. An account that is named nowhere is known to be so, and still says nothing. */
function unknownOf({ place, urn, id }: Part): Unknown {
  for (const fact of [place.region, place.zones, place.account]) if (!fact.known) return fact;
  return { known: false, urn: urn ?? id, property: "account", why: "is named nowhere in the program" };
}

function questionOf(steps: readonly Step[], failure: Failure, domain: Domain | undefined): string {
  const last = steps.at(-1)?.cause;
  if (failure.unknown !== undefined && failure.by !== undefined)
    return "whether it is taken out when it dies is not known";
  return last?.kind === "stood-there" && domain !== undefined
    ? `whether it stands in ${domain.id} is not known`
    : "whether it then works is not known";
}

function endOf(design: Design, steps: readonly Step[], domain: Domain | undefined, liveness: Liveness): string {
  const last = steps.at(-1);
  const part = last === undefined ? undefined : design.parts.get(last.id);
  if (last === undefined || part === undefined) return "is not in the design";
  if (last.cause === undefined) return "has no enabled origin with a weight";
  return last.cause.kind === "needs" ? lackOf(last.cause, liveness) : standsIn(part.place, domain);
}

function standsIn(place: Place, domain: Domain | undefined): string {
  if (place.cloud === "cloudflare") return "stands at Cloudflare's edge";
  const name = placeName(place);
  const where = domain?.kind === "zone" ? domain.id : name;
  const ofWhat = domain?.kind === "geography" || domain?.kind === "account" ? `, in ${domain.id}` : "";
  return `stands in ${where}${ofWhat}`;
}

function lackOf({ need }: Extract<Cause, { kind: "needs" }>, { isAlive }: Liveness): string {
  const left = need.of.filter(isAlive).length;
  if (need.of.length === 0) return `has nothing that is ${need.what}`;
  return need.atLeast === 1
    ? `has lost ${need.what}`
    : `needs ${String(need.atLeast)} of ${String(need.of.length)}, and ${String(left)} ${left === 1 ? "is" : "are"} left`;
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
  if (why === Reason.Later) return `write ${property} as a plain value, or judge the stack's state after an update`;
  return `set ${property} in the program`;
}

const NAMES_MAX = 3;

function listed(names: readonly string[]): string {
  const shown =
    names.length > NAMES_MAX
      ? [...names.slice(0, NAMES_MAX - 1), `${String(names.length - NAMES_MAX + 1)} more`]
      : names;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1) ?? ""}`;
}
