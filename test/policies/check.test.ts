/**
 * Proves what the judge makes of what rules find: levels from three places, waivers, broken and disabled rules, advice, the verdicts, the order,
 * and that the same design gives the same bytes. Rules here are made up, but for GOV-01; what real rules find is in rules/.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../../policies/check";
import { advice, Level, undecided, violation, type Rule, type RuleFinding } from "../../policies/rule";
import { gov01 } from "../../policies/rules/gov-01-waivers";
import { inspectSettings, type Settings } from "../../policies/settings-form";
import { designFrom, goodDesign, ref, resource, urnOf } from "../support/designs";

const TODAY = "2026-11-26";
const design = designFrom([
  resource("aws:s3/bucket:Bucket", "b-logs", {}),
  resource("aws:s3/bucket:Bucket", "a-logs", {}),
]);
const [a, b, stackUrn] = ["a-logs", "b-logs", "exchange-prod"].map((name) => urnOf(design, name));
const unknownFact = { known: false, urn: b ?? "", property: "acl", why: "is a secret" } as const;

function rule(id: string, found: RuleFinding[] | undefined, level: Level = Level.Mandatory): Rule {
  return {
    id,
    title: `Title of ${id}`,
    level,
    severity: "low",
    why: "",
    outages: [],
    fix: "",
    references: [],
    otherTools: [],
    subsumedBy: [],
    judge: () => found,
  };
}

/** Settings of rules that are made up here, which a settings file could not name. */
function settings(changes: Partial<Settings> = {}): Settings {
  return { ...inspectSettings({}).settings, ...changes };
}

function waiver(changes: Partial<Settings["waivers"][number]> = {}): Settings["waivers"][number] {
  const reason = "until the move";
  return { rule: "TOP-90", urn: "*", reason, owner: "platform team", expires: "2026-12-31", ...changes };
}

const bad = violation(a ?? null, "a is bad", "mend a");
const unsure = undecided(unknownFact, "so nobody can tell");

function shown(rules: Rule[], changes: Partial<Settings> = {}, graph = design) {
  const result = judge(graph, settings(changes), TODAY, rules);
  return {
    verdict: result.verdict,
    rules: result.rules.map(({ id, level, verdict }) => `${id} ${level} ${verdict}`),
    findings: result.findings.map((one) => `${one.rule} ${one.verdict} ${one.level} ${one.message}`),
  };
}

describe("the verdict", () => {
  const cases: [string, Rule[], string, string[]][] = [
    ["passes when nothing is found", [rule("TOP-90", [])], "pass", ["TOP-90 mandatory pass"]],
    ["passes when nothing applies", [rule("TOP-90", undefined)], "pass", ["TOP-90 mandatory not-applicable"]],
    ["fails by a mandatory violation", [rule("TOP-90", [unsure, bad])], "fail", ["TOP-90 mandatory violation"]],
    ["is undecided by a mandatory unknown", [rule("TOP-90", [unsure])], "undecided", ["TOP-90 mandatory undecided"]],
    [
      "is not touched by advisory rules",
      [rule("TOP-90", [bad, unsure], Level.Advisory), rule("TOP-91", [unsure], Level.Advisory)],
      "pass",
      ["TOP-90 advisory violation", "TOP-91 advisory undecided"],
    ],
    [
      "is not touched by advice of a mandatory rule",
      [rule("TOP-90", [advice(null, "it would be better", "do it")])],
      "pass",
      ["TOP-90 mandatory pass"],
    ],
    [
      "fails where one of several does",
      [rule("TOP-91", [unsure]), rule("TOP-90", [bad]), rule("TOP-92", [])],
      "fail",
      ["TOP-90 mandatory violation", "TOP-91 mandatory undecided", "TOP-92 mandatory pass"],
    ],
  ];
  it.each(cases)("%s", (_what, rules, verdict, results) => {
    expect(shown(rules)).toMatchObject({ verdict, rules: results });
  });
});

