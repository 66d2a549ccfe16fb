/**
 * Proves which settings are accepted, what they come to with defaults filled in, and the exact words for those that cannot be used: one form
 * for `twodoor check --settings` and for the pack's configuration. It does not prove what the engine refuses before the pack is asked.
 */
import { describe, expect, it } from "vitest";
import { rules } from "../../policies/rules";
import { parameters, ruleSettings } from "../../policies/settings";
import { defaultSettings, inspectSettings, parseSettings } from "../../policies/settings-form";

const waiver = {
  rule: "TOP-01",
  urn: "*::api",
  reason: "the second cloud comes in March",
  owner: "platform team",
  expires: "2027-03-31",
};

function refusal(value: unknown): string {
  try {
    parseSettings(value, "twodoor.dev.json");
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "accepted";
}

describe("settings", () => {
  it("that say nothing are every rule's own level and numbers", () => {
    const nothing = {
      all: undefined,
      rules: new Map(),
      parameters: ruleSettings.parse({}),
      waivers: [],
      design: {},
    };
    for (const value of [{}, null, undefined]) expect(parseSettings(value, "")).toEqual(nothing);
    expect(defaultSettings()).toEqual(nothing);
  });

  it("hold levels, reasons, numbers, waivers and what nobody can read off resources", () => {
    const design = {
      capacity: {
        peakRequestsPerSecond: 4000,
        requestsPerSecondPerUnit: 250,
        perUnit: { api: 100 },
        worstSharePercent: 60,
      },
      hostnames: { "api.example.com": { capacity: { peakRequestsPerSecond: 1, requestsPerSecondPerUnit: 1 } } },
      quorums: { journal: [{ provider: "hetzner", region: "fsn1" }] },
      propagationSeconds: 0,
      origins: { "a.example.net": "aws:us-east-2", "b.example.net": "other:fsn1" },
      poolOrder: { "api.example.com": ["ohio", "iowa"] },
      poolWeights: { "api.example.com": { ohio: 0.6, iowa: 0.4 } },
    };
    const settings = parseSettings(
      {
        all: "advisory",
        "TOP-01": { enforcementLevel: "disabled", reason: "dev stands in one cloud" },
        "GOV-01": { waiversMax: 3, waivers: [waiver] },
        design,
      },
      "",
    );
    expect(settings).toEqual({
      all: "advisory",
      rules: new Map([
        ["TOP-01", { level: "disabled", reason: "dev stands in one cloud" }],
        ["GOV-01", { level: undefined, reason: undefined }],
      ]),
      parameters: { ...ruleSettings.parse({}), waiversMax: 3 },
      waivers: [waiver],
      design,
    });
  });

  it("give a level alone in the short form", () => {
    expect(parseSettings({ "TOP-01": "advisory" }, "").rules.get("TOP-01")).toEqual({
      level: "advisory",
      reason: undefined,
    });
  });

  it("are refused with every problem at once", () => {
    const broken = {
      "TOP-1": "advisory",
      "top 01": "mandatory",
      all: "never",
      "TOP-01": { enforcementLevel: "off", regionsMin: 3, reason: " " },
      "GOV-01": {
        waiversMax: -1,
        waiverDaysMax: "many",
        waivers: [
          { ...waiver, rule: "GOV-01" },
          { ...waiver, rule: "TOP-99", urn: "", expires: "2027-02-30" },
          { rule: "TOP-01", reasons: "typo" },
          "TOP-01",
        ],
      },
      design: {
        capacity: { peakRequestsPerSecond: "4000", worstSharePercent: 120 },
        origins: { "a.example.net": "aws:us-esat-2", "b.example.net": "Ohio" },
        orgins: {},
      },
    };
    expect(refusal(broken)).toMatchInlineSnapshot(`
      "Settings in twodoor.dev.json: 24 problems
        GOV-01.waiverDaysMax   expected a value of type number, got "many"; correct it
        GOV-01.waiversMax   expected a number of at least 0, got -1; correct it
        GOV-01.waivers[0].rule   expected the id of a rule (GOV-01 judges the waivers, and cannot be waived), got "GOV-01"; correct it
        GOV-01.waivers[1].expires   expected a day as \`2026-12-31\`, got "2027-02-30"; correct it
        GOV-01.waivers[1].rule   expected the id of a rule (GOV-01 judges the waivers, and cannot be waived), got "TOP-99"; correct it
        GOV-01.waivers[1].urn   expected a text that is not empty, got ""; correct it
        GOV-01.waivers[2].expires   expected a value (string), got nothing; add it
        GOV-01.waivers[2].owner   expected a value (string), got nothing; add it
        GOV-01.waivers[2].reason   expected a value (string), got nothing; add it
        GOV-01.waivers[2].reasons   expected one of expires, owner, reason, rule, urn, got another key; remove it, or correct its spelling
        GOV-01.waivers[2].urn   expected a value (string), got nothing; add it
        GOV-01.waivers[3]   expected a value of type object, got "TOP-01"; correct it
        TOP-01.enforcementLevel   expected one of "mandatory", "advisory", "disabled", got "off"; correct it
        TOP-01.reason   expected a text that is not empty, got ""; correct it
        TOP-01.regionsMin   expected one of enforcementLevel, reason, got another key; remove it, or correct its spelling
        TOP-1   expected a rule's id, "all" or "design", got another name; write TOP-01
        all.enforcementLevel   expected one of "mandatory", "advisory", "disabled", got "never"; correct it
        design.capacity.peakRequestsPerSecond   expected a value of type number, got "4000"; correct it
        design.capacity.requestsPerSecondPerUnit   expected a value (number), got nothing; add it
        design.capacity.worstSharePercent   expected a number of at most 100, got 120; correct it
        design.orgins   expected one of capacity, hostnames, origins, poolOrder, poolWeights, propagationSeconds, quorums, got another key; remove it, or correct its spelling
        design.origins["a.example.net"]   expected a region that its cloud has: \`aws:us-east-2\`, \`gcp:us-central1\`, got "aws:us-esat-2"; correct it
        design.origins["b.example.net"]   expected a cloud and a region: \`aws:us-east-2\`, got "Ohio"; correct it
        top 01   expected a rule's id, "all" or "design", got another name; write TOP-01"
    `);
  });

  it.each([
    [[], "an empty list"],
    ["TOP-01", '"TOP-01"'],
    [7, "7"],
  ])("are no %j", (value, got) => {
    expect(refusal(value)).toBe(
      `Settings in twodoor.dev.json: 1 problem\n  settings   expected an object, got ${got}; write rule ids as its keys`,
    );
  });

  it("do not take names that every object has for rules", () => {
    const value: unknown = JSON.parse(
      '{ "__proto__": { "all": "disabled" }, "constructor": "advisory", "toString": {} }',
    );
    const { settings, issues } = inspectSettings(value);
    expect(settings).toEqual(defaultSettings());
    expect(issues.map(({ path }) => path)).toEqual(["__proto__", "constructor", "toString"]);
  });

  it("keep what can be used where something else cannot", () => {
    const { settings, issues } = inspectSettings({ "TOP-01": "advisory", "GOV-01": { waiversMax: "3" }, all: 5 });
    expect(issues.map(({ path }) => path)).toEqual(["GOV-01.waiversMax", "all"]);
    expect(settings).toEqual({
      ...defaultSettings(),
      rules: new Map([
        ["TOP-01", { level: "advisory", reason: undefined }],
        ["GOV-01", { level: undefined, reason: undefined }],
      ]),
    });
  });
});

describe("parameters", () => {
  it("belong to rules that are there, under names that no other rule has", () => {
    const ids = new Set(rules.map(({ id }) => id));
    expect(Object.keys(parameters).filter((id) => !ids.has(id))).toEqual([]);
    const names = Object.values(parameters).flatMap((shape) => Object.keys(shape));
    expect([...new Set(names)]).toEqual(names);
    expect(Object.keys(ruleSettings.shape).sort()).toEqual([...names].sort());
  });
});
