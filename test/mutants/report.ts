/** The table as text: each mutant with what caught it, what each rule catches, and what passes with the reason. */
import { rules } from "../../policies/rules";
import { scores, verdictOf, type Caught } from "./run";

/** The whole table, for `npm run mutants`. */
export function tableText(all: readonly Caught[]): string {
  const lines = all.map((one) => `${verdictOf(one).padEnd(9)} ${one.mutant.name}\n${" ".repeat(10)}${byWhat(one)}`);
  return `${lines.join("\n")}\n\n${rulesText(all)}\n\n${summaryText(all)}\n`;
}

/** Counts, by design. */
export function summaryOf(all: readonly Caught[]): Record<string, Record<ReturnType<typeof verdictOf>, number>> {
  const summary: Record<string, Record<ReturnType<typeof verdictOf>, number>> = {};
  for (const one of all) {
    const { subject } = one.mutant;
    const counts = (summary[subject] ??= { caught: 0, undecided: 0, harmless: 0, survives: 0 });
    counts[verdictOf(one)] += 1;
  }
  return summary;
}

/** Rules that catch nothing which nothing else catches, and whose page names no rule that subsumes them. */
export function unprovenRules(all: readonly Caught[]): string[] {
  const found = scores(all);
  return rules.flatMap(({ id, subsumedBy }) =>
    (found.get(id)?.alone ?? 0) > 0 || (subsumedBy.length > 0 && found.has(id)) ? [] : [id],
  );
}

function byWhat({ rules: caught, undecided, rows, mutant }: Caught): string {
  const parts = [
    caught.join(", "),
    undecided.length === 0 ? "" : `cannot tell: ${undecided.join(", ")}`,
    rows.length === 0 ? "" : `rows lost: ${rows.slice(0, 4).join(", ")}${rows.length > 4 ? ", ..." : ""}`,
    mutant.harmless ?? "",
  ];
  return parts.filter((part) => part !== "").join("; ");
}

function rulesText(all: readonly Caught[]): string {
  const lines = [...scores(all)].map(
    ([rule, { catches, alone }]) =>
      `${rule}  catches ${String(catches).padStart(3)}, ${String(alone).padStart(3)} alone`,
  );
  return lines.join("\n");
}

function summaryText(all: readonly Caught[]): string {
  const lines = Object.entries(summaryOf(all)).map(
    ([subject, { caught, undecided, harmless, survives }]) =>
      `${subject}: ${String(caught)} caught, ${String(undecided)} undecided, ${String(harmless)} rightly not found, ${String(survives)} survive`,
  );
  return [`${String(all.length)} mutants`, ...lines].join("\n");
}