describe("levels", () => {
  const choose = (level: Settings["all"], reason?: string): Settings["rules"] =>
    new Map([["TOP-90", { level, reason }]]);

  it("are the rule's own, then that for all, then that for the rule", () => {
    const rules = [rule("TOP-90", [bad])];
    expect(shown(rules, { all: "advisory" })).toEqual({
      verdict: "pass",
      rules: ["TOP-90 advisory violation"],
      findings: ["TOP-90 violation advisory a is bad"],
    });
    expect(shown(rules, { all: "advisory", rules: choose("mandatory") }).verdict).toBe("fail");
    expect(shown(rules, { all: "mandatory", rules: choose("advisory") }).verdict).toBe("pass");
    expect(shown(rules, { all: "advisory", rules: choose(undefined) }).rules).toEqual(["TOP-90 advisory violation"]);
    expect(shown([rule("TOP-90", [bad], Level.Advisory)], { rules: choose("mandatory") }).verdict).toBe("fail");
  });

  it("keep a disabled rule from running, and name it all the same", () => {
    const explodes = { ...rule("TOP-90", []), judge: () => expect.unreachable("a disabled rule ran") };
    expect(
      judge(design, settings({ rules: choose("disabled", "not before the move") }), TODAY, [explodes]),
    ).toMatchObject({
      verdict: "pass",
      findings: [],
      rules: [
        {
          id: "TOP-90",
          title: "Title of TOP-90",
          level: "disabled",
          reason: "not before the move",
          verdict: "not-applicable",
        },
      ],
    });
  });

  it("leave advice advice, also where the rule was advisory or is made mandatory", () => {
    const rules = [rule("TOP-90", [advice(a ?? null, "better", "do it"), bad], Level.Advisory)];
    expect(shown(rules, { rules: choose("mandatory") }).findings).toEqual([
      "TOP-90 violation mandatory a is bad",
      "TOP-90 violation advisory better",
    ]);
  });
});

describe("a rule that throws", () => {
  const broken: Rule = {
    ...rule("TOP-91", [], Level.Advisory),
    judge: () => {
      throw new TypeError("hunter2 is not a function");
    },
  };

  it("is a mandatory finding of its own that says no value, and loses nobody else's", () => {
    const result = judge(design, settings(), TODAY, [rule("TOP-90", [bad]), broken, rule("TOP-92", [unsure])]);
    expect(result.rules.map(({ verdict }) => verdict)).toEqual(["violation", "violation", "undecided"]);
    expect(result.findings[1]).toEqual({
      rule: "TOP-91",
      verdict: "violation",
      level: "mandatory",
      urn: null,
      message:
        "TOP-91 could not be judged: its code threw TypeError, which is a mistake of the rule and not of the design",
      fix: 'report it to twodoor with the recorded graph; until then set TOP-91 to "disabled", with the reason',
      location: null,
    });
    expect(JSON.stringify(result)).not.toContain("hunter2");
    expect(judge(design, settings(), TODAY, [broken]).verdict).toBe("fail");
  });

  it("cannot be waived", () => {
    const waivers = [waiver({ rule: "TOP-91" })];
    expect(shown([broken], { waivers }).verdict).toBe("fail");
  });

  it.each([["a text"], [undefined], [null]])("%j instead of an error is caught too", (thrown) => {
    const rules = [
      {
        ...broken,
        judge: () => {
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- what careless code does
          throw thrown;
        },
      },
    ];
    expect(shown(rules).findings).toEqual([
      `TOP-91 violation mandatory TOP-91 could not be judged: its code threw ${typeof thrown}, which is a mistake of the rule and not of the design`,
    ]);
  });
});

