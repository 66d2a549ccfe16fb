import { isBlocking, type Comparison, type FlippedRow } from "../../policies/compare";
import { wrap, type Paint, type Terminal } from "../terminal";

/** What a change makes worse or better, the survival rows first. */
export function comparisonLines(comparison: Comparison, { width }: Terminal, paint: Paint): string[] {
  const { flipped, added, gone, stays, isWorse } = comparison;
  const blocking = added.filter(isBlocking).length;
  const stopping =
    blocking === 0 ? "" : blocking === 1 ? " (1 of them stops it)" : ` (${String(blocking)} of them stop it)`;
  const lines = [
    ...flipped.flatMap((row) => flippedLines(row, width, paint)),
    `  findings: ${String(added.length)} new${stopping}, ${String(gone.length)} gone, ${String(stays.length)} as before`,
  ];
  const title = isWorse
    ? paint.red(paint.bold("This change makes it worse"))
    : paint.bold("This change makes nothing worse");
  return [title, ...lines];
}

function flippedLines({ domain, before, after, isWorse, because }: FlippedRow, width: number, paint: Paint): string[] {
  const sign = isWorse ? paint.red("✗") : paint.green("✓");
  return [
    `  ${sign} when ${domain} is lost: ${before} -> ${after}`,
    ...(because === null ? [] : wrap(because, width - 6).map((text) => paint.dim(`      ${text}`))),
  ];
}
