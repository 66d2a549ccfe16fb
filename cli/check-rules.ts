import { shown } from "../components/sizing/issues";
import { SettingsError } from "../planner/project/settings-error";
import { rules } from "../policies/rules";
import { wrap } from "./terminal";

/** Every rule in a line. */
export function listed(): string {
  return `${rules.map(({ id, level, title }) => `${id}  ${level.padEnd(9)}  ${title}`).join("\n")}\n`;
}

/** What a rule asks for and why. Throws `SettingsError` for an id that no rule has. */
export function explained(id: string): string {
  const rule = rules.find((one) => one.id === id.toUpperCase());
  if (rule === undefined) {
    const expected = "the id of a rule";
    const fix = "take one that `twodoor check --rules` lists";
    throw new SettingsError([{ path: "--explain", expected, got: shown(id), fix }], "There is no such rule");
  }
  const outages = rule.outages.map(({ name, date, source }) => `  ${date}  ${name}\n              ${source}`);
  const blocks = [
    `${rule.id}  ${rule.title}  (${rule.level}, ${rule.severity})`,
    wrap(rule.why, 100).join("\n"),
    outages.length === 0 ? "" : `What happened\n${outages.join("\n")}`,
    `What to do\n${wrap(rule.fix, 98)
      .map((line) => `  ${line}`)
      .join("\n")}`,
    rule.subsumedBy.map(({ id: other, stays }) => `A special case of ${other}: ${stays}.`).join("\n"),
    rule.otherTools.length === 0 ? "" : `Other tools\n${rule.otherTools.map((line) => `  ${line}`).join("\n")}`,
    rule.references.length === 0 ? "" : `Read\n${rule.references.map((line) => `  ${line}`).join("\n")}`,
    `docs/rules/${rule.id}.md has examples, and how to waive it.`,
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}
