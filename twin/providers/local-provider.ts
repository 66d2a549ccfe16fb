import { mapValues, unknownValue, type JsonObject } from "../../resilience/values";
import { boolean, canonical, containsRedacted, text, unwrap, unwrapAll } from "../values";
import { digest, digits, partsOf, type World } from "../world";
import type { WorldSettings } from "../settings";
import type { Faults } from "../faults";
import { withName } from "./auto-name";
import { difference, type Difference } from "./diff";
import type { CloudModel, DeadCall, Made, Refusal, ResourceModel, Subject } from "./model";

/** The cloud said no. The message is what a person reads at the end of `pulumi up`. */
export class Refused extends Error {}

/** The thing was made, but does not work: it is in the state, and the next `up` tries to finish it. */
export class HalfMade extends Error {
  readonly id: string;
  readonly state: JsonObject;
  readonly inputs: JsonObject;

  constructor(message: string, id: string, state: JsonObject, inputs: JsonObject) {
    super(message);
    this.id = id;
    this.state = state;
    this.inputs = inputs;
  }
}

/** One provider instance: `pulumi:providers:aws::ohio`. The engine opens a connection for each. */
export interface Session {
  /** The instance's configuration, texts that hold JSON decoded. */
  config: JsonObject;
}

/** What the local providers of one command share. */
export interface Shared {
  world: World;
  settings: WorldSettings;
  faults: Faults;
  /** Told once for each type that no table knows. */
  reportUnknown: (type: string) => void;
}

/** A property that a check refuses. */
export interface Failure {
  property: string;
  reason: string;
}

/** A provider for one cloud that answers from a table and a world in memory: the protocol's methods on plain values. */
export class LocalProvider {
  readonly model: CloudModel;
  private readonly shared: Shared;
  private readonly reported = new Set<string>();

  constructor(model: CloudModel, shared: Shared) {
    this.model = model;
    this.shared = shared;
  }

  /** Takes an instance's configuration; a dead cloud can refuse here already. */
  configure(config: JsonObject): Session {
    const wrong = this.model.refusesConfig?.(unwrapAll(config));
    if (wrong !== undefined) throw new Refused(wrong);
    this.reach({ method: "configure", token: "", config, scope: this.model.scopeOf({}, config, this.shared.settings) });
    return { config };
  }

  /** Fills in the automatic name and judges what the provider itself can judge. Reaches no cloud. */
  check(
    session: Session,
    urn: string,
    olds: JsonObject | undefined,
    news: JsonObject,
  ): { inputs: JsonObject; failures: Failure[] } {
    const { type, name } = partsOf(urn);
    const model = this.modelOf(type);
    const seed = `${urn}\n${String(this.shared.world.of(urn).made)}`;
    const inputs = model.autoName === undefined ? news : withName(model.autoName, name, news, olds, seed);
    if (inputs instanceof Error)
      return { inputs: news, failures: [{ property: model.autoName?.property ?? "", reason: inputs.message }] };
    const subject = this.subject(session, urn, inputs, olds);
    const failures = this.refusals(type, "check").flatMap((refusal) => {
      const reason = refusal.refuses(subject, this.around(urn));
      return reason === undefined ? [] : [{ property: "", reason }];
    });
    return { inputs, failures };
  }

  /** How the new inputs differ from the old ones, and whether that replaces. Reaches no cloud. */
  diff(urn: string, oldInputs: JsonObject, news: JsonObject): Difference {
    return difference(this.modelOf(partsOf(urn).type), oldInputs, news, this.model.namedMeansDeleteFirst);
  }

  /** What a creation will give, as far as a preview can know. */
  previewCreate(session: Session, urn: string, inputs: JsonObject): JsonObject {
    return this.expected(session, urn, inputs, {}, Object.keys(this.modelOf(partsOf(urn).type).computed ?? {}));
  }

