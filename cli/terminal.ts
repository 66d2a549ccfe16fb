import pc from "picocolors";

/** How a text view is drawn. */
export interface Terminal {
  /** Columns of a line. */
  width: number;
  /** Whether colours may be used. */
  colors: boolean;
}

/** Functions that dress a text, or leave it as it is where colours are not wanted. */
export type Paint = ReturnType<typeof pc.createColors>;

const narrowest = 72;
const widest = 110;

/** What a stream can show. Colours only on a terminal, and never with `NO_COLOR` (https://no-color.org) or `TERM=dumb`. */
export function terminalOf(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Terminal {
  const refused = (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  const columns = stream.isTTY ? stream.columns : 100;
  return { width: Math.min(widest, Math.max(narrowest, columns)), colors: stream.isTTY && !refused };
}

/** The functions of {@link Paint} for a terminal. */
export function paintFor({ colors }: Terminal): Paint {
  return pc.createColors(colors);
}

/** The columns that a text takes, without its colours. Every character that this command prints is one column wide. */
export function columnsOf(text: string): number {
  return text.replace(/\u001B\[[0-9;]*m/g, "").length;
}

/** Two texts at the ends of a line; the left one is cut where they do not fit. */
export function spread(left: string, right: string, width: number, fill = " "): string {
  const room = width - columnsOf(right) - 1;
  const cut = columnsOf(left) > room ? `${left.slice(0, Math.max(0, room - 1))}…` : left;
  return `${cut}${fill.repeat(Math.max(1, width - columnsOf(cut) - columnsOf(right)))}${right}`;
}

/** Lines in a frame, with a title and a remark in its upper edge. */
export function box(title: string, remark: string, lines: string[], width: number, paint: Paint): string[] {
  const edge = paint.dim;
  const inner = width - 4;
  const middle = "─".repeat(Math.max(1, width - 6 - columnsOf(title) - columnsOf(remark) - (remark === "" ? 0 : 2)));
  const top = `${edge("╭─")} ${paint.bold(title)} ${edge(middle)}${remark === "" ? "" : ` ${edge(remark)} `}${edge("─╮")}`;
  const body = lines.map(
    (line) => `${edge("│")} ${line}${" ".repeat(Math.max(0, inner - columnsOf(line)))} ${edge("│")}`,
  );
  return [top, ...body, edge(`╰${"─".repeat(width - 2)}╯`)];
}

/**
 * A text without colours, broken into lines at spaces.
 *
 * @param indent - columns by which every line but the first is moved to the right.
 */
export function wrap(text: string, width: number, indent = 0): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = " ".repeat(indent) + word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
