import type { AnsweredBy, Invoke, Plan } from "../planner";

const answerers: [AnsweredBy, string][] = [
  ["file", "by the file"],
  ["twodoor", "by Twodoor"],
  ["nobody", "by nobody"],
];

/** Who answered the program's data sources, and how to answer what nobody did. Empty where none was asked. */
export function dataSourceSentences({ invokes }: Pick<Plan, "invokes">): string[] {
  const asked = invokes.filter(({ answeredBy }) => answeredBy !== "unknown");
  if (asked.length === 0) return [];
  const counts = answerers.flatMap(([answeredBy, words]) => {
    const count = asked.filter((call) => call.answeredBy === answeredBy).length;
    return count === 0 ? [] : [`${String(count)} ${words}`];
  });
  const open = tokens(asked.filter(({ answeredBy }) => answeredBy === "nobody"));
  const names = open.length === 0 ? "" : `: ${open.join(", ")}`;
  const sentences = [`Data sources: ${String(asked.length)} asked, answered ${counts.join(", ")}${names}.`];
  if (open.length > 0) {
    sentences.push(
      "Placeholders stand for what nobody answers. --save-questions FILE writes the questions to fill in, --answers FILE takes them.",
    );
  }
  return sentences;
}

function tokens(calls: readonly Invoke[]): string[] {
  return [...new Set(calls.map(({ token }) => token))];
}