describe("a waiver", () => {
  const rules = [rule("TOP-90", [bad, unsure, violation(null, "the design is bad", "mend it")]), gov01];

  it("lets findings stand, shows them with whose decision it was, and the rule is waived", () => {
    const result = judge(design, settings({ waivers: [waiver()] }), TODAY, rules);
    expect(result.verdict).toBe("pass");
    expect(result.rules.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["GOV-01", "pass"],
      ["TOP-90", "waived"],
    ]);
    const decision = { reason: "until the move", owner: "platform team", expires: "2026-12-31" };
    expect(result.findings.map(({ urn, verdict, level, waiver: own }) => [urn, verdict, level, own])).toEqual([
      [null, "waived", "mandatory", decision],
      [a, "waived", "mandatory", decision],
      [b, "waived", "mandatory", decision],
    ]);
  });

  it("means only what its pattern means; a finding about the whole design has the URN of the stack", () => {
    expect(shown(rules, { waivers: [waiver({ urn: "*::a-logs" })] })).toMatchObject({
      verdict: "fail",
      rules: ["GOV-01 mandatory pass", "TOP-90 mandatory violation"],
      findings: [
        "TOP-90 violation mandatory the design is bad",
        "TOP-90 waived mandatory a is bad",
        "TOP-90 undecided mandatory acl of b-logs is a secret, so nobody can tell",
      ],
    });
    const whole = shown(rules, { waivers: [waiver({ urn: stackUrn ?? "" })] });
    expect(whole.findings[0]).toBe("TOP-90 waived mandatory the design is bad");
    const stackless = { ...design, resources: design.resources.filter(({ urn }) => urn !== stackUrn) };
    expect(shown(rules, { waivers: [waiver({ urn: stackUrn ?? "" })] }, stackless).findings[0]).toBe(
      "TOP-90 waived mandatory the design is bad",
    );
  });

  it("that has ended is a violation, and what it meant stands again", () => {
    const { verdict, findings } = shown([rule("TOP-90", [bad]), gov01], {
      waivers: [waiver({ expires: "2026-11-25" })],
    });
    expect(verdict).toBe("fail");
    expect(findings).toEqual([
      'GOV-01 violation mandatory the waiver of TOP-90 for "*" ended on 2026-11-25, and one finding of TOP-90 that it means stands again',
      "TOP-90 violation mandatory a is bad",
    ]);
  });

  it("holds on its last day", () => {
    expect(shown([rule("TOP-90", [bad]), gov01], { waivers: [waiver({ expires: TODAY })] }).verdict).toBe("pass");
  });

  it.each([
    [
      "that means nothing",
      { urn: "*::c-logs" },
      'the waiver of TOP-90 for "*::c-logs" means no finding of this design',
    ],
    [
      "of a rule that finds nothing",
      { rule: "TOP-99" },
      'the waiver of TOP-99 for "*" means no finding of this design',
    ],
    [
      "that has ended and means nothing",
      { urn: "x", expires: "2025-01-01" },
      'the waiver of TOP-90 for "x" ended on 2025-01-01, and means nothing any more',
    ],
    [
      "without a near end",
      { expires: "2030-01-01" },
      'the waiver of TOP-90 for "*" holds for 1132 days more, and at most 366 may be: until then nobody decides about it again',
    ],
  ])("%s is a finding", (_what, changes, message) => {
    const { findings } = shown([rule("TOP-90", [bad]), gov01], { waivers: [waiver(changes)] });
    expect(findings.filter((one) => one.startsWith("GOV-01"))).toEqual([`GOV-01 violation mandatory ${message}`]);
  });

  it("is one of too many", () => {
    const many = Array.from({ length: 11 }, () => waiver());
    const gone = waiver({ expires: "2026-11-01" });
    expect(shown(rules, { waivers: many }).findings[0]).toBe(
      "GOV-01 violation mandatory 11 waivers are in force, and at most 10 may be: what is waived by the dozen is decided by nobody",
    );
    expect(shown(rules, { waivers: many.slice(1) }).verdict).toBe("pass");
    // Those that have ended are no longer in force.
    expect(shown(rules, { waivers: [...many.slice(1), gone] }).findings.filter((one) => /in force/.test(one))).toEqual(
      [],
    );
    const { parameters } = settings();
    expect(shown(rules, { waivers: [waiver()], parameters: { ...parameters, waiversMax: 0 } }).verdict).toBe("fail");
  });

  it("cannot be of GOV-01 itself, and without any GOV-01 does not apply", () => {
    expect(shown(rules, {}).rules[0]).toBe("GOV-01 mandatory not-applicable");
    const { issues } = inspectSettings({ "GOV-01": { waivers: [waiver({ rule: "GOV-01" })] } });
    expect(issues.map(({ path }) => path)).toEqual(["GOV-01.waivers[0].rule"]);
  });
});