  /** Makes the thing. Throws `Refused`, or `HalfMade` where it exists and does not work. */
  async create(session: Session, urn: string, inputs: JsonObject): Promise<{ id: string; state: JsonObject }> {
    const subject = this.subject(session, urn, inputs);
    const prepared = (await this.modelOf(subject.type).prepare?.(subject, this.shared.settings)) ?? {};
    this.reach({ method: "create", token: subject.type, config: session.config, scope: subject.scope });
    this.refuse(subject, "create");
    const fault = this.shared.faults.takeCreate(subject.type);
    if (fault === "fail") throw new Refused(this.sayFault(subject));
    const made = this.make(subject, this.shared.world.of(urn).next(), { prepared });
    const state = this.stateOf(made, inputs, []);
    const taken = this.shared.world.of(urn).find(made.type, this.keyOf(made.type, made.id, state)) !== undefined;
    const collision = taken ? this.model.exists(made) : undefined;
    if (collision !== undefined) throw new Refused(collision);
    this.keep(made, inputs, state);
    if (fault === "halfway") throw new HalfMade(this.sayFault(subject), made.id, state, inputs);
    return { id: made.id, state };
  }

  /** What an update will give, as far as a preview can know. */
  previewUpdate(session: Session, urn: string, inputs: JsonObject, olds: JsonObject): JsonObject {
    return this.expected(session, urn, inputs, olds, this.modelOf(partsOf(urn).type).changedByUpdate ?? []);
  }

  /** Changes the thing in place; its id stays. */
  update(
    session: Session,
    urn: string,
    id: string,
    inputs: JsonObject,
    olds: JsonObject,
    oldInputs: JsonObject,
  ): JsonObject {
    const subject = { ...this.subject(session, urn, inputs, oldInputs), id };
    this.reach({ method: "update", token: subject.type, config: session.config, scope: subject.scope });
    this.refuse(subject, "update");
    const world = this.shared.world.of(urn);
    const sequence = world.find(subject.type, this.keyOf(subject.type, id, olds))?.sequence ?? world.next();
    const made = this.make(subject, sequence, { before: unwrapAll(olds), id });
    const state = this.stateOf(made, inputs, Object.keys(olds), olds);
    this.keep(made, inputs, state);
    return state;
  }

  /** The thing as the world has it now; undefined where it is gone. What is secret is taken from the engine's own state. */
  read(
    session: Session,
    urn: string,
    id: string,
    state: JsonObject,
    inputs: JsonObject,
  ): { state: JsonObject; inputs: JsonObject } | undefined {
    const { type } = partsOf(urn);
    const scope = this.model.scopeOf(unwrapAll(inputs), session.config, this.shared.settings);
    this.reach({ method: "read", token: type, config: session.config, scope });
    const thing = this.shared.world.of(urn).find(type, this.keyOf(type, id, state));
    if (thing === undefined) return undefined;
    return { state: merged(thing.state, state), inputs: merged(thing.inputs, inputs) };
  }

  /** Deletes the thing, unless something else still needs it. What is gone already is no error. */
  delete(session: Session, urn: string, id: string, oldInputs: JsonObject, state: JsonObject = {}): void {
    const subject = { ...this.subject(session, urn, oldInputs), id };
    this.reach({ method: "delete", token: subject.type, config: session.config, scope: subject.scope });
    const world = this.shared.world.of(urn);
    const key = this.keyOf(subject.type, id, state);
    if (world.find(subject.type, key) === undefined) return;
    this.refuse(subject, "delete");
    world.remove(subject.type, key);
  }

  /** Answers a data source. */
  invoke(session: Session, token: string, args: JsonObject): JsonObject {
    const scope = this.model.scopeOf(args, session.config, this.shared.settings);
    this.reach({ method: "invoke", token, config: session.config, scope });
    const answer = this.model.invokes[token];
    if (answer === undefined) throw new Refused(`the twin has no answer for the data source ${token}`);
    return answer(args, scope, this.shared.settings);
  }

  private modelOf(type: string): ResourceModel {
    const model = this.model.resources[type];
    if (model !== undefined) return model;
    if (!this.reported.has(type)) {
      this.reported.add(type);
      this.shared.reportUnknown(type);
    }
    return {};
  }

  private keyOf(type: string, id: string, state: JsonObject): string {
    const property = this.model.resources[type]?.keyedBy;
    return property === undefined ? id : (text(state, property) ?? id);
  }

  private refusals(type: string, when: Refusal["when"][number]): Refusal[] {
    return this.model.refusals.filter((refusal) => refusal.types.includes(type) && refusal.when.includes(when));
  }

  private refuse(subject: Subject, when: "create" | "update" | "delete"): void {
    for (const refusal of this.refusals(subject.type, when)) {
      const reason = refusal.refuses(subject, this.around(subject.urn));
      if (reason !== undefined) throw new Refused(reason);
    }
  }

