/** What the queue needs to know of an order. */
interface Expiring {
  readonly expiresAt: number | undefined;
  /** Number of its placement. */
  readonly placed: number;
  readonly status: string;
}

/**
 * Open GTT orders by (expiry, placement): a binary heap. A cancelled order stays in it until its turn, or until such leftovers are half of it,
 * when they are swept: it never holds more than twice the open GTT orders, and 64.
 */
export class ExpiryQueue<T extends Expiring> {
  private heap: T[] = [];
  /** Due orders whose book lets nothing happen now. */
  private waiting: T[] = [];
  private live = 0;

  /** Open GTT orders. */
  get size(): number {
    return this.live;
  }

  /** Takes an open GTT order in. */
  add(order: T): void {
    this.live += 1;
    this.push(order);
  }

  /** Says that an order of the queue was closed, by whatever reason. */
  closed(): void {
    this.live -= 1;
    if (this.heap.length + this.waiting.length <= 2 * this.live + 64) return;
    const open = [...this.heap, ...this.waiting].filter((order) => order.status === "open");
    this.heap = [];
    this.waiting = [];
    for (const order of open) this.push(order);
  }

  /** The next order that is due and whose book allows it; it leaves the queue once it is closed. */
  next(now: number, allowed: (order: T) => boolean): T | undefined {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || expiryOf(first) > now) return undefined;
      this.pop();
      if (first.status !== "open") continue;
      if (allowed(first)) return first;
      this.waiting.push(first);
    }
  }

  /** Looks again at the orders that waited for their book. */
  recheck(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const order of waiting) if (order.status === "open") this.push(order);
  }

  private push(order: T): void {
    const heap = this.heap;
    let at = heap.length;
    heap.push(order);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, order)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = order;
  }

  private pop(): void {
    const heap = this.heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      let least = left;
      if (right !== undefined && isBefore(right, left)) {
        least = right;
        child += 1;
      }
      if (isBefore(last, least)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = last;
  }
}

function expiryOf(order: Expiring): number {
  return order.expiresAt ?? Infinity;
}

function isBefore(one: Expiring, other: Expiring): boolean {
  return expiryOf(one) < expiryOf(other) || (expiryOf(one) === expiryOf(other) && one.placed < other.placed);
}
