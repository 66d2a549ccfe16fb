import { createHash } from "node:crypto";
import { refusals } from "../packs";
import { printed } from "../printable";
import type { Checked } from "../report";
import { verdictOf } from "../words";
import { chooser, outcomes } from "./chooser";
import { embedded, escaped } from "./escape";
import { comparisonSection, findingsSection, packsSection, rulesSection } from "./findings";
import { layoutOf } from "./layout";
import { lossesOf, type Loss } from "./losses";
import { pictureOf, type Picture } from "./picture";
import { script } from "./script";
import { style } from "./style";
import { survivalSection } from "./survival";
import { svgOf } from "./svg";
import { inWords } from "./words";
import { counted } from "../../../components/sizing/words";

/**
 * A check as one page that opens anywhere: the picture of the design, what each loss leaves of it, and the findings. It asks no network for
 * anything, and its own policy forbids it (https://www.w3.org/TR/CSP3/): the one style and the one script are known by their hashes, so that no name in
 * a stranger's program can become either.
 */
export function htmlReport(given: Checked): string {
  const checked = printed(given);
  const { result } = checked;
  const picture = pictureOf(result.design);
  const losses = lossesOf(result, picture);
  const title = escaped(`${result.design.project} ${result.design.stack}: ${verdictOf(result).word}`);
  return (
    [
      "<!doctype html>",
      '<html lang="en">',
      "<head>",
      '<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="${policy()}">`,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="light dark">',
      '<meta name="referrer" content="no-referrer">',
      `<title>${title}</title>`,
      `<style>${style}</style>`,
      "</head>",
      "<body>",
      '<a class="skip" href="#survival">To the survival table</a>',
      headerOf(checked),
      "<main>",
      comparisonSection(checked),
      whatIf(picture, losses),
      survivalSection(result),
      findingsSection(checked),
      packsSection(checked),
      rulesSection(result),
      "</main>",
      `<script type="application/json" id="losses">${embedded(losses.map(forScript))}</script>`,
      `<script>${script}</script>`,
      "</body>",
      "</html>",
      "",
    ]
      .filter((block) => block !== "")
      .join("\n")
      // The last line ends, and nothing else about the page depends on where lines break.
      .replace(/\n*$/, "\n")
  );
}

function policy(): string {
  const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
}

function headerOf(checked: Checked): string {
  const { result } = checked;
  const { design, verdict, findings, survival } = result;
  const { word, sentence } = verdictOf(result);
  const tone = { pass: "good", fail: "bad", undecided: "open" }[verdict];
  const refused = refusals(checked).length > 0;
  const counts = [
    counted(design.clouds.length, "cloud"),
    counted(design.regions.length, "region"),
    counted(survival.length, "loss judged", "losses judged"),
    counted(findings.length, "finding"),
  ];
  return `<header>
<p class="made">twodoor check</p>
<h1>${escaped(design.project)} <span class="stack">${escaped(design.stack)}</span></h1>
<p class="verdict"><strong class="tag ${tone}">${word}</strong> ${escaped(sentence)}${refused ? " Another policy pack refuses it; see below." : ""}</p>
<p class="counts">${counts.join(" · ")}</p>
<nav aria-label="Parts of this page"><a href="#what-if">What if</a> <a href="#survival">What each loss leaves</a> <a href="#findings">Findings</a> <a href="#rules">Rules</a></nav>
</header>`;
}

function whatIf(picture: Picture | undefined, losses: readonly Loss[]): string {
  const drawn =
    picture === undefined
      ? '<p class="empty">There is no picture: nothing here serves requests, or more than anybody could read.</p>'
      : `<div class="scroll" role="group" tabindex="0" aria-label="Picture, may be scrolled">${svgOf(picture, layoutOf(picture))}</div>${legend}${inWords(picture)}`;
  return `<section id="what-if" aria-labelledby="what-if-title">
<h2 id="what-if-title">What if this is lost?</h2>
<p id="status" class="for-ears" role="status" aria-live="polite"></p>
<noscript><p>Without scripts the picture shows the whole design; the table below tells what each loss leaves.</p></noscript>
<div class="stage">
${chooser(losses)}
<div class="view">
${outcomes(losses)}
<figure>${drawn}</figure>
</div>
</div>
</section>`;
}

const legend = `<figcaption><span class="key path">serving path</span> <span class="key start">read only when something starts</span> <span class="key gone">✕ gone</span></figcaption>`;

function forScript({ row, status, gone, served, notes }: Loss): object {
  return { id: row.domain, status, gone, served, notes };
}
