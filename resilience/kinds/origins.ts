import { known, Reason, unknown, valueOr, type Fact, type Unknown } from "../fact";
import type { Resource } from "../graph";
import type { GraphIndex } from "../index-of";
import { GLOBAL, type Entry, type Place, type Surroundings } from "../model";
import { property } from "../reader";
import { dependenciesAt } from "../references";
import { own } from "../values";
import { awsEntriesAt } from "./aws/entries";
import { hostOf, resourcesAt } from "./edge/hosts";
import { isSpreadHost, whereaboutsOfHost, whereaboutsOfText } from "./edge/host-places";
import type { NameSet } from "./edge/name-set";
import { allSets, isSecondFamily, setAt, setOf } from "./edge/name-sets";
import { CLOUDFLARE_BALANCER, EDGE_DOORS, EDGE_WAYS } from "./edge/types";
import { gcpEntriesAt } from "./gcp/entries";
import { oncePerGraph, push } from "./once";

/**
 * Where addresses lead: from what is written in a pool, a record or a backend to the ids of the parts that take requests there.
 *
 * An address is a text (a host, an IP, an ARN, an id) that some resource of the design is known under, or it is known only later and then
 * told by what it depends on. It leads to an entry, to a door (a name with several answers, a CloudFront distribution), or out of the
 * design: then an entry of its own stands for it, placed by the settings (`design.origins`), by the shape of the hostname, or nowhere.
 */

/** Ids of all parts that an address leads to; every one of them takes requests. Never empty. */
export function originAt(resource: Resource, path: string, around: Surroundings): string[] {
  return originsAt(resource, [path], around)[0] ?? [];
}

/**
 * The same for several addresses of one resource together: where the recorder tells only what all of them depend on, as many ways in as
 * addresses are one for each.
 *
 * @param names - names under which the settings may place what stands behind addresses that are not known: a pool's.
 */
export function originsAt(
  resource: Resource,
  paths: readonly string[],
  around: Surroundings,
  names: readonly string[] = [],
): string[][] {
  const found = paths.map((path) => ({ path, ...waysAt(resource, path, around, 0) }));
  const sure = found.map(({ path, ...ways }) => settled(ways, path));
  const taken = new Set(sure.flatMap((ids) => ids ?? []));
  const open = found.filter((_, place) => sure[place] === undefined);
  const choice = [...new Set(open.flatMap(({ ids }) => ids))].filter((id) => !taken.has(id));
  const isOneEach = choice.length > 0 && choice.length === open.length;
  return found.map((each, place) => {
    const ids = sure[place];
    if (ids !== undefined && ids.length > 0) return ids;
    const chosen = isOneEach && ids === undefined ? choice[open.indexOf(each)] : undefined;
    if (chosen !== undefined) return [chosen];
    return [external(resource, each.path, around, names, ids === undefined ? SEVERAL : undefined)];
  });
}

/** Ids of the parts inside the design that an address leads to, as far as that is known. */
export function waysInside(resource: Resource, path: string, around: Surroundings): string[] {
  return waysAt(resource, path, around, 0).ids;
}

/** The ways that are meant, none of them too; undefined where it may be any of several. A whole list stands for all that it depends on. */
function settled({ ids, isExact }: Ways, path: string): string[] | undefined {
  return isExact || ids.length < 2 || !path.includes("[") ? ids : undefined;
}

const SEVERAL = "is known only after an update, and may be any of several things that it depends on";

/** The id of the entry outside the design that answers in the end for a hostname, by the property that holds it: where the settings place it. */
export function calledOutside(resource: Resource, path: string, around: Surroundings): string {
  return external(resource, path, around, []);
}

/** Whether a set of answers is a hostname of this design: it chooses among answers, or one of them leads to something in the design. */
export function isDoor(set: NameSet, around: Surroundings): boolean {
  return doorsOf(around).has(set.id);
}

interface Ways {
  ids: string[];
  /** Whether these are meant, and not only some of these. */
  isExact: boolean;
}

/** A name may point to a name; more steps than this, no resolver follows. */
const STEPS_MAX = 8;

function waysAt(resource: Resource, path: string, around: Surroundings, steps: number): Ways {
  const { resources, isExact } = targetsAt(resource, path, around.index);
  const ids = [...new Set(resources.flatMap((each) => waysOf(each, around, steps) ?? []))];
  return { ids, isExact };
}

