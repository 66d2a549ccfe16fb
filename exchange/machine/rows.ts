/** Lines of a snapshot: a JSON array each, read field by field in the order in which they were written. */

/** A snapshot that this release did not write: another version, or damaged. A node then replays the journal instead. */
export class UnknownSnapshot extends Error {
  override readonly name = "UnknownSnapshot";
}

const encoder = new TextEncoder();

/** Lines of one piece at most: writing so many takes some two milliseconds. */
const PIECE_LINES = 512;
/** A piece is full at so many characters, whatever its lines are. */
const PIECE_CHARACTERS = 65_536;
/** Texts that stand in JSON as they are: nearly all, and much faster than asking for quotes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A field of a line. */
export type Cell = string | number | bigint | boolean | undefined;

function written(cell: Cell): string {
  switch (typeof cell) {
    case "string":
      return PLAIN.test(cell) ? `"${cell}"` : JSON.stringify(cell);
    case "bigint":
      return `"${cell}"`;
    case "undefined":
      return "null";
    default:
      return String(cell);
  }
}

function lineOf(cells: readonly Cell[]): string {
  let line = "[";
  for (let index = 0; index < cells.length; index += 1)
    line += index === 0 ? written(cells[index]) : `,${written(cells[index])}`;
  return `${line}]\n`;
}

/**
 * Lines to bytes, in pieces of a few hundred lines, made as they are asked for: a bigint as its digits, `undefined` as `null`.
 *
 * @param rows - `undefined` among them stands for work of a millisecond or two that gave no line, and ends a piece, even an empty one.
 */
export function* piecesOf(rows: Iterable<readonly Cell[] | undefined>): Generator<Uint8Array, void> {
  let text = "";
  let lines = 0;
  for (const row of rows) {
    if (row !== undefined) {
      text += lineOf(row);
      lines += 1;
      if (lines < PIECE_LINES && text.length < PIECE_CHARACTERS) continue;
    }
    yield encoder.encode(text);
    text = "";
    lines = 0;
  }
  if (text !== "") yield encoder.encode(text);
}

/** One line. Every method takes the next field, and throws `UnknownSnapshot` where it is of another kind. */
export class Row {
  private readonly cells: readonly unknown[];
  private at = 0;

  constructor(cells: readonly unknown[]) {
    this.cells = cells;
  }

  /** A text. */
  text(): string {
    const cell = this.next();
    return typeof cell === "string" ? cell : this.wrong("a text");
  }

  /** A text, or none. */
  maybeText(): string | undefined {
    return this.isNone() ? undefined : this.text();
  }

  /** A whole number. */
  int(): number {
    const cell = this.next();
    return typeof cell === "number" && Number.isSafeInteger(cell) ? cell : this.wrong("a whole number");
  }

  /** A whole number, or none. */
  maybeInt(): number | undefined {
    return this.isNone() ? undefined : this.int();
  }

  /** A bigint. */
  big(): bigint {
    const text = this.text();
    return /^-?\d+$/.test(text) ? BigInt(text) : this.wrong("digits");
  }

  /** A bigint, or none. */
  maybeBig(): bigint | undefined {
    return this.isNone() ? undefined : this.big();
  }

  /** A truth value. */
  flag(): boolean {
    const cell = this.next();
    return typeof cell === "boolean" ? cell : this.wrong("true or false");
  }

  /** One of a few words. */
  word<T extends string>(words: readonly T[]): T {
    const text = this.text();
    return words.find((word) => word === text) ?? this.wrong(words.join(" or "));
  }

  /** One of a few words, or none. */
  maybeWord<T extends string>(words: readonly T[]): T | undefined {
    return this.isNone() ? undefined : this.word(words);
  }

  /** A member of a list, by its index. */
  member<T>(list: readonly T[]): T {
    return list[this.int()] ?? this.wrong("an index");
  }

  /** Every field that is left, as texts. */
  texts(): string[] {
    const found: string[] = [];
    while (this.at < this.cells.length) found.push(this.text());
    return found;
  }

  private isNone(): boolean {
    if (this.cells[this.at] !== null) return false;
    this.at += 1;
    return true;
  }

  private next(): unknown {
    const cell = this.cells[this.at];
    this.at += 1;
    return cell;
  }

  private wrong(expected: string): never {
    throw new UnknownSnapshot(`field ${this.at} of a line of the snapshot is not ${expected}`);
  }
}

/** The lines of a snapshot, one after another. */
export class RowReader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether all lines were read. */
  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** The next line. @throws UnknownSnapshot where there is none, or where it is no JSON array. */
  row(): Row {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new UnknownSnapshot("the snapshot ends early");
    const line = this.bytes.toString("utf8", this.at, end);
    this.at = end + 1;
    const cells = parse(line);
    if (!Array.isArray(cells)) throw new UnknownSnapshot("a line of the snapshot is no list");
    return new Row(cells);
  }

  /** The next `count` lines, each read by `read`. */
  rows<T>(count: number, read: (row: Row, index: number) => T): T[] {
    const found: T[] = [];
    for (let index = 0; index < count; index += 1) found.push(read(this.row(), index));
    return found;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UnknownSnapshot("a line of the snapshot is not JSON");
  }
}
