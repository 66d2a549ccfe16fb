// The pages of the rules, made from the rules themselves and the examples beside the pages. `npm run rules` writes them;
// test/rule-pages.test.ts holds them to it and judges the examples.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Level, type Rule } from "../policies/rule";
import { rules } from "../policies/rules";
import { WAIVERS_RULE } from "../policies/settings-form";
import { parameters } from "../policies/settings";

const EXAMPLES = join(__dirname, "..", "docs", "rules", "examples");

const FAMILIES: readonly [string, string][] = [
  ["TOP", "Where it stands"],
  ["EDG", "The edge"],
  ["CAP", "Capacity"],
  ["DEP", "What it needs"],
  ["DAT", "Data"],
  ["SEC", "Security"],
  ["OBS", "Who hears of it"],
  ["GOV", "Waivers"],
];

const GENERATED = "<!-- Written by `npm run rules` from policies/rules/ and docs/rules/examples/. -->";

/** The text of every page, by its path from the repository's root. */
export function rulePages(): Map<string, string> {
  return new Map([
    ["docs/rules/README.md", indexPage()],
    ...rules.map((rule): [string, string] => [`docs/rules/${rule.id}.md`, pageOf(rule)]),
  ]);
}

/** The settings of a page's `How to waive it`, as a value. */
export function waiverOf({ id }: Rule): object {
  return {
    [WAIVERS_RULE]: {
      waivers: [
        {
          rule: id,
          urn: "*::NAME-OF-THE-RESOURCE",
          reason: "why it may stand for a while",
          owner: "who decided it",
          expires: "2027-01-31",
        },
      ],
    },
  };
}

function indexPage(): string {
  const tables = FAMILIES.flatMap(([prefix, title]) => {
    const own = rules.filter(({ id }) => id.startsWith(`${prefix}-`));
    const rows = own.map(
      ({ id, title: asks, level, severity }) => `| [${id}](${id}.md) | ${asks} | ${level} | ${severity} |`,
    );
    return [
      `## ${title}`,
      ["| rule | what must be true | level | severity |", "| --- | --- | --- | --- |", ...rows].join("\n"),
    ];
  });
  return joined([
    GENERATED,
    "# Rules",
    `What \`twodoor check\` and the policy pack hold a design against: ${String(rules.length)} rules, each with the outages that prove it, a design that is refused, one that passes, and how to waive it. A mandatory rule ends the check; an advisory one is told. An id is never given to another rule. Levels, numbers and waivers are set as [the guide](../guides/policies.md) says.`,
    "Each example changes one thing in a design over two clouds. [`around.ts`](examples/around.ts) hands over what stands around it; a test compiles every example and judges it.",
    ...tables,
  ]);
}

function pageOf(rule: Rule): string {
  const { id, title, level, severity, why, outages, fix, references, otherTools, subsumedBy } = rule;
  const stops = level === Level.Mandatory ? "what it refuses does not get through" : "it is told, and stops nobody";
  return joined([
    GENERATED,
    `# ${id}: ${title}`,
    `**${capital(level)}**, severity ${severity}: ${stops}.`,
    "## Why",
    why,
    listOf(outages.map(({ date, name, source }) => `${date}: [${name}](${source})`)),
    "## What to do",
    fix,
    ...exampleOf(rule, "refused", "Refused"),
    ...exampleOf(rule, "passes", "Passes"),
    ...settingsOf(rule),
    ...waiverSection(rule),
    ...section(
      "What other tools say",
      listOf(otherTools.length === 0 ? ["Nothing found that asks for this."] : otherTools),
    ),
    ...section(
      "Other rules say it too",
      listOf(subsumedBy.map(({ id: other, stays }) => `[${other}](${other}.md). This rule stays: ${stays}.`)),
    ),
    ...section("Read", listOf(references.map((address) => `<${address}>`))),
  ]);
}

function exampleOf({ id }: Rule, kind: string, title: string): string[] {
  const json = join(EXAMPLES, `${id}.${kind}.json`);
  if (existsSync(json)) return [`## ${title}`, fenced("json", readFileSync(json, "utf8"))];
  const text = readFileSync(join(EXAMPLES, `${id}.${kind}.ts`), "utf8");
  const [, also = ""] = /^\/\/ Also: (.+)$/m.exec(text) ?? [];
  const [, without = ""] = /^\/\/ Without: (.+)$/m.exec(text) ?? [];
  const code = text.replace(/^\/\/ (?:Also|Without): .+\n/gm, "");
  return [
    `## ${title}`,
    ...(without === ""
      ? []
      : [
          `In a design without ${without
            .split(", ")
            .map((name) => `\`${name}\``)
            .join(" and ")}:`,
        ]),
    fenced("ts", code),
    ...(also === ""
      ? []
      : [
          `${also
            .split(", ")
            .map((other) => `[${other}](${other}.md)`)
            .join(", ")} ${also.includes(",") ? "have" : "has"} something to say about it too.`,
        ]),
  ];
}

function settingsOf({ id }: Rule): string[] {
  const own = new Map<string, z.ZodRawShape>(Object.entries(parameters)).get(id);
  if (own === undefined) return [];
  const { properties = {} } = z.toJSONSchema(z.strictObject(own), { io: "input" });
  const rows = Object.entries(properties).map(([name, of]) => {
    const { default: byDefault, description } = typeof of === "object" ? of : {};
    return `| \`${name}\` | ${JSON.stringify(byDefault)} | ${description ?? ""} |`;
  });
  return section("Settings", ["| name | default | |", "| --- | --- | --- |", ...rows].join("\n"));
}

function waiverSection(rule: Rule): string[] {
  if (rule.id === WAIVERS_RULE) return section("How to waive it", "It cannot be waived: it judges the waivers.");
  return section(
    "How to waive it",
    "In `twodoor.STACK.json`, for one resource and until a day; `urn` is a pattern over its URN. A waiver is always shown, and one that has ended is a violation.",
    fenced("json", JSON.stringify(waiverOf(rule), null, 2)),
  );
}

function section(title: string, ...blocks: string[]): string[] {
  return blocks.every((block) => block === "") ? [] : [`## ${title}`, ...blocks];
}

function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function joined(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}