/** Resources of the design that an address may mean. */
function targetsAt(resource: Resource, path: string, index: GraphIndex): { resources: Resource[]; isExact: boolean } {
  const fact = property(resource, path);
  const depended = dependenciesAt(resource, path);
  const behind = depended.urns.flatMap((urn) => index.byUrn.get(urn) ?? []);
  if (fact.known && typeof fact.value === "string") {
    const named = resourcesNamed(index, fact.value).filter(({ urn }) => urn !== resource.urn);
    // A text that was put together of parts of others: the recorder may know of which.
    return { resources: named.length > 0 ? named : depended.isExact ? behind : [], isExact: true };
  }
  if (fact.known && fact.value === undefined) return { resources: [], isExact: true };
  return { resources: behind, isExact: depended.isExact };
}

/** With a zone at another DNS provider, Cloudflare answers under this suffix (developers.cloudflare.com/dns/zone-setups/partial-setup). */
const CLOUDFLARE_SUFFIX = ".cdn.cloudflare.net";

/** What answers under an address: a name of the design before the thing itself, since the name may have several answers. */
function resourcesNamed(index: GraphIndex, address: string): readonly Resource[] {
  const written = hostOf(address).replace(/^dualstack\./, "");
  const isAtCloudflare = written.endsWith(CLOUDFLARE_SUFFIX);
  const host = isAtCloudflare ? written.slice(0, -CLOUDFLARE_SUFFIX.length) : written;
  const answering = resourcesAt(index, host);
  // A load balancer of a name wins over records of it (developers.cloudflare.com/load-balancing/load-balancers/dns-records).
  const balancers = answering.filter((each) => each.type === CLOUDFLARE_BALANCER && !isTurnedOff(each));
  if (balancers.length > 0) return balancers;
  const set = setAt(index, host, isAtCloudflare ? "cloudflare:" : "");
  if (set !== undefined) return set.records.slice(0, 1);
  if (answering.length > 0) return answering;
  const named = index.named(address);
  if (named.length > 0) return named;
  // Clouds begin a hostname with the id of what answers: `API.execute-api.us-east-2.amazonaws.com`, `TUNNEL.cfargotunnel.com`.
  const [label = "", ...rest] = host.split(".");
  return rest.length > 1 && label.length > 5 ? index.named(label) : [];
}

/** Ids of what takes the requests that reach a resource; undefined for one that is no way in. */
function waysOf(resource: Resource, around: Surroundings, steps: number): string[] | undefined {
  if (steps > STEPS_MAX) return undefined;
  const set = setOf(around.index, resource);
  if (set !== undefined) return waysOfSet(set, around, steps);
  const ids = directWays(resource, around);
  if (ids !== undefined) return ids.length > 0 ? ids : undefined;
  // A component's output depends on the component: what it stands for is the one way in that it holds.
  const inside = [...new Set(descendants(around.index, resource).flatMap((each) => directWays(each, around) ?? []))];
  return inside.length === 1 ? inside : undefined;
}

function waysOfSet(set: NameSet, around: Surroundings, steps: number): string[] {
  const through = doorBehind(set, around, steps);
  if (through !== undefined) return [through.urn];
  return isDoor(set, around) ? [set.id] : endsOf(set, around, steps);
}

/** Where a name that is no door leads, over names that are none either; each of these is looked at once. */
function endsOf(start: NameSet, around: Surroundings, steps: number): string[] {
  const ends = new Set<string>();
  const seen = new Set([start.id]);
  const open = [start];
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    for (const { record, addresses } of set.answers) {
      for (const path of addresses) {
        const { resources, isExact } = targetsAt(record, path, around.index);
        const names = resources.flatMap((each) => setOf(around.index, each) ?? []);
        const further = names.filter((next) => !isDoor(next, around));
        for (const next of further) {
          if (seen.has(next.id)) continue;
          seen.add(next.id);
          open.push(next);
        }
        if (further.length > 0) continue;
        const ids = [...new Set(resources.flatMap((each) => waysOf(each, around, steps + 1) ?? []))];
        const sure = settled({ ids, isExact }, path) ?? [];
        const outside = (): string => external(record, path, around, [record.name, valueOr(set.hostname, "")]);
        for (const id of sure.length > 0 ? sure : [outside()]) ends.add(id);
      }
    }
  }
  // A circle of names ends nowhere.
  const [first] = start.answers;
  if (ends.size === 0 && first !== undefined)
    return [external(first.record, first.addresses[0] ?? "", around, [first.record.name])];
  return [...ends].sort();
}

/**
 * The door for which a name is another word: its only answer, at the provider that runs it. Such a name is no door of its own.
 *
 * @returns what stands for the door: a load balancer, distribution or accelerator, or the first record of a name.
 */
