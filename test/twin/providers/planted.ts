import { Faults } from "../../../twin/faults";
import { LocalProvider, type Session } from "../../../twin/providers/local-provider";
import type { CloudModel } from "../../../twin/providers/model";
import { cloudModels } from "../../../twin/providers/clouds";
import { faultSettings, worldSettings, type WorldSettings } from "../../../twin/settings";
import type { Json, JsonObject } from "../../../resilience/values";
import { at } from "../../../twin/values";
import { World } from "../../../twin/world";

/** What has been made so far: the properties of each step by its name, `id` among them. */
export type Made = (path: string) => Json;

/** One resource of a baseline that the cloud takes as a whole. */
export interface Step {
  name: string;
  type: string;
  inputs: (made: Made) => JsonObject;
}

/** One mistake in a baseline, and the exact words that it meets. */
export interface Plant {
  row: string;
  /** The step at which the refusal comes. */
  at: string;
  /** Inputs of that step that are different from the baseline's; null takes one away. */
  change?: (made: Made) => JsonObject;
  /** Inputs of other steps that are different, by step. */
  before?: Record<string, JsonObject>;
  /** Steps that are left out. */
  without?: string[];
  /** Steps that come right before the refused one. */
  extra?: Step[];
  /** Everything is made, then this step is deleted; the refusal comes there. */
  deleted?: true;
  settings?: Partial<WorldSettings>;
  message: string;
}

const CONFIG: Record<string, JsonObject> = {
  aws: { region: "us-east-2", skipCredentialsValidation: true, skipRequestingAccountId: true },
  gcp: { project: "exchange-dev", region: "us-central1" },
};

/** A world in memory with the four providers, driven without a socket. */
export class Bench {
  readonly faults = new Faults(faultSettings());
  readonly reported: string[] = [];
  private readonly providers = new Map<string, LocalProvider>();
  private readonly made = new Map<
    string,
    { step: Step; urn: string; id: string; inputs: JsonObject; state: JsonObject }
  >();

  constructor(settings: Partial<WorldSettings> = {}) {
    const shared = {
      world: new World(),
      settings: worldSettings({ now: () => new Date("2026-03-01T00:00:00Z"), ...settings }),
      faults: this.faults,
      reportUnknown: (type: string) => this.reported.push(type),
    };
    for (const model of cloudModels) this.providers.set(model.name, new LocalProvider(model, shared));
  }

  /** The provider of a type, and an instance of it. */
  of(type: string): { provider: LocalProvider; session: Session } {
    const cloud = type.split(":")[0] ?? "";
    const provider = this.providers.get(cloud);
    if (provider === undefined) throw new Error(`no provider for ${type}`);
    return { provider, session: { config: CONFIG[cloud] ?? {} } };
  }

  /** Checks and creates one step; answers the words of a refusal, or undefined. */
  async create(step: Step, change: JsonObject = {}): Promise<string | undefined> {
    const urn = `urn:pulumi:test::planted::${step.type}::${step.name}`;
    const written = Object.entries({ ...step.inputs((path) => this.value(path)), ...change }).filter(
      ([, value]) => value !== null,
    );
    const { provider, session } = this.of(step.type);
    const { inputs, failures } = provider.check(session, urn, undefined, Object.fromEntries(written));
    if (failures.length > 0) return failures.map(({ reason }) => reason).join("; ");
    return wordsOf(async () => {
      const { id, state } = await provider.create(session, urn, inputs);
      this.made.set(step.name, { step, urn, id, inputs, state });
    });
  }

  /** Deletes a step that was made; answers the words of a refusal, or undefined. */
  delete(name: string): Promise<string | undefined> {
    const thing = this.thing(name);
    const { provider, session } = this.of(thing.step.type);
    return wordsOf(() => {
      provider.delete(session, thing.urn, thing.id, thing.inputs, thing.state);
      this.made.delete(name);
      return Promise.resolve();
    });
  }

  /** Updates a step that was made; answers the words of a refusal, or undefined. */
  update(name: string, change: JsonObject): string | undefined {
    const thing = this.thing(name);
    const { provider, session } = this.of(thing.step.type);
    const inputs = { ...thing.inputs, ...change };
    try {
      const state = provider.update(session, thing.urn, thing.id, inputs, thing.state, thing.inputs);
      this.made.set(name, { ...thing, inputs, state });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** A value of something that was made: `vpc.id`, `certificate.domainValidationOptions[0].resourceRecordName`. */
  value(path: string): Json {
    const [name = "", ...rest] = path.split(".");
    const { id, state } = this.thing(name);
    const value = at({ ...state, id }, rest.join("."));
    if (value === undefined) throw new Error(`${path}: nothing there`);
    return value;
  }

  private thing(name: string): { step: Step; urn: string; id: string; inputs: JsonObject; state: JsonObject } {
    const thing = this.made.get(name);
    if (thing === undefined) throw new Error(`${name} was not made`);
    return thing;
  }
}

/** Where and with which words the baseline with a mistake in it was refused first, and what the plant expects. */
export interface Result {
  refused: { at: string; message: string } | undefined;
  expected: { at: string; message: string };
}

/** Builds the baseline with the mistake in it. `{vpc.id}` in the plant's message stands for what the world invented. */
export async function planted(baseline: Step[], plant: Plant): Promise<Result> {
  const bench = new Bench(plant.settings);
  const refused = await build(bench, baseline, plant);
  const message = plant.message.replace(/\{([\w-]+\.[\w.]+)\}/g, (_, path: string) => asText(bench.value(path)));
  return { refused, expected: { at: plant.at, message } };
}

async function build(
  bench: Bench,
  baseline: Step[],
  plant: Plant,
): Promise<{ at: string; message: string } | undefined> {
  for (const step of baseline) {
    if (plant.without?.includes(step.name) === true) continue;
    const isPlanted = step.name === plant.at && plant.deleted === undefined;
    for (const extra of isPlanted ? (plant.extra ?? []) : []) {
      const message = await bench.create(extra);
      if (message !== undefined) return { at: extra.name, message };
    }
    const change = isPlanted ? (plant.change?.((path) => bench.value(path)) ?? {}) : (plant.before?.[step.name] ?? {});
    const message = await bench.create(step, change);
    if (message !== undefined) return { at: step.name, message };
    if (isPlanted) return undefined;
  }
  if (plant.deleted === undefined) {
    for (const extra of plant.extra ?? []) {
      const message = await bench.create(
        extra,
        extra.name === plant.at ? plant.change?.((path) => bench.value(path)) : {},
      );
      if (message !== undefined) return { at: extra.name, message };
    }
    return undefined;
  }
  const message = await bench.delete(plant.at);
  return message === undefined ? undefined : { at: plant.at, message };
}

/** Rows of a cloud's table that no plant makes. */
export function unplanted(model: CloudModel, plants: Plant[]): string[] {
  const planted = new Set(plants.map(({ row }) => row));
  return model.refusals.map(({ row }) => row).filter((row) => !planted.has(row));
}

async function wordsOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A value as text. */
export function asText(value: unknown): string {
  return String(value);
}
