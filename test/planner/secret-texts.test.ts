/**
 * Proves that a known secret is taken out of a text in the forms in which programs print one. Does not prove it for forms that are not here
 * (a hash, gzip, one character a line).
 */
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutCutSecret, withoutSecrets } from "../../planner/secret-texts";

const key = `-----BEGIN KEY-----\n${"MIIEvQIBADANBgkq".repeat(4)}\nQ+/"'\\ end of it all\n-----END KEY-----\n`;
const secrets = new Set(["swordfish 4711/+", key, "hush-hush-more", "hush-hush"]);
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("a secret in a text", () => {
  it.each([
    ["as it is", "is swordfish 4711/+!", "is [secret]!"],
    ["that another one begins with", "hush-hush-more, hush-hush", "[secret], [secret]"],
    ["as JSON", JSON.stringify({ key }), '{"key":"[secret]"}'],
    ["as JSON within JSON", JSON.stringify(JSON.stringify({ key })), '"{\\"key\\":\\"[secret]\\"}"'],
    ["in an address", `https://u:${encodeURIComponent("swordfish 4711/+")}@h`, "https://u:[secret]@h"],
    ["in a form", new URLSearchParams({ p: "swordfish 4711/+", q: "1" }).toString(), "p=[secret]&q=1"],
    ["in base64", `x ${base64("swordfish 4711/+")} y`, "x [secret] y"],
    ["in a login's base64", `Basic ${base64("alice:swordfish 4711/+")}`, "Basic [secret]"],
    ["with something behind it in base64", base64("ab:swordfish 4711/+:c"), "[secret]"],
    ["in base64 for addresses", `${Buffer.from("a:swordfish 4711/+").toString("base64url")}.`, "[secret]."],
    ["that is not there", "fish 4711, hush", "fish 4711, hush"],
  ])("%s", (_, text, expected) => {
    expect(withoutSecrets(text, secrets)).toBe(expected);
  });

  it("as Node.js prints an object", () => {
    const printed = withoutSecrets(inspect({ key, at: ["hush-hush"] }), secrets);
    expect(printed).not.toMatch(/BEGIN|MII|end of it|END|hush/);
    expect(printed).toContain("key:");
  });

  it("as Node.js prints one in base64, whatever stands around it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(withoutSecrets(base64(`${before}swordfish 4711/+${after}`), secrets)).toBe("[secret]");
      }),
      { seed: 7 },
    );
  });

  it("that was cut off at the end", () => {
    expect(withoutCutSecret("login swordf", secrets)).toBe("login [secret]");
    expect(withoutCutSecret("login sw", secrets)).toBe("login sw");
  });
});
