import type { CheckResult, ResultPair, ResultRow } from "../../../policies/result";
import { capacityText, NO_PATH, windowText } from "../words";
import { escaped } from "./escape";
import { groupOf, markOf, TOGETHER } from "./losses";

/** A table of more rows than this, all of which survive, starts folded. */
const OPEN_MAX = 12;

/** What each loss leaves, a table for each kind of failure domain. */
export function survivalSection({ survival, pairs }: CheckResult): string {
  const groups = new Map<string, (ResultRow | ResultPair)[]>();
  for (const row of [...survival, ...pairs]) groups.set(groupOf(row), [...(groups.get(groupOf(row)) ?? []), row]);
  const tables = [...groups].map(([title, rows]) => groupTable(title, rows));
  const body = survival.length === 0 ? `<p class="empty">${NO_PATH}</p>` : tables.join("\n");
  return `<section id="survival" aria-labelledby="survival-title">
<h2 id="survival-title">What each loss leaves</h2>
${body}
</section>`;
}

function groupTable(title: string, rows: readonly (ResultRow | ResultPair)[]): string {
  const good = rows.filter(({ survives }) => survives).length;
  const isOpen = rows.length <= OPEN_MAX || good < rows.length;
  const sum =
    good === rows.length ? `all ${String(good)} survive` : `${String(good)} of ${String(rows.length)} survive`;
  const told = rows.length === 1 ? "" : `<span class="count">${sum}</span>`;
  const remark =
    title === TOGETHER
      ? '<p class="remark">Told for its own sake: no design is asked to survive any two losses.</p>\n'
      : "";
  return `<details class="rows"${isOpen ? " open" : ""}><summary>${title} ${told}</summary>
${remark}<div class="scroll" role="group" tabindex="0" aria-label="${title}, may be scrolled"><table class="losses">
<caption class="for-ears">${title}: what is left when one is lost</caption>
<thead><tr><th scope="col" class="what">When this is lost</th><th scope="col" class="mark">Verdict</th><th scope="col">Still serves</th><th scope="col" class="number">Capacity</th><th scope="col" class="number">Seen after</th></tr></thead>
<tbody>
${rows.map(rowOf).join("\n")}
</tbody></table></div></details>`;
}

function rowOf(row: ResultRow | ResultPair): string {
  const { domain, survives, undecided, servedBy, capacityPercent, detectionSeconds, because } = row;
  const { sign, word, tone } = markOf(row);
  const served = survives
    ? servedBy.map((id) => `<span class="place">${escaped(id)}</span>`).join(" ")
    : escaped(undecided === null ? "nobody" : "not known");
  const why = because ?? undecided;
  const reason = why === null ? "" : `<p class="because">${escaped(why)}</p>`;
  const outage =
    "source" in row
      ? `<p class="because">${escaped(row.outage)}, <a href="${escaped(row.source)}" rel="noreferrer">report</a></p>`
      : "";
  return `<tr class="${tone}"><th scope="row"><a href="#lose=${escaped(encodeURIComponent(domain))}">${escaped(domain)}</a></th><td class="mark"><span class="sign ${tone}" aria-hidden="true">${sign}</span> ${word}</td><td>${served}${reason}${outage}</td><td class="number">${capacityText(capacityPercent)}</td><td class="number">${windowText(detectionSeconds)}</td></tr>`;
}
