import { escaped } from "./escape";
import type { Picture, Thing } from "./picture";

/** The picture as a table: every part, where it stands, and where its lines lead. */
export function inWords({ things, lines }: Picture): string {
  const rows = things.map((thing, place) => {
    const ends = lines.flatMap(({ from, to }) => (from === place ? (things[to] ?? []) : []));
    const leads = ends.map(({ part, caption }) => `${caption.split(",")[0] ?? ""} ${part.label}`);
    return `<tr><th scope="row">${escaped(thing.part.label)}</th><td>${escaped(thing.caption)}</td><td>${escaped(standsIn(thing))}</td><td>${escaped(leads.join(", "))}</td></tr>`;
  });
  return `<details class="rows words"><summary>The picture in words</summary>
<div class="scroll" role="group" tabindex="0" aria-label="The picture in words, may be scrolled"><table><caption>Every part of the picture</caption>
<thead><tr><th scope="col">Part</th><th scope="col">What it is</th><th scope="col">Where</th><th scope="col">Leads to, or needs</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table></div></details>`;
}

function standsIn({ part }: Thing): string {
  return part.region === null ? part.cloud : `${part.cloud}:${part.region}`;
}