describe("the result", () => {
  const many = [
    rule("TOP-91", [
      violation(b ?? null, "second", "y"),
      violation(b ?? null, "first", "x"),
      violation(a ?? null, "third", "z"),
    ]),
    rule("TOP-90", [bad, { ...bad }, violation(null, "whole", "w")]),
  ];

  it("lists findings by rule, URN and message, each once, with the line where the resource is made", () => {
    const { findings } = judge(design, settings(), TODAY, many);
    expect(findings.map(({ rule: id, urn, message, location }) => [id, urn, message, location])).toEqual([
      ["TOP-90", null, "whole", null],
      ["TOP-90", a, "a is bad", { file: "main.ts", line: 2 }],
      ["TOP-91", a, "third", { file: "main.ts", line: 2 }],
      ["TOP-91", b, "first", { file: "main.ts", line: 1 }],
      ["TOP-91", b, "second", { file: "main.ts", line: 1 }],
    ]);
  });

  it("has no line for a resource that is not there", () => {
    const rules = [rule("TOP-90", [violation("urn:pulumi:prod::exchange::a:b:C::gone", "gone", "")])];
    expect(judge(design, settings(), TODAY, rules).findings[0]?.location).toBeNull();
  });

  it("is empty, and passes, for a design without a serving path", () => {
    expect(judge(design, settings(), TODAY, [])).toEqual({
      version: 1,
      design: { project: "exchange", stack: "prod", clouds: [], regions: [], parts: [] },
      verdict: "pass",
      findings: [],
      survival: [],
      pairs: [],
      rules: [],
      unknownTypes: [],
    });
  });

  it("tells which clouds and regions serve, and everything in a serving path", () => {
    const { design: summary, survival, pairs } = judge(goodDesign(), settings(), TODAY, []);
    expect(pairs.map(({ domains, survives }) => [domains.join(" and "), survives])).toEqual([
      ["gcp:us-central1 and gcp:us-east4", true],
    ]);
    expect(summary.clouds).toEqual(["aws", "gcp"]);
    expect(summary.regions).toEqual([
      { cloud: "aws", region: "us-east-2", geography: "ohio" },
      { cloud: "aws", region: "us-west-2", geography: "oregon" },
      { cloud: "gcp", region: "us-central1", geography: "iowa" },
      { cloud: "gcp", region: "us-east4", geography: "northern-virginia" },
    ]);
    expect(survival.slice(0, 2).map(({ domain, survives }) => [domain, survives])).toEqual([
      ["aws", true],
      ["gcp", true],
    ]);
    const ids = new Set(summary.parts.map(({ id }) => id));
    expect(summary.parts.flatMap(({ needs }) => needs.flatMap(({ of }) => of)).filter((id) => !ids.has(id))).toEqual(
      [],
    );
    expect(summary.parts.map(({ id }) => id)).toEqual([...ids].sort());
  });

  it("counts an address outside among the clouds only where somebody says who runs it", () => {
    const record = resource("cloudflare:index/dnsRecord:DnsRecord", "edge", {
      name: "api.example.com",
      type: "CNAME",
      content: "lb-1.us-east-2.elb.amazonaws.com",
    });
    const pool = resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", "pool", {
      name: "pool",
      origins: [{ name: "a", address: "relay.example.net" }],
    });
    const balancer = resource("cloudflare:index/loadBalancer:LoadBalancer", "balancer", {
      name: "ws.example.com",
      defaultPools: [ref("pool")],
      fallbackPool: ref("pool"),
    });
    const clouds = (origins: Record<string, string>) =>
      judge(designFrom([record, pool, balancer]), settings({ design: { origins } }), TODAY, []).design.clouds;
    expect(clouds({})).toEqual(["aws"]);
    expect(clouds({ "relay.example.net": "other:hetzner" })).toEqual(["aws", "other"]);
  });

  it("is the same bytes whatever the order of resources, rules and waivers' findings", () => {
    const graph = goodDesign();
    const waivers = [waiver({ rule: "TOP-91", urn: "*b-logs" })];
    const expected = JSON.stringify(judge(graph, settings({ waivers }), TODAY, [...many, gov01]));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(graph.resources, { minLength: graph.resources.length }),
        fc.shuffledSubarray([...many, gov01], { minLength: 3 }),
        (resources, rules) => {
          expect(JSON.stringify(judge({ ...graph, resources }, settings({ waivers }), TODAY, rules))).toBe(expected);
        },
      ),
      { seed: 7, numRuns: 10 },
    );
  });
});
