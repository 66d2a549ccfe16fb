import { Level, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import type { RuleSettings } from "../settings";
import type { WaiverUse } from "../waivers";

/** GOV-01. It is judged after every other rule, since it looks at what became of their findings, and it cannot be waived itself. */
export const gov01: Rule = {
  id: "GOV-01",
  title: "Waivers are in force, mean something, and are few",
  level: Level.Mandatory,
  severity: "medium",
  why: "A waiver is a risk that somebody has taken upon themselves for a while. One that has ended, that means nothing in the design, or that is one of very many hides the risk instead, and nobody decides about it again.",
  outages: [],
  fix: "Mend what the waiver lets stand and take it out of the settings; or decide again, with a new day.",
  references: ["https://github.com/pulumi/pulumi-policy/issues/438"],
  otherTools: [
    "Checkov, Trivy and KICS skip by a comment in the code, without an end",
    "PSRule's suppression groups have an end",
  ],
  subsumedBy: [],
  judge,
};

function judge({ waivers, settings }: Judged): RuleFinding[] | undefined {
  if (waivers.length === 0) return undefined;
  const inForce = waivers.filter(({ isExpired }) => !isExpired).length;
  const findings = waivers.flatMap((use) => findingsAbout(use, settings));
  if (inForce <= settings.waiversMax) return findings;
  const message = `${String(inForce)} waivers are in force, and at most ${String(settings.waiversMax)} may be: what is waived by the dozen is decided by nobody`;
  return [...findings, violation(null, message, "mend what some of them let stand, and take them out of the settings")];
}

function findingsAbout(use: WaiverUse, { waiverDaysMax }: RuleSettings): RuleFinding[] {
  const { rule, urn, owner, expires, matches, isExpired, daysLeft } = use;
  const name = `the waiver of ${rule} for ${JSON.stringify(urn)}`;
  if (isExpired) {
    const stands =
      matches === 0 ? "and means nothing any more" : `and ${counted(matches)} of ${rule} that it means stands again`;
    const fix =
      matches === 0
        ? "take it out of the settings"
        : `mend what ${rule} finds, or let ${owner} decide again, with a new day`;
    return [violation(null, `${name} ended on ${expires}, ${stands}`, fix)];
  }
  if (matches === 0) {
    return [
      violation(null, `${name} means no finding of this design`, "take it out of the settings, or correct its pattern"),
    ];
  }
  if (daysLeft > waiverDaysMax) {
    const message = `${name} holds for ${String(daysLeft)} days more, and at most ${String(waiverDaysMax)} may be: until then nobody decides about it again`;
    return [violation(null, message, `let ${owner} choose a nearer day than ${expires}`)];
  }
  return [];
}

function counted(matches: number): string {
  return matches === 1 ? "one finding" : `each of the ${String(matches)} findings`;
}