export function doorBehind(set: NameSet, around: Surroundings, steps = 0): Resource | undefined {
  const target = doorPointedTo(set, around, steps);
  const [record] = set.records;
  if (target === undefined || record === undefined) return undefined;
  return around.placeOf(record).cloud === around.placeOf(target).cloud ? target : undefined;
}

/** The door that is the only answer of a name, at whatever provider. */
export function doorPointedTo(set: NameSet, around: Surroundings, steps = 0): Resource | undefined {
  const [answer, ...others] = set.answers;
  const [path, ...more] = answer?.addresses ?? [];
  if (set.isSteered || answer === undefined || path === undefined || others.length + more.length > 0) return undefined;
  const ids = settled(waysAt(answer.record, path, around, steps + 1), path) ?? [];
  const target = ids.length === 1 ? around.index.byUrn.get(ids[0] ?? "") : undefined;
  return target !== undefined && isDoorOf(target, around.index) ? target : undefined;
}

function isDoorOf(resource: Resource, index: GraphIndex): boolean {
  return EDGE_DOORS.has(resource.type) || setOf(index, resource) !== undefined;
}

function directWays(resource: Resource, around: Surroundings): string[] | undefined {
  if (EDGE_WAYS.has(resource.type)) return [resource.urn];
  return awsEntriesAt(resource, around) ?? gcpEntriesAt(resource, around);
}

function descendants(index: GraphIndex, component: Resource): Resource[] {
  if (component.provider !== null || component.type.startsWith("pulumi:")) return [];
  const found: Resource[] = [];
  const open = [component.urn];
  const seen = new Set(open);
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    for (const child of childrenOf(index).get(urn) ?? []) {
      if (seen.has(child.urn)) continue;
      seen.add(child.urn);
      open.push(child.urn);
      found.push(child);
    }
  }
  return found;
}

const childrenOf = oncePerGraph((index) => {
  const children = new Map<string, Resource[]>();
  for (const resource of index.graph.resources) if (resource.parent !== null) push(children, resource.parent, resource);
  return children;
});

const doorSets = new WeakMap<GraphIndex, ReadonlySet<string>>();

/**
 * Ids of the sets that are hostnames of the design: those that lead into it, and those that lead to where the settings, or a cloud's own
 * hostname, say that something serves. Whether a name leads into the design is told backwards from what is in it, so that chains and circles
 * of names cost no more than their records.
 */
function doorsOf(around: Surroundings): ReadonlySet<string> {
  const made = doorSets.get(around.index);
  if (made !== undefined) return made;
  const doors = new Set<string>();
  doorSets.set(around.index, doors);
  const pointing = new Map<string, string[]>();
  const open: string[] = [];
  for (const set of allSets(around.index)) {
    if (!mayBeDoor(set, around.index)) continue;
    const targets = set.answers.flatMap(({ record, addresses }) =>
      addresses.flatMap((path) => targetsAt(record, path, around.index).resources),
    );
    for (const target of targets) {
      const next = setOf(around.index, target);
      if (next !== undefined) push(pointing, next.id, set.id);
      else if (waysOf(target, around, 0) !== undefined) open.push(set.id);
    }
    if (set.isSteered || isPlaced(set, around)) open.push(set.id);
  }
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (doors.has(id)) continue;
    doors.add(id);
    open.push(...(pointing.get(id) ?? []));
  }
  return doors;
}

/** An address outside the design to which a name leads clients. */
export interface OutsideAddress {
  record: Resource;
  /** Path of the property of the record that holds it. */
  path: string;
  /** Its host, where it is known. */
  host: string | undefined;
}

/**
 * The names of a design that lead clients out of it, to where nobody says what stands there; each with its addresses. Names that begin with
 * an underscore prove something to machines and lead no client anywhere (RFC 8552), and no client outside reaches a private address.
 */
export function outsideNames(around: Surroundings): { set: NameSet; addresses: OutsideAddress[] }[] {
  return allSets(around.index).flatMap((set) => {
    if (!mayBeDoor(set, around.index) || isDoor(set, around)) return [];
    const addresses = outsideAddresses(set, around.index).filter(({ host }) => host === undefined || mayServeAt(host));
    return addresses.length === 0 ? [] : [{ set, addresses }];
  });
}

function outsideAddresses(set: NameSet, index: GraphIndex): OutsideAddress[] {
  return set.answers.flatMap(({ record, addresses }) => {
    const name = property(record, "name");
    if (name.known && typeof name.value === "string" && /(?:^|\.)_/.test(name.value)) return [];
    return addresses.flatMap((path): OutsideAddress[] => {
      const fact = property(record, path);
      if (fact.known && typeof fact.value !== "string") return [];
      const inside = targetsAt(record, path, index).resources.filter(({ type }) => type !== STACK_REFERENCE);
      if (inside.length > 0) return [];
      return [{ record, path, host: fact.known && typeof fact.value === "string" ? hostOf(fact.value) : undefined }];
    });
  });
}

