import type { Scope, StackWorld, Thing } from "../world";
import type { WorldSettings } from "../settings";
import type { Json, JsonObject } from "../../resilience/values";

/** How a provider names what the program left unnamed: the logical name, a hyphen and seven hexadecimal digits. */
export interface AutoName {
  /** The input that holds the name. */
  property: string;
  /** Longest name that the vendor takes, in characters. */
  maximum: number;
  /** Set where the vendor takes lower-case names alone and the provider lowers the logical name. */
  lowerCase?: boolean;
  /** Put in front of the logical name. */
  prefix?: string;
}

/** One resource in the moment in which a provider is asked about it. Secrets are unwrapped; what is unknown is the sentinel. */
export interface Subject {
  urn: string;
  /** Type token. */
  type: string;
  /** Logical name. */
  name: string;
  /** New inputs; at a delete, the inputs as they stand in the state. */
  inputs: JsonObject;
  /** Inputs of the previous `up`; undefined for a resource that is new. */
  oldInputs?: JsonObject;
  /** The id in its cloud; undefined before it exists. */
  id?: string;
  scope: Scope;
}

/** What a refusal may look at beside the resource itself. */
export interface Surroundings {
  world: StackWorld;
  settings: WorldSettings;
}

/** Something that the vendor or its provider refuses. */
export interface Refusal {
  /** Its row: `aws R6`, or `aws R4 group` where two refusals share one. Where the cloud says so is in `CloudModel.sources`. */
  row: string;
  /** Type tokens that it concerns. */
  types: readonly string[];
  /**
   * When the refusal comes: `check` in every preview (for values that are known there), `create` and `update` when the
   * cloud is called, `delete` when it is to go.
   */
  when: readonly ("check" | "create" | "update" | "delete")[];
  /** The condition in words, for the documentation. */
  condition: string;
  /** The vendor's words where the condition holds, otherwise undefined. */
  refuses: (subject: Subject, around: Surroundings) => string | undefined;
}

/** A row of a cloud's refusals, written in one line where it fits: row, types, moments, condition in words, and the judgement. */
export function refusal(
  row: string,
  types: readonly string[],
  when: Refusal["when"],
  condition: string,
  refuses: Refusal["refuses"],
): Refusal {
  return { row, types, when, condition, refuses };
}

/** Everything from which a computed property may be worked out, when the thing is made or changed. */
export interface Made extends Subject {
  id: string;
  /** Number of the creation in the stack's history. */
  sequence: number;
  around: Surroundings;
  /** What `prepare` gave. */
  prepared: JsonObject;
  /** What the thing was before an update. */
  before?: JsonObject;
  /** That many hexadecimal digits, the same for the same URN, sequence and purpose. */
  hex: (length: number, purpose: string) => string;
  /** That many decimal digits, likewise. */
  digits: (length: number, purpose: string) => string;
}

/** What is known about a resource type. Every part is optional: a type without any is echoed. */
export interface ResourceModel {
  autoName?: AutoName;
  /** What has to be worked out before the thing is made and takes a while: keys and certificates. */
  prepare?: (subject: Subject, settings: WorldSettings) => Promise<JsonObject>;
  /** The id that the cloud gives. Defaults to hexadecimal digits. */
  id?: (made: Omit<Made, "id">) => string;
  /** Property of the state that tells two things apart which share an id for a while. Defaults to the id itself. */
  keyedBy?: string;
  /** JsonObject that the cloud works out. In a preview each is unknown, unless it is an input that the program set. */
  computed?: Record<string, (made: Made) => Json>;
  /** Computed properties that an update changes, so that they are unknown in its preview: a revision, a version. */
  changedByUpdate?: readonly string[];
  /** Inputs whose change replaces. `*`: all but `inPlace`. */
  replaceOn?: readonly string[];
  /** Inputs of which only some changes replace: whether one from the first value to the second does. */
  replaceWhen?: Readonly<Record<string, (before: Json | undefined, after: Json | undefined) => boolean>>;
  /** Exceptions from `replaceOn: ["*"]`. */
  inPlace?: readonly string[];
  /** Replaced by deleting first, whatever its name. */
  deleteBeforeReplace?: boolean;
  /** Lists in which order does not count: `subnets`, `rules[].match.srcIpRanges`. */
  sets?: readonly string[];
  /** Text inputs in which trailing line ends do not count. */
  trimmed?: readonly string[];
  /** Values that the cloud keeps differently from how they were written, so that every later preview shows a change. */
  drifts?: readonly Drift[];
}

