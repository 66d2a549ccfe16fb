/**
 * Proves the forms of values on the wire: wrappers opened, made and hidden, on given values and on arbitrary ones. Does not
 * prove that the SDK uses them so; `graph.test.ts` does for the cases there.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asSecret,
  hidden,
  outputSignature,
  resourceSignature,
  signatureKey,
  unknownValue,
  type Json,
} from "../../resilience/values";
import { fromOutputs, plain, presentable, secretStrings, toOutputs } from "../../planner/wire";

const output = (fields: Record<string, Json>): Json => ({ [signatureKey]: outputSignature, ...fields });

/** JSON with secrets and unknowns in it, as a program registers it. */
const registered: fc.Arbitrary<Json> = fc.letrec<{ value: Json; secret: Json; plain: Json }>((tie) => ({
  plain: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<Json>(null, true, 4, "text", unknownValue),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
  secret: fc.string().map((text) => asSecret(text)),
  value: fc.oneof({ depthSize: "small" }, tie("plain"), tie("secret")),
})).value;

describe("a value with wrappers", () => {
  it("becomes outputs and comes back as it was", () => {
    fc.assert(
      fc.property(registered, (value) => {
        expect(fromOutputs(toOutputs(value), new Set())).toEqual(value);
      }),
    );
  });

  it("tells the dependencies of its outputs", () => {
    const urns = new Set<string>();
    const value = {
      a: [output({ value: output({ secret: true, value: "x" }), dependencies: ["urn:1", "urn:2"] })],
      b: output({}),
    };
    expect(fromOutputs(value, urns)).toEqual({ a: [asSecret("x")], b: unknownValue });
    expect([...urns]).toEqual(["urn:1", "urn:2"]);
  });

  it("is opened for whoever answers a data source", () => {
    const reference = { [signatureKey]: resourceSignature, urn: "urn:1", id: "" };
    expect(plain({ a: asSecret("x"), b: [output({})], c: reference, d: output({ value: 1 }) })).toEqual({
      a: "x",
      b: [unknownValue],
      c: "urn:1",
      d: 1,
    });
  });
});

describe("a value that is shown", () => {
  it("has no secret's text", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), registered, (text, value) => {
        const shown = JSON.stringify(presentable([asSecret(`<<${text}>>`), value], new Set()));
        expect(shown).not.toContain(JSON.stringify(`<<${text}>>`));
      }),
    );
    expect(presentable(asSecret({ user: "u" }), new Set())).toEqual(asSecret(hidden));
  });

  it("is unknown where a secret is not known yet, as older SDKs send it", () => {
    expect(presentable([asSecret(unknownValue)], new Set())).toEqual([unknownValue]);
  });

  it("is unknown where it contains something made up, and sorted by key", () => {
    const madeUp = new Set<string | number>(["made-up", 7]);
    const shown = presentable({ z: "arn:made-up:x", a: [7, 8, "7"], m: "fine" }, madeUp);
    expect(JSON.stringify(shown)).toBe(`{"a":["${unknownValue}",8,"7"],"m":"fine","z":"${unknownValue}"}`);
  });
});

describe("secret texts", () => {
  it("are found inside secrets alone, from a length on", () => {
    const secret = asSecret({ b: ["long enough", "short", 1234567, 12] });
    const value = { open: "not a secret", number: 7654321, a: secret, c: asSecret(unknownValue) };
    expect(secretStrings(value)).toEqual(["long enough", "1234567"]);
  });
});