const STACK_REFERENCE = "pulumi:pulumi:StackReference";

/** Whether something of somebody's may serve at a host outside: not at a private address, in a bucket, or at Cloudflare itself. */
function mayServeAt(host: string): boolean {
  return (
    !PRIVATE.test(host) && !/(?:^|\.)s3(?:-website)?[.-]/.test(host) && whereaboutsOfHost(host)?.cloud !== "cloudflare"
  );
}

/** Addresses that no router of the internet carries (RFC 1918, RFC 6598), and the machine itself. */
const PRIVATE = /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.[\d.]+$/;

/** Whether a name leads to an address outside of which somebody says where it stands: the settings, or the cloud that named it. */
function isPlaced(set: NameSet, { index, declared }: Surroundings): boolean {
  return outsideAddresses(set, index).some(({ record, host }) => {
    if ([host ?? "", record.name].some((key) => own(declared.origins, key) !== undefined)) return true;
    const at = host === undefined || !mayServeAt(host) ? undefined : whereaboutsOfHost(host);
    return at?.region !== undefined && (at.cloud === "aws" || at.cloud === "gcp") && at.region !== GLOBAL;
  });
}

/** A name that clients outside ask for, and that nothing else answers for. */
function mayBeDoor(set: NameSet, index: GraphIndex): boolean {
  if (set.isPrivate || isSecondFamily(index, set)) return false;
  return !(
    set.hostname.known &&
    resourcesAt(index, set.hostname.value).some(
      (each) => each.type === CLOUDFLARE_BALANCER && !isTurnedOff(each) && set.kind === "dns",
    )
  );
}

function isTurnedOff(balancer: Resource): boolean {
  const enabled = property(balancer, "enabled");
  return enabled.known && enabled.value === false;
}

const externals = oncePerGraph(() => new Map<string, Entry>());

/** The entries that stand for addresses outside the design, as far as something leads to them; by id. */
export function externalEntries(index: GraphIndex): ReadonlyMap<string, Entry> {
  return externals(index);
}

/** The id of the entry that stands for an address outside the design; it is made here and nowhere else. */
function external(
  resource: Resource,
  path: string,
  { index, declared }: Surroundings,
  names: readonly string[],
  why?: string,
): string {
  const fact = property(resource, path);
  const written = fact.known && typeof fact.value === "string" ? hostOf(fact.value) : undefined;
  const id = `external:${written ?? `${resource.urn}#${path}`}`;
  const keys = [...(written === undefined ? [] : [written]), ...names, resource.name].filter((key) => key !== "");
  const declaredAs = keys.flatMap((key) => own(declared.origins, key) ?? [])[0];
  const missing = unknown(resource.urn, path, why ?? reasonOf(index, resource, path, fact));
  const label = written ?? `${path} of ${resource.name}`;
  externals(index).set(id, {
    role: "entry",
    id,
    urn: null,
    label,
    place: placeOf(typeof declaredAs === "string" ? declaredAs : undefined, written, missing),
    needs: [],
    isPublic: known(true),
    checks: [],
  });
  return id;
}

function placeOf(declaredAs: string | undefined, host: string | undefined, missing: Unknown): Place {
  // In which zones a balancer or machine stands is judged where it is made.
  const nowhere: Place = { cloud: "other", region: missing, account: known(""), zones: missing };
  const told = declaredAs === undefined ? host && whereaboutsOfHost(host) : whereaboutsOfText(declaredAs);
  if (told === undefined || told === "") {
    const misread = "is placed by the settings at something that is no region";
    return declaredAs === undefined ? nowhere : { ...nowhere, region: { ...missing, why: misread } };
  }
  const region: Fact<string> = told.region === undefined ? missing : known(told.region);
  return { ...nowhere, cloud: told.cloud, region, zones: isSpreadHost(host ?? "") ? known([]) : missing };
}

function reasonOf(index: GraphIndex, resource: Resource, path: string, fact: Fact<unknown>): string {
  if (fact.known || fact.why !== Reason.Later) return fact.known ? Reason.Elsewhere : fact.why;
  const behind = dependenciesAt(resource, path).urns.flatMap((urn) => index.byUrn.get(urn) ?? []);
  return behind.some(({ type }) => type === STACK_REFERENCE) ? Reason.Elsewhere : Reason.Later;
}