/** An input that is accepted and then differs for ever. */
export interface Drift {
  /** Its row. Where the cloud says so is in `CloudModel.sources`. */
  row: string;
  /** The input that each preview will show as changed. */
  property: string;
  /** Whether these inputs drift. */
  when: (inputs: JsonObject) => boolean;
}

/** What a local provider knows about its cloud. */
export interface CloudModel {
  /** Package name of the SDK: `aws`. */
  name: string;
  /** What is known about each type, by type token. */
  resources: Record<string, ResourceModel>;
  refusals: readonly Refusal[];
  /** The public source of each row, by its first two words: a vendor's page, a provider's source file, an issue. */
  sources: Readonly<Record<string, string>>;
  /** Answers of data sources, by token. */
  invokes: Record<string, (args: JsonObject, scope: Scope, settings: WorldSettings) => JsonObject>;
  /** Where a resource lives: its own inputs, then the provider's. */
  scopeOf: (inputs: JsonObject, config: JsonObject, settings: WorldSettings) => Scope;
  /** JsonObject that every type of the cloud has. */
  common?: (made: Made) => JsonObject;
  /** What the cloud says of a second thing under a key that is taken; undefined where it takes the second one. */
  exists: (made: Made) => string | undefined;
  /** What the provider says of a configuration that cannot be right, whatever its cloud. */
  refusesConfig?: (config: JsonObject) => string | undefined;
  /** What the provider says when its cloud answers nothing; undefined for a call that stays local. */
  unreachable: (call: DeadCall) => string | undefined;
  /** Types whose explicit name makes the bridge delete before it creates: every auto-named one, or none. */
  namedMeansDeleteFirst: boolean;
}

/** A call that a dead cloud might have to answer. */
export interface DeadCall {
  method: "configure" | "create" | "read" | "update" | "delete" | "invoke";
  /** Type token of the resource or token of the data source; empty for `configure`. */
  token: string;
  config: JsonObject;
  scope: Scope;
}

/** The other things of a type in the same world: all but the subject itself. */
export function others(subject: Subject, around: Surroundings, type: string = subject.type): Thing[] {
  return around.world.ofType(type).filter((thing) => !(thing.type === subject.type && thing.id === subject.id));
}

/** The thing of a type one of whose properties has that value: what an ARN, a self link or a name stands for. */
export function thingWith(
  around: Surroundings,
  type: string,
  property: string,
  value: Json | undefined,
): Thing | undefined {
  if (typeof value !== "string") return undefined;
  return around.world.ofType(type).find(({ id, state }) => (property === "id" ? id : state[property]) === value);
}

/**
 * An IPv4 address of a documentation range that no other thing of the same type has. A cloud never gives one address twice; a
 * digest alone would, once in a few hundred addresses.
 *
 * @param prefix - the first three octets: `198.51.100`.
 * @param property - the computed property that holds the address.
 */
export function freeAddress(made: Made, prefix: string, property: string): string {
  const taken = new Set(others(made, made.around).map(({ state }) => state[property]));
  const first = parseInt(made.hex(2, "address"), 16);
  const free = Array.from({ length: 254 }, (_, step) => `${prefix}.${String(((first + step) % 254) + 1)}`);
  const address = free.find((candidate) => !taken.has(candidate));
  if (address === undefined) throw new Error(`the twin has no address left in ${prefix}.0/24 for ${made.urn}`);
  return address;
}
