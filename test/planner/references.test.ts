/**
 * Proves that a plan tells what each part of an input depends on, for every form in which a program can write it and for both module
 * systems, that transforms leave nothing that is no longer true, and that the program and everything else of its plan are as if nobody
 * had asked; that a component's own outputs are in the plan. Does not prove it for other versions of the SDK than the installed one.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { unknownValue, type Plan } from "../../planner";
import { preloadFlag, referencesKey } from "../../planner/program/preload";
import { named, planOf } from "../support/planned";

const urn = (name: string): string => `urn:pulumi:dev::references::test:index:Thing::${name}`;
const [a, b] = [urn("a"), urn("b")];
const member = "urn:pulumi:dev::references::test:index:Group$test:index:Thing::group-member";

let plan: Plan;
beforeAll(async () => {
  plan = await planOf("references");
});

const referencesOf = (name: string): Record<string, string[]> => named(plan, name).references;

describe("what parts of inputs depend on", () => {
  it("is told element by element, in the program's order", () => {
    expect(referencesOf("listed")).toEqual({ "ids[0]": [b], "ids[2]": [a], "ids[3]": [a, b] });
  });

  it("is told for objects, with keys as Pulumi's property paths write them", () => {
    expect(referencesOf("nested")).toEqual({
      'map.c-d["e f"]': [b],
      'map["a.b"]': [a],
      "origins[0].address": [b],
    });
  });

  it("is told behind promises, and for resources that are handed over whole", () => {
    expect(referencesOf("promised")).toEqual({ "ids[0]": [a], "ids[1]": [b] });
    expect(referencesOf("whole-resources")).toEqual({ "targets[0]": [b], "targets[1].first": [a] });
  });

  it("is told beside what is absent, secret or a file", () => {
    expect(referencesOf("lacking")).toEqual({ "list[1]": [a], "map.some": [b] });
    expect(referencesOf("uploaded")).toEqual({ "code[1]": [a] });
  });

  it("is not told of an input that is one output, nor of what depends on nothing", () => {
    expect(referencesOf("whole")).toEqual({});
    expect(referencesOf("plain")).toEqual({});
    expect(referencesOf("group")).toEqual({});
  });

  it("is not told of a part that depends on a component, which may wait for this very resource", () => {
    expect(referencesOf("group-child")).toEqual({ "tags.a": [a] });
    expect(named(plan, "group-child").propertyDependencies).toEqual({ tags: [member, a] });
    expect(referencesOf("outside")).toEqual({ "tags.member": [member] });
  });

  it("takes `__proto__` and `constructor` for keys like any other", () => {
    expect(referencesOf("hostile")).toEqual({ "map.__proto__[0]": [b], "map.constructor": [a] });
  });

  it("is kept where a transform left the input alone, and dropped where it did not", () => {
    expect(referencesOf("transformed")).toEqual({ "ids[0]": [b], "ids[1]": [a] });
  });

  it("is told by a program of ECMAScript modules", async () => {
    const esm = await planOf("references-esm");
    const of = (name: string): string => `urn:pulumi:dev::references-esm::test:index:Thing::${name}`;
    expect(named(esm, "listed").references).toEqual({ "ids[0]": [of("b")], "ids[1]": [of("a")] });
  });
});

describe("everything else", () => {
  it("is as it was: inputs without a trace, dependencies of whole inputs", () => {
    expect(named(plan, "listed").inputs).toEqual({ ids: [unknownValue, "known", unknownValue, unknownValue] });
    expect(named(plan, "listed").propertyDependencies).toEqual({ ids: [a, b] });
    expect(named(plan, "lacking").inputs).toEqual({ list: [null, unknownValue], map: { some: unknownValue } });
    expect(JSON.stringify(plan)).not.toContain(referencesKey);
  });

  it("tells a component's own outputs, secrets hidden, and nothing for what registers none", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "[secret]" };
    expect(named(plan, "group").outputs).toEqual({ member: unknownValue, name: "group", secret });
    expect(plan.resources.filter(({ outputs }) => outputs !== undefined).map(({ name }) => name)).toEqual(["group"]);
    expect(JSON.stringify(plan)).not.toContain("open sesame");
  });
});

describe("an SDK of another build", () => {
  it.each([
    ["has no such function", "exports.other = 1;"],
    ["has it alone", "exports.serializeResourceProperties = async () => [{ a: 1 }, new Map()];"],
    [
      "throws",
      "exports.serializeResourceProperties = async () => [{ a: 1 }]; exports.serializeProperty = () => { throw 1; };",
    ],
    ["exports nothing", "module.exports = undefined;"],
  ])("that %s works as without us", (_what, source) => {
    const directory = mkdtempSync(join(tmpdir(), "twodoor-sdk-"));
    try {
      mkdirSync(join(directory, "runtime"));
      writeFileSync(join(directory, "runtime", "rpc.js"), source);
      writeFileSync(
        join(directory, "main.js"),
        `const rpc = require("./runtime/rpc.js");
const props = { list: [{ __pulumiOutput: true }] };
rpc?.serializeResourceProperties?.("l", props, { keepOutputValues: false }).then(([inputs]) => console.log(JSON.stringify(inputs)));
console.log("runs");`,
      );
      const { stdout, stderr } = spawnSync(process.execPath, [preloadFlag, join(directory, "main.js")], {
        encoding: "utf8",
      });
      expect([stdout.replace('{"a":1}\n', ""), stderr]).toEqual(["runs\n", ""]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
