import type { Finding, RuleResult, CheckResult } from "../../../policies/result";
import { byUrgency, type Ordered } from "../order";
import type { Checked } from "../report";
import { placeOfFinding, reasonOf } from "../words";
import { escaped } from "./escape";

const TONES = { violation: "bad", undecided: "open", waived: "waived" } as const;

/** What is against the rules, the most urgent first, and a choice of one rule. */
export function findingsSection({ result, comparison }: Checked): string {
  const findings = byUrgency(result.findings, comparison);
  const titles = new Map(result.rules.map(({ id, title }) => [id, title]));
  const body =
    findings.length === 0
      ? '<p class="empty">Nothing was found.</p>'
      : `${filter(result.findings)}\n${findings.map((one) => findingOf(one, titles.get(one.finding.rule))).join("\n")}`;
  return `<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
${body}
</section>`;
}

function filter(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const options = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([rule, count]) => `<option value="${escaped(rule)}">${escaped(rule)} (${String(count)})</option>`);
  return `<p class="filter"><label for="filter">Rule</label> <select id="filter"><option value="">all rules (${String(findings.length)})</option>${options.join("")}</select> <span id="shown" role="status">${String(findings.length)} shown</span></p>`;
}

function findingOf({ finding, isNew }: Ordered, title: string | undefined): string {
  const { rule, verdict, level, message, fix } = finding;
  const tone = verdict === "violation" && level === "advisory" ? "open" : TONES[verdict];
  const reason = reasonOf(finding);
  const terms: [string, string][] = [
    ["Fix", escaped(fix)],
    ["At", `<code>${escaped(placeOfFinding(finding))}</code>`],
    ...(reason === undefined ? [] : ([["Waived", escaped(reason)]] satisfies [string, string][])),
    ...(title === undefined ? [] : ([["Rule", escaped(title)]] satisfies [string, string][])),
  ];
  const list = terms.map(([term, value]) => `<div><dt>${term}</dt><dd>${value}</dd></div>`).join("");
  return `<article class="finding ${tone}" data-rule="${escaped(rule)}"><h3><span class="id">${escaped(rule)}</span> <span class="tag ${tone}">${verdict}</span> <span class="level">${level}${isNew ? ", new" : ""}</span></h3><p>${escaped(message)}</p><dl>${list}</dl></article>`;
}

/** What a change makes worse or better; nothing where nothing was compared. */
export function comparisonSection({ comparison }: Checked): string {
  if (comparison === undefined) return "";
  const { flipped, added, gone, stays, isWorse } = comparison;
  const rows = flipped.map(({ domain, before, after, because, isWorse: worse }) => {
    const why = because === null ? "" : `<p class="because">${escaped(because)}</p>`;
    return `<li><span class="sign ${worse ? "bad" : "good"}" aria-hidden="true">${worse ? "✗" : "✓"}</span> when <a href="#lose=${escaped(encodeURIComponent(domain))}">${escaped(domain)}</a> is lost: ${before} → <strong>${after}</strong>${why}</li>`;
  });
  return `<section class="change ${isWorse ? "bad" : "good"}" id="change" aria-labelledby="change-title">
<h2 id="change-title">${isWorse ? "This change makes it worse" : "This change makes nothing worse"}</h2>
<ul>${rows.join("")}<li>Findings: ${String(added.length)} new, ${String(gone.length)} gone, ${String(stays.length)} as before</li></ul>
</section>`;
}

/** What other policy packs say. */
export function packsSection({ packs }: Checked): string {
  const sections = packs.map(({ name, version, policies, findings }) => {
    const items = findings.map(
      ({ policy, level, message, urn }) =>
        `<li><span class="tag ${level === "mandatory" ? "bad" : "open"}">${escaped(level)}</span> <span class="id">${escaped(policy)}</span> ${escaped(message)} <code>${escaped(urn ?? "the whole stack")}</code></li>`,
    );
    return `<section class="pack"><h2>Policy pack ${escaped(name)} ${escaped(version)}</h2>
<p class="counts">${String(policies.length)} policies, ${String(findings.length)} findings</p>
<ul>${items.join("\n")}</ul></section>`;
  });
  return sections.join("\n");
}

/** Every rule with what it came to, folded, and what nobody judged. */
export function rulesSection({ rules, unknownTypes }: CheckResult): string {
  const types = unknownTypes.map(({ type, count }) => `<li>${String(count)} × <code>${escaped(type)}</code></li>`);
  const unknown = types.length === 0 ? "" : `<h3>Not understood, and so not judged</h3>\n<ul>${types.join("\n")}</ul>`;
  return `<section id="rules" aria-labelledby="rules-title">
<h2 id="rules-title">Rules</h2>
${unknown}
<details class="rows"><summary>All ${String(rules.length)} rules</summary>
<div class="scroll" role="group" tabindex="0" aria-label="Rules, may be scrolled"><table><caption>Rules and what they came to</caption>
<thead><tr><th scope="col">Rule</th><th scope="col">Asks for</th><th scope="col">Level</th><th scope="col">Verdict</th></tr></thead>
<tbody>
${rules.map(ruleRow).join("\n")}
</tbody></table></div></details>
</section>`;
}

function ruleRow({ id, title, level, verdict, reason }: RuleResult): string {
  const why = reason === undefined ? "" : `<p class="because">${escaped(reason)}</p>`;
  const word = level === "disabled" ? "switched off" : verdict === "not-applicable" ? "not applicable" : verdict;
  const tone =
    verdict === "violation" ? (level === "mandatory" ? "bad" : "open") : verdict === "pass" ? "good" : "waived";
  return `<tr><th scope="row">${escaped(id)}</th><td>${escaped(title)}${why}</td><td>${level}</td><td><span class="tag ${verdict === "undecided" ? "open" : tone}">${word}</span></td></tr>`;
}
