/** Frames to bytes and back. A frame is JSON in UTF-8: a log stays readable for people, and for releases to come. */
import { isUtf8 } from "node:buffer";
import type { Frame } from "./commands";
import { TIME_MAX } from "./limits";
import { inOrder, isKnown, isRawCommand, type RawCommand } from "./shapes";

const encoder = new TextEncoder();

/** An entry of a newer release: this one must not guess what it means. The node stops; the state has not changed. */
export class UnknownCommand extends Error {
  override readonly name = "UnknownCommand";
}

/** A frame whose commands are of known types; whether their fields are right is not yet judged. */
export interface DecodedFrame {
  readonly id: string;
  readonly node: string;
  readonly at: number;
  readonly commands: readonly RawCommand[];
}

/**
 * The bytes of a frame. Fields that version 1 does not know are left out, so that no slip of a caller can write what stops every node.
 *
 * @throws TypeError for a type of command that there is not.
 */
export function encodeFrame(frame: Frame): Uint8Array {
  const commands = frame.commands.map((command) => {
    if (!isKnown({ type: command.type })) {
      throw new TypeError(`there is no command of type ${JSON.stringify(command.type)}`);
    }
    return inOrder({ ...command });
  });
  return encoder.encode(JSON.stringify({ v: frame.v, id: frame.id, node: frame.node, at: frame.at, commands }));
}

function parse(payload: Uint8Array): unknown {
  if (!isUtf8(payload)) return undefined;
  try {
    return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8"));
  } catch {
    // What the parser says differs between releases of Node, and nothing of it may reach the state.
    return undefined;
  }
}

/**
 * Reads a frame. `undefined` for bytes that are no frame of any version: those change nothing on any node.
 *
 * @throws UnknownCommand for a version, a type of command or a field that this release does not know.
 */
export function decodeFrame(payload: Uint8Array): DecodedFrame | undefined {
  const frame = parse(payload);
  if (typeof frame !== "object" || frame === null || !("v" in frame) || !Number.isInteger(frame.v)) return undefined;
  if (frame.v !== 1) throw new UnknownCommand(`this release knows frames of version 1, this is ${String(frame.v)}`);
  if (!("id" in frame && "node" in frame && "at" in frame && "commands" in frame)) return undefined;
  const { id, node, at, commands } = frame;
  if (typeof id !== "string" || id === "" || id.length > 64 || typeof node !== "string") return undefined;
  if (typeof at !== "number" || !Number.isInteger(at) || at < 0 || at > TIME_MAX) return undefined;
  if (!Array.isArray(commands)) return undefined;
  const list: unknown[] = commands;
  if (!list.every(isRawCommand)) return undefined;
  const unknown = list.find((command) => !isKnown(command));
  if (unknown !== undefined) {
    throw new UnknownCommand(`this release does not know the command ${describe(unknown)}`);
  }
  return { id, node, at, commands: list };
}

/** Type and names of fields: values may be anybody's business. */
function describe(command: RawCommand): string {
  const names = Object.keys(command).slice(0, 32).join(", ");
  return `${JSON.stringify(command.type.slice(0, 64))} with the fields ${names.slice(0, 500)}`;
}
