import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mapValues, type JsonObject } from "../resilience/values";
import { redact } from "./values";

/** Something that exists in the local clouds. */
export interface Thing {
  /** The resource's URN in the stack that made it. */
  urn: string;
  /** Type token: `aws:ec2/vpc:Vpc`. */
  type: string;
  /** The id under which its cloud knows it. */
  id: string;
  /** What tells it from every other thing of its type: its id, or an ARN where two things may share an id for a while. */
  key: string;
  /** Number of the creation in the stack's history, from 1. */
  sequence: number;
  /** Region, project or account that its provider was set to when it was made: what its own inputs do not say. */
  scope: Scope;
  /** Inputs as they were last set, secrets replaced by `[secret]`. */
  inputs: JsonObject;
  /** Inputs and computed properties, secrets replaced by `[secret]`. */
  state: JsonObject;
}

/** Where a provider works: the part of its configuration that decides what a name means. */
export interface Scope {
  /** AWS account id. */
  account?: string;
  /** AWS or Google region. */
  region?: string;
  /** Google project id. */
  project?: string;
}

/** The local clouds as one stack sees them: what its resources have made there. */
export class StackWorld {
  private readonly file: string | undefined;
  private sequence = 0;
  private readonly things = new Map<string, Thing>();
  private readonly left: Thing[] = [];

  /** @param file - where it is kept between commands; undefined keeps it in memory alone. */
  constructor(file?: string) {
    this.file = file;
    if (file === undefined) return;
    const events = readEvents(file);
    for (const event of events) this.apply(event);
    if (events.length > this.things.size + 2 * this.left.length) this.compact(file);
  }

  /** Every thing, oldest first. */
  all(): Thing[] {
    return [...this.things.values()];
  }

  /** The things of a type, oldest first. */
  ofType(type: string): Thing[] {
    return this.all().filter((thing) => thing.type === type);
  }

  /** The thing of that type and key: its id, for nearly every type. */
  find(type: string, key: string): Thing | undefined {
    return this.things.get(keyOf(type, key));
  }

  /** The things of a type that were deleted, oldest first: a cloud may remember their names. */
  gone(type: string): Thing[] {
    return this.left.filter((thing) => thing.type === type);
  }

  /** How many things have been made so far: what tells two lives of one resource apart. */
  get made(): number {
    return this.sequence;
  }

  /** Takes the next number in the stack's history of creations. */
  next(): number {
    this.sequence += 1;
    return this.sequence;
  }

  /** Puts a thing into the world, or changes it. Secrets in it are replaced by `[secret]` first. */
  put(thing: Thing): void {
    this.record({ put: { ...thing, inputs: mapValues(thing.inputs, redact), state: mapValues(thing.state, redact) } });
  }

  /** Takes a thing out of the world; does nothing where there is none. */
  remove(type: string, key: string): void {
    if (this.things.has(keyOf(type, key))) this.record({ remove: { type, key } });
  }

  private record(event: WorldEvent): void {
    this.apply(event);
    // One line for each change: a command that is killed leaves a last line that is not whole, and loses that change alone.
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(event)}\n`, { mode: 0o600 });
  }

  private apply({ put, remove }: WorldEvent): void {
    if (put !== undefined) {
      this.things.set(keyOf(put.type, put.key), put);
      this.sequence = Math.max(this.sequence, put.sequence);
    }
    const gone = remove === undefined ? undefined : this.things.get(keyOf(remove.type, remove.key));
    if (remove === undefined || gone === undefined) return;
    this.left.push(gone);
    this.things.delete(keyOf(remove.type, remove.key));
  }

  private compact(file: string): void {
    const past = this.left.flatMap((thing): WorldEvent[] => [
      { put: thing },
      { remove: { type: thing.type, key: thing.key } },
    ]);
    const present = this.all().map((thing): WorldEvent => ({ put: thing }));
    const beside = `${file}.${String(process.pid)}`;
    writeFileSync(beside, [...past, ...present].map((event) => `${JSON.stringify(event)}\n`).join(""), { mode: 0o600 });
    renameSync(beside, file);
  }
}

/** A change of the world, as a line of its file. */
interface WorldEvent {
  put?: Thing;
  remove?: { type: string; key: string };
}

/** The local clouds of all stacks, in a directory or in memory. Each stack sees its own things alone. */
export class World {
  private readonly directory: string | undefined;
  private readonly stacks = new Map<string, StackWorld>();

  /** @param directory - where the stacks' worlds are kept, made when it is missing; undefined keeps them in memory alone. */
  constructor(directory?: string) {
    this.directory = directory;
    if (directory !== undefined) mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** The world of the stack that a URN belongs to. */
  of(urn: string): StackWorld {
    const { stack, project } = partsOf(urn);
    const name = `${project}.${stack}`;
    const known = this.stacks.get(name);
    if (known !== undefined) return known;
    const file = this.directory === undefined ? undefined : join(this.directory, `${encodeURIComponent(name)}.jsonl`);
    const made = new StackWorld(file);
    this.stacks.set(name, made);
    return made;
  }
}

/** What a URN says: `urn:pulumi:<stack>::<project>::<type chain>::<name>`. */
export function partsOf(urn: string): { stack: string; project: string; type: string; name: string } {
  const [stack = "", project = "", chain = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack, project, type: chain.split("$").at(-1) ?? "", name: name.join("::") };
}

/**
 * A moment in the local clouds' own time: a second for each creation, from the start of 2026. No clock is read, so that the
 * same commands give the same world.
 */
export function timeOf(sequence: number): string {
  return new Date(Date.UTC(2026, 0, 1) + sequence * 1000).toISOString().replace(".000Z", "Z");
}

/** `length` hexadecimal digits that are the same for the same texts: how the twin invents ids. */
export function digest(length: number, ...of: (string | number)[]): string {
  return createHash("sha256").update(of.join("\n")).digest("hex").slice(0, length);
}

/** `length` decimal digits, the first not 0, that are the same for the same texts. */
export function digits(length: number, ...of: (string | number)[]): string {
  const number = BigInt(`0x${digest(32, ...of)}`).toString();
  return `${String((Number(number[0]) % 9) + 1)}${number.slice(1, length)}`;
}

function keyOf(type: string, key: string): string {
  return `${type}\n${key}`;
}

function readEvents(file: string): WorldEvent[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  // Behind the last line feed there is nothing, or a change that was cut off.
  return lines.slice(0, -1).map((line, index) => {
    try {
      return JSON.parse(line) as WorldEvent;
    } catch (error) {
      throw new Error(
        `${file}, line ${String(index + 1)}, cannot be read as a local world; delete the file to start from nothing`,
        { cause: error },
      );
    }
  });
}