  private reach(call: DeadCall): void {
    if (!this.shared.faults.isDead(this.model.name)) return;
    const message = this.model.unreachable(call);
    if (message !== undefined) throw new Refused(message);
  }

  private subject(session: Session, urn: string, inputs: JsonObject, oldInputs?: JsonObject): Subject {
    const { type, name } = partsOf(urn);
    const plain = unwrapAll(inputs);
    const scope = this.model.scopeOf(plain, session.config, this.shared.settings);
    return {
      urn,
      type,
      name,
      inputs: plain,
      scope,
      ...(oldInputs === undefined ? {} : { oldInputs: unwrapAll(oldInputs) }),
    };
  }

  private around(urn: string): { world: ReturnType<World["of"]>; settings: WorldSettings } {
    return { world: this.shared.world.of(urn), settings: this.shared.settings };
  }

  private make(
    subject: Subject,
    sequence: number,
    known: { before?: JsonObject; id?: string; prepared?: JsonObject } = {},
  ): Made {
    const hex = (length: number, purpose: string): string => digest(length, subject.urn, sequence, purpose);
    const part = {
      ...subject,
      sequence,
      around: this.around(subject.urn),
      prepared: known.prepared ?? {},
      hex,
      digits: (length: number, purpose: string): string => digits(length, subject.urn, sequence, purpose),
      ...(known.before === undefined ? {} : { before: known.before }),
    };
    return { ...part, id: known.id ?? this.modelOf(subject.type).id?.(part) ?? hex(32, "id") };
  }

  private stateOf(made: Made, inputs: JsonObject, known: string[], olds: JsonObject = {}): JsonObject {
    const model = this.modelOf(made.type);
    const state: JsonObject = { ...this.model.common?.(made), ...withoutMarks(inputs) };
    for (const [name, compute] of Object.entries(model.computed ?? {})) {
      if (inputs[name] !== undefined) continue;
      const kept = known.includes(name) && model.changedByUpdate?.includes(name) !== true ? olds[name] : undefined;
      state[name] = kept ?? compute(made);
    }
    return state;
  }

  private expected(
    session: Session,
    urn: string,
    inputs: JsonObject,
    olds: JsonObject,
    unknown: readonly string[],
  ): JsonObject {
    const model = this.modelOf(partsOf(urn).type);
    const common = this.model.common?.(this.make(this.subject(session, urn, inputs), 0)) ?? {};
    const state: JsonObject = { ...common, ...withoutMarks(inputs) };
    for (const name of Object.keys(model.computed ?? {})) {
      if (inputs[name] !== undefined) continue;
      const before = olds[name];
      state[name] = unknown.includes(name) || before === undefined ? unknownValue : before;
    }
    return state;
  }

  private keep(made: Made, inputs: JsonObject, state: JsonObject): void {
    const { urn, type, id, sequence, scope } = made;
    this.shared.world.of(urn).put({ urn, type, id, key: this.keyOf(type, id, state), sequence, scope, inputs, state });
  }

  private sayFault(subject: Subject): string {
    return `creating ${subject.type} (${subject.name}): a fault of the twin, asked for by whoever started it`;
  }
}

/** The configuration of a provider instance with JSON texts decoded: the SDK sends booleans and objects so. */
export function decodedConfig(config: JsonObject): JsonObject {
  return mapValues(config, (value) => {
    if (typeof value !== "string" || !/^(true|false|[[{].*)$/s.test(value)) return value;
    try {
      return JSON.parse(value) as JsonObject;
    } catch {
      return value;
    }
  });
}

/** Whether a configuration flag is on, however the SDK wrote it. */
export function flag(config: JsonObject, name: string): boolean {
  return boolean(config, name) === true;
}

/** The region that a resource's inputs name, otherwise its provider's. */
export function regionOf(inputs: JsonObject, config: JsonObject): string | undefined {
  return text(inputs, "region") ?? text(config, "region");
}

function withoutMarks(inputs: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
}

function merged(world: JsonObject, engine: JsonObject): JsonObject {
  const names = Object.entries(world).map(([name, value]) => {
    const own = engine[name];
    // Equal values stay as the engine has them: it may have marked more of them as secret than the provider did.
    const same = own !== undefined && (containsRedacted(value) || canonical(unwrap(own)) === canonical(value));
    return [name, same ? own : value] as const;
  });
  return Object.fromEntries(names);
}
