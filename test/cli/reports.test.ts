/**
 * Proves every report of a check: valid against its schema (SARIF's by OASIS, Jenkins' JUnit, GitLab's published form, our own), within the platforms'
 * limits with 5,000 findings, harmless with names that a stranger chose, and the same bytes for the same value. Does not prove what a platform
 * makes of it, nor what HTML looks like.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { reports } from "../../cli/reports";
import { LENGTH_MAX } from "../../cli/reports/markdown";
import type { Checked } from "../../cli/reports/report";
import type { PackReport } from "../../planner";
import { compareResults } from "../../policies/compare";
import type { CheckResult, Finding } from "../../policies/result";
import { finding, resultOf, row, urn } from "../support/checked";
import { closed, schemaAt } from "../support/schemas";

/** Signs that move a cursor, change a colour, or turn or hide a text. */
const CONTROLS = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const COLOUR = new RegExp("\\u001B\\[[0-9]{1,2}m", "g");

const terminal = { width: 100, colors: false };

/** Everything that a report can hold: each verdict and level, waivers, unknown types, a base, another pack. */
const full = checkedOf(
  resultOf({
    verdict: "fail",
    findings: [
      finding({ location: { file: "infra/a b.ts", line: 12 } }),
      finding({ message: "a second thing" }),
      finding({ rule: "EDG-06", level: "advisory", urn: urn("edge") }),
      finding({ rule: "TOP-02", verdict: "undecided", urn: null }),
      finding({ rule: "CAP-01", verdict: "undecided", level: "advisory" }),
      finding({
        rule: "TOP-03",
        verdict: "waived",
        waiver: { reason: "until the move", owner: "platform team", expires: "2026-12-31" },
      }),
    ],
    survival: [row("aws", "dies"), row("gcp", "survives"), row("edge", "undecided")],
    rules: resultOf().rules.map((rule) =>
      rule.id === "SEC-01"
        ? { ...rule, level: "disabled", verdict: "not-applicable", reason: "a lab" }
        : rule.id === "EDG-01"
          ? { ...rule, verdict: "violation" }
          : rule,
    ),
    unknownTypes: [{ type: "aws:mq/broker:Broker", count: 2 }],
  }),
  resultOf({ findings: [finding({ message: "a second thing" })], survival: [row("aws", "survives")] }),
);

describe("each report", () => {
  it.each(Object.keys(reports))("%s has the same bytes for the same value, and ends with one line break", (format) => {
    const first = rendered(format, full);
    expect(rendered(format, structuredClone(full))).toBe(first);
    expect(first).toMatch(/[^\n]\n$/);
  });
});

describe("JSON", () => {
  it("keeps to docs/check.schema.json, and has no field that the schema does not describe", () => {
    const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
      closed(schemaAt("docs/check.schema.json")),
    );
    validate(JSON.parse(rendered("json", full)));
    expect(validate.errors).toBeNull();
  });

  it("is refused by the schema where something is missing, renamed or added", () => {
    const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
      closed(schemaAt("docs/check.schema.json")),
    );
    validate(JSON.parse(rendered("json", full).replace('"servedBy"', '"answeredBy"').replace('"fix"', '"mend"')));
    expect(validate.errors?.map(({ message }) => message).sort()).toEqual([
      "must NOT have additional properties",
      "must NOT have additional properties",
      "must have required property 'fix'",
      "must have required property 'servedBy'",
    ]);
  });

  it("holds every text as it is, whatever signs it has", () => {
    const text = "\u001B[2J\u009B1m\u202E\uFEFF##[error] \u0000 ::error::\n\uD800";
    const value: unknown = JSON.parse(
      rendered("json", checkedOf(resultOf({ findings: [finding({ message: text })] }))),
    );
    expect(value).toMatchObject({ findings: [{ message: text }] });
  });
});

