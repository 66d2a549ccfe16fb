import { escaped } from "./escape";
import type { Loss } from "./losses";

/** Groups with more choices than this start folded. */
const OPEN_MAX = 8;

/** The list of what may be lost: one group of radio buttons, so that arrow keys walk through it. */
export function chooser(losses: readonly Loss[]): string {
  const groups = new Map<string, { choices: string[]; failing: number }>();
  for (const [place, loss] of losses.entries()) {
    const group = groups.get(loss.group) ?? { choices: [], failing: 0 };
    group.choices.push(choice(place, loss));
    if (!loss.row.survives) group.failing += 1;
    groups.set(loss.group, group);
  }
  const lists = [...groups].map(([title, { choices, failing }]) => {
    const open = choices.length <= OPEN_MAX ? " open" : "";
    const bad = failing === 0 ? "" : `, ${String(failing)} not survived`;
    return `<details${open}><summary>${title} <span class="count">${String(choices.length)}${bad}</span></summary>\n${choices.join("\n")}\n</details>`;
  });
  return `<form class="chooser"><fieldset>
<legend>Take away</legend>
<label><input type="radio" name="loss" value="-1" checked> <span class="domain">nothing</span></label>
${lists.join("\n")}
</fieldset></form>`;
}

function choice(place: number, { row, mark }: Loss): string {
  return `<label><input type="radio" name="loss" value="${String(place)}"> <span class="domain">${escaped(row.domain)}</span> <span class="sign ${mark.tone}" title="${mark.word}"><span aria-hidden="true">${mark.sign}</span><span class="for-ears">${mark.word}</span></span></label>`;
}

/** What each choice shows above the picture. The script unfolds one of them. */
export function outcomes(losses: readonly Loss[]): string {
  const whole = `<div class="outcome" id="o-1"><p class="headline">Nothing is lost.</p><p>Choose what fails, with the mouse or with the arrow keys, and see what dies and who still serves.</p></div>`;
  return [whole, ...losses.map(outcome)].join("\n");
}

function outcome({ mark, headline, facts, because }: Loss, place: number): string {
  const terms = facts.map(([term, value]) => `<div><dt>${term}</dt><dd>${escaped(value)}</dd></div>`).join("");
  const why = because === null ? "" : `<p class="because">${escaped(because)}</p>`;
  return `<div class="outcome ${mark.tone}" id="o${String(place)}" hidden><p class="headline"><span class="sign ${mark.tone}" aria-hidden="true">${mark.sign}</span> ${escaped(headline)}</p>${why}<dl>${terms}</dl></div>`;
}
