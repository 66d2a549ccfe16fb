import type { Page } from "./view";

/** The last `capacity` entries of a list that only grows. Entries are numbered 1, 2, 3 … for ever; the number is the cursor for paging. Adding is O(1) and copies nothing. */
export class Ring<T> {
  private readonly items: T[] = [];
  private readonly capacity: number;
  private count = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** A ring as it was: the newest entries, oldest first, of `total` that were ever added. */
  static restored<T>(capacity: number, total: number, newest: readonly T[]): Ring<T> {
    const ring = new Ring<T>(capacity);
    const skipped = total - newest.length;
    // The slot of an entry follows from its number, so the array starts with whichever entry owns slot 0.
    const shift = skipped % capacity;
    const turn = shift === 0 ? 0 : capacity - shift;
    for (const item of slices(newest, turn)) ring.items.push(item);
    ring.count = total;
    return ring;
  }

  /** Entries ever added; also the number of the newest. */
  get total(): number {
    return this.count;
  }

  /** Entries kept. */
  get length(): number {
    return this.items.length;
  }

  /** The newest entry. */
  get last(): T | undefined {
    return this.at(this.count);
  }

  /** Adds an entry and hands back the one that it pushed out. */
  push(item: T): T | undefined {
    const slot = this.count % this.capacity;
    const dropped = this.items.length === this.capacity ? this.items[slot] : undefined;
    this.items[slot] = item;
    this.count += 1;
    return dropped;
  }

  /** The entry with a number, while it is kept. */
  at(number: number): T | undefined {
    if (number > this.count || number <= this.count - this.items.length) return undefined;
    return this.items[(number - 1) % this.capacity];
  }

  /** What is kept, oldest first. */
  toArray(): T[] {
    const start = this.items.length < this.capacity ? 0 : this.count % this.capacity;
    return slices(this.items, start);
  }

  /** A page, newest first: `before > number > after`, at most `limit` entries that `accepts` takes. */
  page(page: Page, accepts?: (item: T) => boolean): T[] {
    const found: T[] = [];
    const lowest = Math.max(page.after ?? 0, this.count - this.items.length);
    let number = Math.min(this.count, (page.before ?? Infinity) - 1);
    for (; number > lowest && found.length < page.limit; number -= 1) {
      const item = this.at(number);
      if (item !== undefined && (accepts === undefined || accepts(item))) found.push(item);
    }
    return found;
  }
}

/** The list turned so that it starts at `start`. */
function slices<T>(list: readonly T[], start: number): T[] {
  return start === 0 ? list.slice() : list.slice(start).concat(list.slice(0, start));
}
