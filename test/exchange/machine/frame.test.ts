/**
 * Proves what bytes do to a machine: frames are applied once, nonsense changes nothing but its count, what a newer release wrote stops this one unchanged, a
 * known command with a wrong field is refused. Does not prove what a node does when it must stop.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Command } from "../../../exchange/machine/commands";
import { decodeFrame, encodeFrame, UnknownCommand } from "../../../exchange/machine/frame";
import { Machine } from "../../../exchange/machine/machine";
import { UnknownSnapshot } from "../../../exchange/machine/rows";
import { applyAll, logOf, randomly, SETUP, steps } from "./commands";
import { operator, placed, Scene } from "./scene";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const frame = (rest: object): Uint8Array =>
  bytes(JSON.stringify({ v: 1, id: "f", node: "n", at: 5, commands: [], ...rest }));
const stateOf = (machine: Machine): string => Buffer.from(machine.snapshot()).toString();

test("applies a frame once, whatever its sequence", () => {
  const scene = new Scene();
  const payload = encodeFrame({
    v: 1,
    id: "twice",
    node: "n",
    at: scene.at,
    commands: [{ ...placed, orderId: "x", accountId: "ann", side: "buy", price: 100, size: 1 }],
  });
  expect(scene.machine.apply(1_000, payload)).toMatchObject({
    sequence: 1_000,
    duplicate: false,
    outcomes: [{ ok: true }],
  });
  const again = scene.machine.apply(1_005, payload);
  expect(again).toEqual({
    sequence: 1_005,
    frameId: "twice",
    duplicate: true,
    outcomes: [],
    events: [],
    node: "n",
    at: scene.at,
  });
  expect(scene.book("buy")).toEqual(["100 x 1"]);
  const restored = Machine.restore(scene.machine.snapshot());
  expect(restored.apply(1_006, payload).duplicate).toBe(true);
});

test("remembers the last 100,000 frames, and no more", () => {
  const machine = Machine.empty();
  const nth = (id: number): Uint8Array => frame({ id: `f${id}` });
  for (let id = 1; id <= 100_000; id += 1) machine.apply(id, nth(id));
  expect(machine.apply(100_001, nth(1)).duplicate).toBe(true);
  machine.apply(100_002, nth(100_001));
  const restored = Machine.restore(machine.snapshot());
  expect(restored.apply(100_003, nth(2)).duplicate).toBe(true);
  expect(restored.apply(100_004, nth(1)).duplicate).toBe(false);
});

test.each([
  ["nothing", ""],
  ["no JSON", "{"],
  ["a text", '"frame"'],
  ["null", "null"],
  ["a list", "[1]"],
  ["no version", '{"id":"f","node":"n","at":5,"commands":[]}'],
  ["a version in words", '{"v":"1","id":"f","node":"n","at":5,"commands":[]}'],
  ["no id", '{"v":1,"node":"n","at":5,"commands":[]}'],
  ["an empty id", '{"v":1,"id":"","node":"n","at":5,"commands":[]}'],
  ["an id without end", `{"v":1,"id":"${"x".repeat(65)}","node":"n","at":5,"commands":[]}`],
  ["a negative time", '{"v":1,"id":"f","node":"n","at":-1,"commands":[]}'],
  ["a time without end", '{"v":1,"id":"f","node":"n","at":1e999,"commands":[]}'],
  ["the year 10000", '{"v":1,"id":"f","node":"n","at":253402300800000,"commands":[]}'],
  ["commands that are no list", '{"v":1,"id":"f","node":"n","at":5,"commands":{}}'],
  ["a command without type", '{"v":1,"id":"f","node":"n","at":5,"commands":[{"type":"tick"},{}]}'],
  ["a command that is null", '{"v":1,"id":"f","node":"n","at":5,"commands":[null]}'],
])("counts bytes that are no frame and changes nothing: %s", (_what, text) => {
  const machine = Machine.empty();
  const applied = machine.apply(1, bytes(text));
  expect(applied).toEqual({ sequence: 1, frameId: "", duplicate: false, outcomes: [], events: [], node: "", at: 0 });
  expect([machine.undecodable, machine.sequence, machine.now]).toEqual([1, 1, 0]);
});

test("invalid UTF-8 is no frame, even inside a text", () => {
  const machine = Machine.empty();
  const payload = Buffer.from(frame({ node: "n?" }));
  payload[payload.indexOf("?")] = 0xff;
  machine.apply(1, payload);
  expect(machine.undecodable).toBe(1);
});

test.each([
  ["another version", { v: 2, commands: "whatever" }, "this release knows frames of version 1, this is 2"],
  [
    "another type",
    { commands: [{ type: "tick" }, { type: "order-amend", x: 1 }] },
    'this release does not know the command "order-amend" with the fields type, x',
  ],
  [
    "another field",
    { commands: [{ type: "tick", hurry: true }] },
    'this release does not know the command "tick" with the fields type, hurry',
  ],
  [
    "a type of an object's own",
    { commands: [{ type: "constructor" }] },
    'this release does not know the command "constructor" with the fields type',
  ],
])("stops at %s, unchanged", (_what, rest, message) => {
  const scene = new Scene();
  const before = stateOf(scene.machine);
  const payload = frame({ id: "newer", ...rest });
  expect(() => scene.machine.apply(1_000, payload)).toThrow(new UnknownCommand(message));
  expect(stateOf(scene.machine)).toBe(before);
  expect(scene.do({ type: "tick" })).toMatchObject({ ok: true });
});

test("an entry out of order is a bug of the caller", () => {
  const scene = new Scene();
  expect(() => scene.machine.apply(2, frame({}))).toThrow("entry 2 was to be applied after entry 7");
  expect(() => scene.machine.apply(1.5, frame({}))).toThrow("entry 1.5 was to be applied after entry 7");
});

const samples: Command[] = [
  ...SETUP.slice(0, 4),
  { type: "account-create", operator, accountId: "a" },
  { type: "key-issue", operator, keyId: "k", accountId: "a", canTrade: true },
  { type: "key-revoke", operator, keyId: "k" },
  { type: "credit", operator, accountId: "a", currency: "USD", amount: "1", reference: "r" },
  { type: "debit", operator, accountId: "a", currency: "USD", amount: "1", reference: "s" },
  { type: "mode-set", operator, productId: "BTC-USD", mode: "full", reason: "r" },
  { ...placed, orderId: "x", accountId: "a", side: "buy", price: 1, size: 1 },
  { type: "order-cancel", accountId: "a", orderId: "x" },
  { type: "orders-cancel-all", accountId: "a", productId: "BTC-USD", operator },
  { type: "cancel-after", accountId: "a", timeoutMs: 1 },
  { type: "epoch-start", operator, epoch: 1 },
  { type: "checkpoint", atSequence: 1, hash: "h" },
];
const OPTIONAL = ["price", "size", "orderId", "productId", "operator"];

test("every field of every command is judged: one of another kind, or missing, is refused by its name", () => {
  let judged = 0;
  for (const sample of samples) {
    for (const field of Object.keys(sample).filter((name) => name !== "type")) {
      for (const wrong of [null, {}, [], -1, 1.5, "", "\u0000 ".repeat(300), "__proto__ ", true, undefined]) {
        const command: Record<string, unknown> = { ...sample, [field]: wrong };
        const kind = typeof wrong;
        if (kind === typeof sample[field as keyof Command] && kind === "boolean") continue;
        if (
          (wrong === "" || wrong === "__proto__ ") &&
          /operator|name|reason|reference|hash|orderId|productId/.test(field)
        )
          continue;
        if (wrong === undefined && OPTIONAL.includes(field)) continue;
        const machine = Machine.empty();
        const applied = machine.apply(1, frame({ commands: [command] }));
        expect(applied.outcomes, JSON.stringify(command)).toEqual([
          { ok: false, code: "invalid", message: `${field} is invalid` },
        ]);
        judged += 1;
      }
    }
  }
  expect(judged).toBe(571);
});

test("the other commands of a frame do not suffer from one that is wrong", () => {
  const scene = new Scene();
  const wrong: unknown = { ...placed, orderId: "x", accountId: "ann", side: "up", price: 1, size: 1 };
  const outcomes = scene.frame({ type: "tick" }, wrong as Command, { type: "tick" });
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
});

test("encodes known fields alone, in one order, and refuses a type that there is not", () => {
  const command: unknown = { hash: "h", secret: "s", atSequence: 1, type: "checkpoint" };
  const encoded = encodeFrame({ v: 1, id: "f", node: "n", at: 5, commands: [command as Command] });
  expect(Buffer.from(encoded).toString()).toBe(
    '{"v":1,"id":"f","node":"n","at":5,"commands":[{"type":"checkpoint","atSequence":1,"hash":"h"}]}',
  );
  expect(decodeFrame(encoded)).toEqual({
    id: "f",
    node: "n",
    at: 5,
    commands: [{ type: "checkpoint", atSequence: 1, hash: "h" }],
  });
  const unknown: unknown = { type: "order-amend" };
  expect(() => encodeFrame({ v: 1, id: "f", node: "n", at: 5, commands: [unknown as Command] })).toThrow(
    new TypeError('there is no command of type "order-amend"'),
  );
});

test("a checkpoint is said aloud and changes nothing", () => {
  const scene = new Scene();
  scene.do({ type: "checkpoint", atSequence: 4, hash: "abc" });
  expect(scene.applied.at(-1)!.events).toEqual([
    { type: "checkpoint", node: "node-a", atSequence: 4, hash: "abc", at: scene.at },
  ]);
});

test("any bytes, and any damage to a frame, are refused or applied, never half applied", () => {
  fc.assert(
    fc.property(steps(25), fc.nat(), fc.nat(), fc.integer({ min: 0, max: 255 }), (list, which, where, value) => {
      const log = logOf(list);
      const machine = Machine.empty();
      applyAll(machine, log);
      const payload = Uint8Array.from(log[which % log.length]!.payload);
      payload[where % payload.length] = value;
      const before = stateOf(machine);
      try {
        machine.apply(log.length + 1, payload);
      } catch (error) {
        expect(error).toBeInstanceOf(UnknownCommand);
        expect(stateOf(machine)).toBe(before);
      }
      expect(Machine.restore(machine.snapshot()).hash()).toBe(machine.hash());
    }),
    randomly(200),
  );
});

test.each([
  ["no bytes", ""],
  ["another version", '["twodoor-machine",2]\n'],
  ["another thing", '["something",1]\n'],
  ["no JSON", "[\n"],
  ["an object", "{}\n"],
  ["an early end", '["twodoor-machine",1]\n[1,0,0,0,0,0]\n'],
])("refuses a snapshot that is not its own: %s", (_what, text) => {
  expect(() => Machine.restore(bytes(text))).toThrow(UnknownSnapshot);
});

test("a cut or longer snapshot is refused", () => {
  const scene = new Scene();
  scene.limit("ann", "buy", 100, 1);
  const whole = stateOf(scene.machine);
  const lines = whole.trimEnd().split("\n");
  for (let kept = 1; kept < lines.length; kept += 1) {
    expect(() => Machine.restore(bytes(`${lines.slice(0, kept).join("\n")}\n`))).toThrow(UnknownSnapshot);
  }
  expect(() => Machine.restore(bytes(`${whole}[]\n`))).toThrow(UnknownSnapshot);
});
