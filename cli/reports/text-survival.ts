import type { CheckResult, ResultRow } from "../../policies/result";
import { columnsOf, wrap, type Paint, type Terminal } from "../terminal";
import { capacityText, domainKind, NO_PATH, windowText } from "./words";

/** More surviving rows of one kind than this are told in one line: they all say the same. */
const ROWS_MAX = 8;

const PLURALS = {
  cloud: "clouds",
  account: "accounts",
  geography: "geographies",
  region: "regions",
  zone: "zones",
  edge: "edges",
} as const;

/** The survival table: what happens when each failure domain is lost. */
export function survivalLines({ survival }: CheckResult, terminal: Terminal, paint: Paint): string[] {
  if (survival.length === 0) return [paint.dim(NO_PATH)];
  const rows = shown(survival);
  const header = ["when this is lost", "", "still serves", "capacity", "seen after"];
  const cells = rows.map(({ cells: own }) => own);
  const widths = header.map((title, at) => Math.max(title.length, ...cells.map((row) => (row[at] ?? "").length)));
  const others = widths.reduce((sum, width, at) => (at === 2 ? sum : sum + width), 0) + 2 * header.length;
  const room = Math.max(20, terminal.width - others);
  widths[2] = Math.min(widths[2] ?? 0, room);
  return [
    paint.bold("What each loss leaves"),
    paint.dim(`  ${line(header, widths)}`.trimEnd()),
    ...rows.flatMap(({ cells: own, tone, because }) => {
      const served = wrap(own[2] ?? "", room);
      const first = line([own[0] ?? "", own[1] ?? "", served[0] ?? "", own[3] ?? "", own[4] ?? ""], widths);
      const offset = (widths[0] ?? 0) + (widths[1] ?? 0) + 6;
      return [
        paintRow(`  ${first}`.trimEnd(), tone, paint),
        ...served.slice(1).map((text) => `${" ".repeat(offset)}${text}`),
        ...(because === null ? [] : wrap(because, terminal.width - 6).map((text) => `      ${paint.dim(text)}`)),
      ];
    }),
  ];
}

interface Shown {
  cells: string[];
  tone: "good" | "bad" | "open";
  because: string | null;
}

function shown(survival: readonly ResultRow[]): Shown[] {
  const kinds = new Map<string, ResultRow[]>();
  for (const row of survival) {
    const kind = domainKind(row.domain);
    kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
  }
  return [...kinds].flatMap(([kind, rows]) => {
    const good = rows.filter(({ survives }) => survives);
    if (good.length <= ROWS_MAX) return rows.map(single);
    return [...rows.filter(({ survives }) => !survives).map(single), together(kind as keyof typeof PLURALS, good)];
  });
}

function single(row: ResultRow): Shown {
  const { domain, survives, undecided, servedBy, capacityPercent, detectionSeconds, because } = row;
  const served = survives ? servedBy.join(", ") : undecided === null ? "nobody" : "not known";
  return {
    cells: [
      domain,
      survives ? "✓" : undecided === null ? "✗" : "?",
      served,
      capacityText(capacityPercent),
      windowText(detectionSeconds),
    ],
    tone: survives ? "good" : undecided === null ? "bad" : "open",
    because: because ?? undecided,
  };
}

/** Many rows that survive, as one: the least capacity and the widest window of them. */
function together(kind: keyof typeof PLURALS, rows: readonly ResultRow[]): Shown {
  const capacities = rows.map(({ capacityPercent }) => capacityPercent);
  const least = capacities.includes(null) ? null : Math.min(...capacities.map((percent) => percent ?? 0));
  const windows = rows.flatMap(({ detectionSeconds }) => (detectionSeconds === null ? [] : [detectionSeconds]));
  const window: [number, number] | null =
    windows.length === 0
      ? null
      : [Math.min(...windows.map(([best]) => best)), Math.max(...windows.map(([, worst]) => worst))];
  return {
    cells: [
      `any of ${String(rows.length)} ${PLURALS[kind]}`,
      "✓",
      "all the others",
      least === null ? "-" : `>= ${String(least)} %`,
      windowText(window),
    ],
    tone: "good",
    because: null,
  };
}

function line(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, at) => cell + " ".repeat(Math.max(0, (widths[at] ?? 0) - columnsOf(cell)))).join("  ");
}

function paintRow(text: string, tone: Shown["tone"], paint: Paint): string {
  return tone === "bad" ? paint.red(text) : tone === "open" ? paint.yellow(text) : text;
}