describe("SARIF", () => {
  // It calls itself draft 4; nothing in it means something else in draft 7, which Ajv knows.
  const file = require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

  it("keeps to the schema of OASIS", () => {
    validate(JSON.parse(rendered("sarif", full)));
    expect(validate.errors).toBeNull();
    validate({ version: "2.1.0", runs: [{}] });
    expect(validate.errors?.map(({ message }) => message)).toEqual(["must have required property 'tool'"]);
  });

  it("says of each finding its level, place, fingerprint, and whether it is new or suppressed", () => {
    const [run] = sarifOf(full).runs;
    expect(
      run?.results.map(({ ruleId, level, baselineState, suppressions, locations }) => {
        const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
        return [ruleId, level, baselineState, suppressions?.length ?? 0, artifactLocation?.uri, region?.startLine];
      }),
    ).toEqual([
      ["EDG-01", "error", "new", 0, "infra/a%20b.ts", 12],
      ["EDG-06", "warning", "new", 0, "shop/Pulumi.yaml", 1],
      ["TOP-02", "error", "new", 0, "shop/Pulumi.yaml", 1],
      ["CAP-01", "note", "new", 0, "shop/Pulumi.yaml", 1],
      ["TOP-03", "note", "new", 1, "shop/Pulumi.yaml", 1],
      ["EDG-01", "error", "unchanged", 0, "shop/Pulumi.yaml", 1],
    ]);
    expect(run?.automationDetails.id).toBe("twodoor/shop/dev/");
    expect(sarifOf(full).runs.map(({ tool }) => [tool.driver.name, tool.driver.rules.length])).toEqual([
      ["twodoor", 41],
      ["house", 2],
    ]);
    for (const result of run?.results ?? [])
      expect(run?.tool.driver.rules[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
  });

  it("keeps each description within GitHub's 1,024 characters, and gives every rule a help text", () => {
    for (const { shortDescription, fullDescription, help } of sarifOf(full).runs[0]?.tool.driver.rules ?? []) {
      expect(shortDescription.text.length).toBeLessThanOrEqual(1024);
      expect(fullDescription?.text.length).toBeLessThanOrEqual(1024);
      expect(help?.markdown).toContain("**What to do.**");
    }
  });

  it("leaves out what GitHub does not take: the least urgent of more than 25,000", () => {
    const findings = [
      ...Array.from({ length: 25_000 }, (_, at) => finding({ level: "advisory", urn: urn(String(at)) })),
      finding({ rule: "TOP-01", urn: urn("worst") }),
    ];
    const [run] = sarifOf(checkedOf(resultOf({ findings }))).runs;
    expect([run?.results.length, run?.results[0]?.ruleId]).toEqual([25_000, "TOP-01"]);
  });

  it("has paths that no name of a file breaks", () => {
    const file = "a\uD800/ü#?%20..\\x\n.ts";
    const [run] = sarifOf(checkedOf(resultOf({ findings: [finding({ location: { file, line: 3 } })] }))).runs;
    const uri = run?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri ?? "";
    expect(uri).toMatch(/^[A-Za-z0-9%._~!*'()/-]+$/);
    expect(decodeURIComponent(uri)).toBe(file.replace("\uD800", "\uFFFD"));
  });
});

describe("fingerprints", () => {
  const ofLines = (format: "sarif" | "gitlab", line: number, message: string): string[] => {
    const findings = [finding({ location: { file: "a.ts", line }, message }), finding({ message: "another" })];
    const checked = checkedOf(resultOf({ findings }));
    if (format === "gitlab") return gitlabOf(checked).map(({ fingerprint }) => fingerprint);
    return sarifOf(checked).runs[0]?.results.map(({ partialFingerprints }) => partialFingerprints["twodoor/v1"]) ?? [];
  };
  it.each(["sarif", "gitlab"] as const)(
    "of %s stay when a line moves or a number changes, and are unique",
    (format) => {
      const before = ofLines(format, 12, "takes 77 s");
      expect(ofLines(format, 40, "takes 78 s")).toEqual(before);
      expect(new Set(before).size).toBe(2);
    },
  );

  it("are not the same for texts that only meet", () => {
    const findings = [finding({ rule: "A B", urn: "c" }), finding({ rule: "A", urn: "B c" })];
    const prints = gitlabOf(checkedOf(resultOf({ findings }))).map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(2);
  });
});

describe("JUnit", () => {
  it("keeps to the schema of Jenkins, and counts what it holds", async () => {
    const xml = rendered("junit", full);
    expect(await xmlErrors(xml)).toEqual([]);
    expect(xml).toContain(
      '<testsuites name="twodoor" tests="43" failures="2" errors="1" time="0">\n  <testsuite name="twodoor check shop dev" tests="41" failures="1" errors="1" skipped="1" time="0">',
    );
    expect(xml.match(/<testcase /g)).toHaveLength(43);
    expect(xml).toContain('<skipped message="switched off: a lab"/>');
    expect(xml).toContain("waived: until the move (platform team, until 2026-12-31)</system-out>");
  });

  it("is refused by the schema where it is wrong", async () => {
    expect(await xmlErrors(rendered("junit", full).replace(' failures="1"', ""))).not.toEqual([]);
  });
});

describe("GitLab's report", () => {
  it("keeps to the published form", () => {
    const form = {
      type: "array",
      items: {
        type: "object",
        required: ["description", "check_name", "fingerprint", "severity", "location"],
        properties: {
          description: { type: "string", minLength: 1 },
          check_name: { type: "string", minLength: 1 },
          fingerprint: { type: "string", pattern: "^[0-9a-f]{32}$" },
          severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
          location: {
            type: "object",
            required: ["path", "lines"],
            properties: {
              path: { type: "string", pattern: "^[^/.]" },
              lines: { type: "object", required: ["begin"], properties: { begin: { type: "integer", minimum: 1 } } },
            },
          },
        },
      },
    };
    const validate = new Ajv().compile(form);
    validate(gitlabOf(full));
    expect(validate.errors).toBeNull();
  });

  it("has each finding that nobody waived, with its severity", () => {
    expect(gitlabOf(full).map(({ check_name, severity }) => [check_name, severity])).toEqual([
      ["EDG-01", "blocker"],
      ["EDG-01", "blocker"],
      ["EDG-06", "minor"],
      ["TOP-02", "major"],
      ["CAP-01", "info"],
      ["house/tags", "critical"],
      ["house/names", "minor"],
    ]);
  });
});

describe("a design with nothing to serve", () => {
  it.each(["text", "markdown"])("is not said to survive an outage in %s", (format) => {
    const text = rendered(format, {
      ...full,
      result: resultOf(),
      comparison: undefined,
      packs: [],
      basePacks: undefined,
    });
    expect(text).toContain("Nothing here is known to serve requests, and nothing was found to refuse.");
    expect(text).not.toContain("No single outage");
  });
});

describe("a design that passes", () => {
  it.each([
    [["survives", "survives"], "No single outage that was judged stops this design."],
    [["survives", "dies"], "This design survives 1 of 2 single outages, and no mandatory rule refuses the other."],
    [
      ["dies", "survives", "undecided"],
      "This design survives 1 of 3 single outages, and no mandatory rule refuses the others.",
    ],
  ] as const)("is said to survive what it survives: %j", (states, sentence) => {
    const survival = states.map((state, at) => row(`aws:region-${String(at)}`, state));
    for (const format of ["text", "markdown", "html"] as const) {
      const passed = {
        ...full,
        result: resultOf({ survival }),
        comparison: undefined,
        packs: [],
        basePacks: undefined,
      };
      expect(rendered(format, passed)).toContain(sentence);
    }
  });
});

describe("a name that a stranger chose", () => {
  const nasty =
    "\u001B[31mred\u001B[0m \u009B2J\r\n::stop-commands::x ::error file=a::b ##[error]x ##vso[task.x] \u202Eevil\u2066 <script>alert(1)</script> ]]> -->\n" +
    "/merge @octocat #12 !34 [a](https://evil.example) ![b](http://c) `d` **e** | f | www.evil.example </details> $x$ \u0000\uFFFE\uD800 &amp; \"'";
  const hostile = hostileChecked(nasty);

  it("changes no colour, moves no cursor and commands no runner in text", () => {
    const text = rendered("text", hostile);
    expect(text).not.toMatch(CONTROLS);
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toContain("##");
    expect(text).not.toMatch(/\p{Surrogate}/u);
    const painted = reports.text(hostile, { width: 80, colors: true });
    expect(painted.replaceAll(COLOUR, "")).not.toContain("\u001B");
  });

  it.each(["json", "sarif", "gitlab"])("is only data in %s, in a log as well", (format) => {
    const text = rendered(format, hostile);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(text).not.toMatch(CONTROLS);
    expect(text).not.toMatch(/^\s*::|##/m);
  });

  it("leaves JUnit well-formed and valid", async () => {
    expect(await xmlErrors(rendered("junit", hostile))).toEqual([]);
  });

  it("is no markup, no link, no mention and no quick action in markdown", () => {
    const text = rendered("markdown", hostile);
    const own = text.replace(/<\/?(?:details|summary|code|b)>/g, "").replace(/&#[0-9]+;/g, "?");
    expect(own).not.toMatch(/[<>]/);
    expect(own).not.toMatch(/[@#]\w|:\/\/|www\.|\]\(|!\[|`/i);
    expect(own).not.toMatch(/^\//m);
    expect(text).not.toMatch(/(?![\n\u200B])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    const rows = text.split("\n").filter((line) => line.startsWith("| <code>"));
    expect(rows.map((line) => line.split("|").length)).toEqual([7, 7, 7]);
  });
});

describe("5,000 findings and 300 failure domains", () => {
  const long = "x".repeat(3_000);
  const many = checkedOf(
    resultOf({
      verdict: "fail",
      findings: Array.from({ length: 5_000 }, (_, at) =>
        finding({ urn: urn(`${String(at)}-${long}`), message: `number ${String(at)} of ${long}` }),
      ),
      survival: Array.from({ length: 300 }, (_, at) =>
        row(`aws:region-${String(at)}-${long}`, "dies", { because: `${long} ${String(at)}` }),
      ),
    }),
    resultOf(),
  );

  it("fit into a comment, nothing of it cut open, with a word about what is left out", () => {
    const text = rendered("markdown", many);
    expect(text.length).toBeLessThanOrEqual(LENGTH_MAX);
    expect(text.length).toBeGreaterThan(LENGTH_MAX / 2);
    const [, left = "0"] = /_([0-9]+) more findings left out here; the JSON report has all\._/.exec(text) ?? [];
    expect(text.split("**Fix:**").length - 1 + Number(left)).toBe(5_001 + 1);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    expect(text.split("\n")[0]).toBe("### ❌ REFUSED: shop dev");
    expect(text).toContain("**This change makes it worse.**");
  });

  it.each(["text", "json", "sarif", "junit", "gitlab", "markdown"])("take %s a few seconds at most", (format) => {
    const before = process.cpuUsage();
    rendered(format, many);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(6);
  });
});

function checkedOf(result: CheckResult, base?: CheckResult): Checked {
  return {
    result,
    comparison: base === undefined ? undefined : compareResults(base, result),
    packs: base === undefined ? [] : [housePack()],
    basePacks: base === undefined ? undefined : [],
    projectFile: "shop/Pulumi.yaml",
  };
}

function housePack(changes: Partial<PackReport["findings"][number]> = {}): PackReport {
  const policy = { kind: "resource", level: "mandatory", isApplicable: true } as const;
  return {
    name: "house",
    version: "1.2.3",
    policies: [
      { ...policy, name: "tags", description: "Everything has an owner." },
      { ...policy, name: "names", description: "", level: "advisory" },
    ],
    findings: [
      {
        policy: "tags",
        level: "mandatory",
        severity: null,
        urn: urn("api"),
        message: "no owner",
        location: null,
        ...changes,
      },
      {
        policy: "names",
        level: "advisory",
        severity: "low",
        urn: null,
        message: "odd names",
        location: null,
        ...changes,
      },
    ],
    remediations: [],
  };
}

/** A value in which every text that comes from a program is this one. */
function hostileChecked(text: string): Checked {
  const told: Partial<Finding> = { urn: `urn:pulumi:dev::shop::a:b:C::${text}`, message: text, fix: text };
  const result = resultOf({
    design: { project: text, stack: text, clouds: ["aws"], regions: [], parts: [] },
    verdict: "fail",
    findings: [
      finding({ ...told, location: { file: text, line: 1 } }),
      finding({ ...told, verdict: "waived", waiver: { reason: text, owner: text, expires: "2026-12-31" } }),
    ],
    survival: [
      row(text, "dies", { because: text }),
      row(`${text}2`, "survives", { servedBy: [text] }),
      row(`${text}3`, "undecided", { undecided: text }),
    ],
    unknownTypes: [{ type: text, count: 1 }],
  });
  const packs = [{ ...housePack({ message: text, urn: text, policy: text }), name: text }];
  const comparison = compareResults(resultOf(), result);
  return { result, comparison, packs, basePacks: [], projectFile: "Pulumi.yaml" };
}

function rendered(format: string, checked: Checked): string {
  return (new Map(Object.entries(reports)).get(format) ?? missing)(checked, terminal);
}

function missing(): never {
  throw new Error("there is no such report");
}

async function xmlErrors(xml: string): Promise<string[]> {
  const schema = readFileSync(join(__dirname, "..", "support", "schemas", "junit-10.xsd"), "utf8");
  const { errors } = await validateXML({ xml: [{ fileName: "junit.xml", contents: xml }], schema: [schema] });
  return errors.map(({ message }) => message);
}

interface Sarif {
  runs: {
    tool: {
      driver: {
        name: string;
        rules: {
          id: string;
          shortDescription: { text: string };
          fullDescription?: { text: string };
          help?: { markdown: string };
        }[];
      };
    };
    automationDetails: { id: string };
    results: {
      ruleId: string;
      ruleIndex?: number;
      level: string;
      baselineState?: string;
      suppressions?: object[];
      partialFingerprints: { "twodoor/v1": string };
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
    }[];
  }[];
}

function sarifOf(checked: Checked): Sarif {
  return JSON.parse(rendered("sarif", checked)) as Sarif;
}

function gitlabOf(checked: Checked): { check_name: string; fingerprint: string; severity: string }[] {
  return JSON.parse(rendered("gitlab", checked)) as { check_name: string; fingerprint: string; severity: string }[];
}
