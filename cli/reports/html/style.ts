/**
 * The page's style. Pairs of text and ground have a contrast of 4.5 to 1 or more in both schemes (WCAG 2.2, 1.4.3), lines and signs 3 to 1; nothing is
 * told by colour alone.
 */
export const style = `
:root { color-scheme: light dark;
  --ground: #f6f7f9; --card: #fff; --ink: #16202c; --soft: #4d5a69; --edge: #d4dae2; --line: #66768a; --accent: #0b5cad;
  --good: #13692f; --good-ground: #e3f4e8; --bad: #a61b1b; --bad-ground: #fdeaea; --open: #7a4b00; --open-ground: #fdf1d9;
  --aws: #fdf5ea; --aws-edge: #c98a2b; --gcp: #eef3fd; --gcp-edge: #5b86d6; --cloudflare: #f6f0fb; --cloudflare-edge: #9a72c4; --other: #f0f2f4; --other-edge: #8a96a3; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #10151b; --card: #182028; --ink: #e8edf2; --soft: #a9b5c2; --edge: #34404c; --line: #8595a7; --accent: #7ab8f5;
  --good: #7fd69a; --good-ground: #14301f; --bad: #ff9c94; --bad-ground: #3d1a1b; --open: #f2c46d; --open-ground: #38290d;
  --aws: #26200f; --aws-edge: #a9782e; --gcp: #141f33; --gcp-edge: #4c71b5; --cloudflare: #221a2d; --cloudflare-edge: #8462a8; --other: #1c242c; --other-edge: #5f6b78; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", sans-serif; }
header, main > section { padding: 0 clamp(1rem, 2.5vw, 2.5rem); }
header { padding-top: 1.5rem; padding-bottom: 1.25rem; background: var(--card); border-bottom: 1px solid var(--edge); }
main > section { margin: 2rem 0; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 0 0 .75rem; font-size: 1.25rem; }
p { margin: .25rem 0; }
a { color: var(--accent); text-underline-offset: .15em; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", monospace; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
[hidden] { display: none !important; }
.for-ears { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--card); }
.skip:focus { top: .5rem; z-index: 1; }
.made { color: var(--soft); font-weight: 600; letter-spacing: .02em; }
.stack, .counts, .count, .level, .empty { color: var(--soft); font-weight: 400; }
.verdict { font-size: 1.05rem; margin-top: .75rem; }
nav { margin-top: .75rem; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.tag { display: inline-block; padding: .05rem .5rem; border-radius: 4px; border: 1px solid currentColor; font-size: .85em; font-weight: 600; }
.tag, .sign { color: var(--soft); }
.sign { font-weight: 700; }
.good.tag { color: var(--good); background: var(--good-ground); } .good.sign { color: var(--good); }
.bad.tag { color: var(--bad); background: var(--bad-ground); } .bad.sign { color: var(--bad); }
.open.tag { color: var(--open); background: var(--open-ground); } .open.sign { color: var(--open); }
.because { color: var(--soft); font-size: .93em; overflow-wrap: anywhere; }
.scroll { overflow: auto; }
.change { border-left: 5px solid var(--good); } .change.bad { border-color: var(--bad); }
.stage { display: grid; grid-template-columns: minmax(13rem, 17rem) minmax(0, 1fr); gap: 1rem; align-items: start; }
html:not(.scripted) .chooser, html:not(.scripted) .outcome { display: none; }
html:not(.scripted) .stage { display: block; }
.chooser { position: sticky; top: .5rem; max-height: calc(100vh - 1rem); overflow: auto; background: var(--card); border: 1px solid var(--edge); border-radius: 10px; }
fieldset { border: 0; margin: 0; padding: .75rem .5rem; min-width: 0; }
legend { float: left; width: 100%; padding: 0 .5rem .25rem; font-weight: 600; }
legend + label { clear: both; }
.chooser label { display: flex; align-items: baseline; gap: .5rem; padding: .2rem .5rem; border-radius: 6px; cursor: pointer; }
.chooser label:hover { background: var(--ground); }
.chooser label:has(:checked) { background: var(--accent); color: var(--card); }
.chooser label:has(:checked) .sign { color: inherit; }
.chooser input { accent-color: var(--accent); margin: 0; flex: none; }
.domain { flex: 1; overflow-wrap: anywhere; font-size: .93em; }
summary { cursor: pointer; font-weight: 600; padding: .3rem .5rem; }
.chooser summary { font-size: .87em; color: var(--soft); }
.view { min-width: 0; }
.outcome { min-height: 7rem; padding: .75rem 1rem; background: var(--card); border: 1px solid var(--edge); border-left: 5px solid var(--line); border-radius: 10px; }
.outcome:not([hidden]) { position: sticky; top: .5rem; z-index: 1; }
.outcome.good { border-left-color: var(--good); } .outcome.bad { border-left-color: var(--bad); } .outcome.open { border-left-color: var(--open); }
.headline { font-size: 1.1rem; font-weight: 600; overflow-wrap: anywhere; }
dl { margin: .5rem 0 0; }
.outcome dl { display: flex; flex-wrap: wrap; gap: .25rem 2rem; }
dt { color: var(--soft); font-size: .87em; } dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1rem 0 0; background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: .5rem; }
figcaption { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: .5rem; color: var(--soft); font-size: .9em; }
.key::before { content: ""; display: inline-block; width: 2rem; vertical-align: middle; margin-right: .4rem; border-top: 2px solid var(--line); }
.key.start::before { border-top-style: dotted; } .key.gone::before { display: none; }
svg { display: block; max-width: 100%; height: auto; font-family: inherit; }
svg.wide { min-width: 46rem; }
svg text { fill: var(--ink); }
.cloud rect { stroke-width: 1.5; } .cloud text { font-size: 13px; font-weight: 700; }
.cloud.aws rect { fill: var(--aws); stroke: var(--aws-edge); } .cloud.gcp rect { fill: var(--gcp); stroke: var(--gcp-edge); }
.cloud.cloudflare rect { fill: var(--cloudflare); stroke: var(--cloudflare-edge); } .cloud.other rect { fill: var(--other); stroke: var(--other-edge); }
.region rect { fill: var(--card); fill-opacity: .65; stroke: var(--line); stroke-dasharray: 5 4; } .region text { font-size: 12px; font-weight: 600; }
.region .badge { display: none; fill: var(--good); }
.region.serves .badge { display: inline; } .region.serves rect { stroke: var(--good); stroke-width: 2; stroke-dasharray: none; }
.line { fill: none; stroke: var(--line); stroke-width: 1.6; } .line.start { stroke-dasharray: 1.5 4; stroke-linecap: round; }
.serving .line.path { stroke: var(--good); stroke-width: 2; }
svg .line.line.gone { stroke: var(--bad); stroke-width: 1.2; stroke-dasharray: 6 6; opacity: .45; }
.thing rect { fill: var(--card); stroke: var(--line); stroke-width: 1.3; }
.thing .name { font-size: 12.5px; } .thing .caption { font-size: 11px; fill: var(--soft); }
.thing .caption.note { fill: var(--accent); font-weight: 600; }
.thing.door rect { stroke-width: 2.2; stroke: var(--ink); } .thing.door .name { font-weight: 600; }
.cross { display: none; stroke: var(--bad); stroke-width: 1.3; opacity: .5; }
.thing.gone .cross { display: inline; } .thing.gone rect { stroke: var(--bad); stroke-dasharray: 3 3; fill: var(--ground); }
.thing.gone .name { opacity: .75; } .thing.gone .caption.note { fill: var(--bad); }
.rows { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; margin-top: .6rem; } .rows > summary { padding: .55rem .9rem; }
.words { border: 0; margin: 0; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; color: var(--soft); padding: 0 .9rem .4rem; font-size: .9em; }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem; border-top: 1px solid var(--edge); }
thead th { font-size: .87em; color: var(--soft); white-space: nowrap; } tbody th { font-weight: 600; overflow-wrap: anywhere; min-width: 9rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } .mark { white-space: nowrap; }
.losses { table-layout: fixed; min-width: 44rem; } .losses .what { width: 26%; } .losses .mark { width: 8.5rem; } .losses .number { width: 7rem; }
.remark { padding: 0 .9rem .5rem; color: var(--soft); font-size: .9em; }
.place { display: inline-block; margin-right: .6rem; white-space: nowrap; }
tr.bad > th { box-shadow: inset 4px 0 var(--bad); } tr.open > th { box-shadow: inset 4px 0 var(--open); }
.filter { margin-bottom: .75rem; } html:not(.scripted) .filter { display: none; }
select { font: inherit; padding: .2rem .4rem; }
.finding { background: var(--card); border: 1px solid var(--edge); border-left: 5px solid var(--line); border-radius: 10px; padding: .7rem 1rem; margin-bottom: .6rem; overflow-wrap: anywhere; }
.finding.bad { border-left-color: var(--bad); } .finding.open { border-left-color: var(--open); }
.finding h3 { margin: 0; font-size: 1rem; } .finding dl { display: grid; gap: .15rem; } .finding dl div { display: grid; grid-template-columns: 4.5rem 1fr; }
.id { font-weight: 700; }
@media (max-width: 50rem) { .stage { grid-template-columns: minmax(0, 1fr); } .chooser { position: static; max-height: 20rem; } .outcome:not([hidden]) { position: static; } }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  :root { color-scheme: light; --ground: #fff; --card: #fff; --ink: #000; --soft: #444; --edge: #bbb; --line: #555; --accent: #000; --good: #13692f; --bad: #a61b1b; --open: #7a4b00;
    --good-ground: #fff; --bad-ground: #fff; --open-ground: #fff; --aws: #fff; --gcp: #fff; --cloudflare: #fff; --other: #fff; }
  body { font-size: 10pt; } main > section { margin: 1rem 0; }
  nav, .skip, #what-if-title, .chooser, .outcome, .filter, .words, .key.gone, #status, noscript { display: none !important; }
  .stage { display: block; } svg, svg.wide { min-width: 0; max-height: 23cm; } .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .finding, tr, figure { break-inside: avoid; }
}
`;
