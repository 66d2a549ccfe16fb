import type { CheckResult, Finding } from "../../policies/result";
import type { SurvivalRow } from "../../resilience/survival";

const WORDS: Record<CheckResult["verdict"], string> = { pass: "HOLDS", fail: "REFUSED", undecided: "UNDECIDED" };

/** The verdict of a result in words: a word, and what it means of this design. */
export function verdictOf({ verdict, survival }: CheckResult): { word: string; sentence: string } {
  return { word: WORDS[verdict], sentence: verdict === "pass" ? passSentence(survival) : SENTENCES[verdict] };
}

const SENTENCES = {
  fail: "This design does not get through: see the findings that are mandatory.",
  undecided: "Something that decides is not known. An unknown is not a pass: the findings say how to make it known.",
} as const;

/** The verdict comes from mandatory findings: losses that stop the design and that nobody refuses have to be told beside it. */
function passSentence(survival: CheckResult["survival"]): string {
  if (survival.length === 0) return "Nothing here is known to serve requests, and nothing was found to refuse.";
  const survived = survival.filter(({ survives }) => survives).length;
  if (survived === survival.length) return "No single outage that was judged stops this design.";
  const others = survival.length - survived === 1 ? "the other" : "the others";
  const counts = `${String(survived)} of ${String(survival.length)}`;
  return `This design survives ${counts} single outages, and no mandatory rule refuses ${others}.`;
}

/** What stands in place of the survival table where there is none. */
export const NO_PATH =
  "Nothing here is known to serve requests: there is no serving path to judge. Static files count as none.";

/** Where a finding is: the line where somebody recorded it, and the resource. */
export function placeOfFinding({ location, urn }: Finding): string {
  const resource = urn === null ? "the whole design" : resourceName(urn);
  return location === null ? resource : `${location.file}:${String(location.line)}  ${resource}`;
}

/** The file of a finding, that of the project where nobody recorded one. Halves of a character, which no path can hold, are replaced. */
export function fileOf(location: Finding["location"], projectFile: string): string {
  return (location?.file ?? projectFile).replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** A message as a sentence: with a capital and a full stop. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** A resource as a person knows it: its logical name and its type. */
export function resourceName(urn: string): string {
  const [, , chain = "", ...name] = urn.split("::");
  return `${name.join("::")} (${chain.split("$").at(-1) ?? ""})`;
}

/** Who answers for a waived finding, why, and until when. */
export function reasonOf({ waiver }: Finding): string | undefined {
  return waiver === undefined ? undefined : `${waiver.reason} (${waiver.owner}, until ${waiver.expires})`;
}

/** The window of a survival row: `10 to 26 s`; a dash where the edge need not act. */
export function windowText(window: SurvivalRow["detectionSeconds"]): string {
  return window === null ? "-" : `${tidy(window[0])} to ${tidy(window[1])} s`;
}

/** The capacity of a survival row: `120 %`; a dash where nothing was declared or known. */
export function capacityText(percent: number | null): string {
  return percent === null ? "-" : `${String(percent)} %`;
}

/** What a failure domain is, for people who do not know the notation. */
export function domainKind(domain: string): "cloud" | "account" | "geography" | "region" | "zone" | "edge" {
  if (domain === "edge") return "edge";
  if (!domain.includes(":")) return "cloud";
  if (domain.startsWith("geography:")) return "geography";
  if (domain.startsWith("account:")) return "account";
  return /(?:\d[a-z]|-[a-z])$/.test(domain) ? "zone" : "region";
}

function tidy(seconds: number): string {
  return String(Math.round(seconds * 10) / 10);
}
