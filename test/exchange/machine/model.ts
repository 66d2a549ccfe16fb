/**
 * A slow, obvious exchange to hold the machine against: one list of orders, everything found by looking at all of them, BigInt for every
 * number, holds summed up anew each time, lots that money pays for found by counting up. It shares no code with the machine.
 */
import type { Command, OrderPlace, ProductMode } from "../../../exchange/machine/commands";

interface ModelOrder {
  command: OrderPlace;
  size: bigint | undefined;
  funds: bigint | undefined;
  placed: number;
  status: "open" | "done" | "rejected";
  reason: "filled" | "canceled" | undefined;
  resting: boolean;
  filled: bigint;
  fills: { value: bigint; rate: bigint }[];
}

interface ModelProduct {
  base: string;
  quote: string;
  least: bigint;
  lotUnits: bigint;
  valueUnits: bigint;
  maker: bigint;
  taker: bigint;
  mode: ProductMode;
}

interface ModelSwitch {
  timeoutMs: number;
  deadline: number;
  frozen: boolean;
}

const isStill = (mode: ProductMode): boolean => mode === "read-only" || mode === "maintenance";
const many = 9007199254740991n;

export class Model {
  now = 0;
  orders: ModelOrder[] = [];
  products = new Map<string, ModelProduct>();
  scales = new Map<string, number>();
  money = new Map<string, Map<string, bigint>>();
  references = new Set<string>();
  switches = new Map<string, ModelSwitch>();
  fees = new Map<string, bigint>();
  issued = new Map<string, bigint>();

  static feesOf(order: ModelOrder): bigint {
    const exact = order.fills.reduce((sum, { value, rate }) => sum + value * rate, 0n);
    return exact / 10000n + (exact % 10000n > 0n ? 1n : 0n);
  }
  static valueOf(order: ModelOrder): bigint {
    return order.fills.reduce((sum, { value }) => sum + value, 0n);
  }
  left(order: ModelOrder): bigint {
    return (order.size ?? many) - order.filled;
  }
  product(order: ModelOrder): ModelProduct {
    return this.products.get(order.command.productId)!;
  }

  /** What one order needs: all of what it may still cost, less what it has paid. */
  need(order: ModelOrder): bigint {
    if (order.status !== "open" || order.command.orderType === "market") return 0n;
    const product = this.product(order);
    if (order.command.side === "sell") return this.left(order) * product.lotUnits;
    const value = BigInt(order.command.price!) * this.left(order) * product.valueUnits;
    const worst = product.maker > product.taker ? product.maker : product.taker;
    const asIfFilled = { ...order, fills: [...order.fills, { value, rate: worst }] };
    return value + Model.feesOf(asIfFilled) - Model.feesOf(order);
  }
  hold(account: string, currency: string): bigint {
    let sum = 0n;
    for (const order of this.orders) {
      if (order.command.accountId !== account) continue;
      const product = this.product(order);
      const paid = order.command.side === "buy" ? product.quote : product.base;
      if (paid === currency) sum += this.need(order);
    }
    return sum;
  }
  balance(account: string, currency: string): bigint {
    return this.money.get(account)?.get(currency) ?? 0n;
  }
  free(account: string, currency: string): bigint {
    return this.balance(account, currency) - this.hold(account, currency);
  }
  add(account: string, currency: string, amount: bigint): void {
    this.money.get(account)!.set(currency, this.balance(account, currency) + amount);
  }
  open(account?: string, productId?: string): ModelOrder[] {
    return this.orders.filter(
      ({ command, status }) =>
        status === "open" &&
        (account === undefined || command.accountId === account) &&
        (productId === undefined || command.productId === productId),
    );
  }
  /** Resting orders of one side in the order in which they trade. */
  book(productId: string, side: "buy" | "sell"): ModelOrder[] {
    const sign = side === "buy" ? -1 : 1;
    return this.open(undefined, productId)
      .filter(({ command, resting }) => resting && command.side === side)
      .sort((one, other) => sign * (one.command.price! - other.command.price!) || one.placed - other.placed);
  }

  close(order: ModelOrder, reason: "filled" | "canceled"): void {
    order.status = "done";
    order.reason = reason;
    this.review(order.command.accountId);
  }
  heldUp(account: string): boolean {
    return this.open(account).some((order) => this.product(order).mode !== "full");
  }
  review(account: string): void {
    const armed = this.switches.get(account);
    if (armed === undefined || armed.frozen === this.heldUp(account)) return;
    armed.frozen = !armed.frozen;
    armed.deadline = this.now + armed.timeoutMs;
  }

  pass(at: number): void {
    if (at <= this.now) return;
    const gap = at - this.now;
    if (gap > 5000) for (const armed of this.switches.values()) armed.deadline += gap;
    this.now = at;
    this.open()
      .filter((order) => order.command.expiresAt !== undefined && order.command.expiresAt <= at)
      .filter((order) => !isStill(this.product(order).mode))
      .sort((one, other) => one.command.expiresAt! - other.command.expiresAt! || one.placed - other.placed)
      .forEach((order) => {
        this.close(order, "canceled");
      });
    const due = [...this.switches].filter(([, armed]) => !armed.frozen && armed.deadline <= at).map(([id]) => id);
    for (const id of due) {
      this.switches.delete(id);
      for (const order of this.open(id)) this.close(order, "canceled");
    }
  }

  /** The outcome in a few words. */
  apply(command: Command): string {
    switch (command.type) {
      case "order-place":
        return this.place(command);
      case "order-cancel":
        return this.cancel(command);
      case "orders-cancel-all": {
        const asked = this.open(command.accountId, command.productId);
        const free = asked.filter((order) => !isStill(this.product(order).mode));
        if (asked.length > 0 && free.length === 0) return "mode";
        for (const order of free) this.close(order, "canceled");
        return `cancelled ${free.map((order) => order.command.orderId).join(" ")}`;
      }
      case "cancel-after": {
        if (command.timeoutMs > 86_400_000) return "invalid";
        this.switches.delete(command.accountId);
        if (command.timeoutMs > 0) {
          const deadline = this.now + command.timeoutMs;
          this.switches.set(command.accountId, { ...command, deadline, frozen: this.heldUp(command.accountId) });
        }
        return "done";
      }
      case "mode-set":
        this.products.get(command.productId)!.mode = command.mode;
        for (const account of this.money.keys()) this.review(account);
        return "done";
      case "credit":
      case "debit": {
        const { accountId, currency, amount, reference } = command;
        if (this.references.has(`${accountId} ${reference}`)) return "done again";
        const change = command.type === "credit" ? BigInt(amount) : -BigInt(amount);
        if (this.free(accountId, currency) + change < 0n) return "insufficient-funds";
        this.references.add(`${accountId} ${reference}`);
        this.add(accountId, currency, change);
        this.issued.set(currency, (this.issued.get(currency) ?? 0n) + change);
        return "done";
      }
      case "currency-create":
        this.scales.set(command.id, command.scale);
        return "done";
      case "account-create":
        this.money.set(command.accountId, new Map());
        return "done";
      case "product-create":
        this.products.set(command.id, {
          base: command.baseCurrency,
          quote: command.quoteCurrency,
          least: BigInt(command.minMarketFunds),
          lotUnits: 10n ** BigInt(this.scales.get(command.baseCurrency)! - command.sizeScale),
          valueUnits: 10n ** BigInt(this.scales.get(command.quoteCurrency)! - command.priceScale - command.sizeScale),
          maker: BigInt(command.makerFeeBasisPoints),
          taker: BigInt(command.takerFeeBasisPoints),
          mode: "full",
        });
        return "done";
      default:
        return "done";
    }
  }

  cancel(command: Extract<Command, { type: "order-cancel" }>): string {
    const order = this.orders.find(
      ({ command: placed }) =>
        placed.accountId === command.accountId &&
        (command.orderId === undefined
          ? placed.clientOrderId === command.clientOrderId
          : placed.orderId === command.orderId),
    );
    if (order === undefined) return "not-found";
    if (command.productId !== undefined && command.productId !== order.command.productId) return "not-found";
    if (order.status !== "open") return "already-done";
    if (isStill(this.product(order).mode)) return "mode";
    this.close(order, "canceled");
    return `cancelled ${order.command.orderId}`;
  }

  place(command: OrderPlace): string {
    const { accountId, clientOrderId, price, size, funds, side } = command;
    const mine = this.orders.find(
      (order) => order.command.accountId === accountId && order.command.clientOrderId === clientOrderId,
    );
    if (clientOrderId !== undefined && mine !== undefined) return `again ${mine.command.orderId}`;
    const product = this.products.get(command.productId)!;
    if (command.expiresAt !== undefined && command.expiresAt <= this.now) return "invalid";
    if (product.mode === "limit-only" && command.orderType === "market") return "mode";
    if (product.mode === "post-only" && !command.postOnly) return "mode";
    if (!["full", "limit-only", "post-only"].includes(product.mode)) return "mode";
    const order: ModelOrder = {
      command,
      size: size === undefined ? undefined : BigInt(size),
      funds: funds === undefined ? undefined : BigInt(funds),
      placed: this.orders.length,
      status: "open",
      reason: undefined,
      resting: false,
      filled: 0n,
      fills: [],
    };
    const value = price === undefined ? order.funds : BigInt(price) * order.size! * product.valueUnits;
    if (value !== undefined && (value < product.least || value === 0n)) return "invalid";
    const paying = side === "buy" ? product.quote : product.base;
    const free = this.free(accountId, paying);
    let wanted = this.need(order);
    if (command.orderType === "market") {
      if (side === "sell") wanted = order.size === undefined ? 1n : order.size * product.lotUnits;
      else wanted = order.funds ?? 1n;
    }
    if (free < wanted) return "insufficient-funds";
    const other = this.book(command.productId, side === "buy" ? "sell" : "buy")[0];
    this.orders.push(order);
    if (command.postOnly && other !== undefined && this.crosses(order, other)) {
      order.status = "rejected";
      return "rejected";
    }
    this.review(accountId);
    if (command.timeInForce === "FOK") {
      const trial = structuredClone(this);
      Object.setPrototypeOf(trial, Model.prototype);
      const copy = trial.orders[order.placed]!;
      trial.match(copy);
      if (copy.filled !== order.size) {
        this.close(order, "canceled");
        return order.status;
      }
    }
    this.match(order);
    return order.status;
  }

  crosses(order: ModelOrder, maker: ModelOrder): boolean {
    if (order.command.price === undefined) return true;
    const difference = order.command.price - maker.command.price!;
    return order.command.side === "buy" ? difference >= 0 : difference <= 0;
  }

  /** Whether the market order's money reaches for so many lots. */
  reaches(order: ModelOrder, price: number, lots: bigint): boolean {
    const product = this.product(order);
    const { accountId, side } = order.command;
    const value = BigInt(price) * lots * product.valueUnits;
    if (side === "sell") {
      if (lots * product.lotUnits > this.free(accountId, product.base)) return false;
      return order.funds === undefined || Model.valueOf(order) + value <= order.funds;
    }
    const after = { ...order, fills: [...order.fills, { value, rate: product.taker }] };
    const cost = value + Model.feesOf(after) - Model.feesOf(order);
    if (cost > this.free(accountId, product.quote)) return false;
    return order.funds === undefined || Model.valueOf(after) + Model.feesOf(after) <= order.funds;
  }

  match(order: ModelOrder): void {
    const { side, productId, accountId, orderType, timeInForce } = order.command;
    let broke = false;
    while (order.status === "open" && this.left(order) > 0n) {
      const maker = this.book(productId, side === "buy" ? "sell" : "buy")[0];
      if (maker === undefined || !this.crosses(order, maker)) break;
      const price = maker.command.price!;
      let lots = 0n;
      const most = this.left(order) < this.left(maker) ? this.left(order) : this.left(maker);
      while (lots < most && (orderType === "limit" || this.reaches(order, price, lots + 1n))) lots += 1n;
      if (lots === 0n) {
        broke = true;
        break;
      }
      if (maker.command.accountId === accountId) this.prevent(order, maker, lots);
      else this.trade(order, maker, price, lots);
    }
    if (order.status !== "open") return;
    if (order.size !== undefined && this.left(order) === 0n) this.close(order, "filled");
    else if (orderType === "market") {
      this.close(order, broke && order.funds !== undefined && order.filled > 0n ? "filled" : "canceled");
    } else if (timeInForce === "IOC" || timeInForce === "FOK") this.close(order, "canceled");
    else order.resting = true;
  }

  trade(taker: ModelOrder, maker: ModelOrder, price: number, lots: bigint): void {
    const product = this.product(taker);
    const value = BigInt(price) * lots * product.valueUnits;
    for (const [order, rate] of [
      [maker, product.maker],
      [taker, product.taker],
    ] as const) {
      const { accountId, side } = order.command;
      const before = Model.feesOf(order);
      order.fills.push({ value, rate });
      order.filled += lots;
      const fee = Model.feesOf(order) - before;
      const sign = side === "buy" ? 1n : -1n;
      this.add(accountId, product.base, sign * lots * product.lotUnits);
      this.add(accountId, product.quote, -sign * value - fee);
      this.fees.set(product.quote, (this.fees.get(product.quote) ?? 0n) + fee);
    }
    if (this.left(maker) === 0n) this.close(maker, "filled");
  }

  prevent(order: ModelOrder, maker: ModelOrder, lots: bigint): void {
    const how = order.command.selfTradePrevention;
    if (how === "co" || how === "cb") this.close(maker, "canceled");
    if (how === "cn" || how === "cb") this.close(order, "canceled");
    if (how !== "dc") return;
    const [mine, theirs] = [order.size === undefined ? lots : this.left(order), this.left(maker)];
    if (mine < theirs) {
      maker.size! -= mine;
      this.close(order, "canceled");
      return;
    }
    this.close(maker, "canceled");
    if (order.size === undefined) {
      const product = this.product(order);
      const value = BigInt(maker.command.price!) * theirs * product.valueUnits;
      const exact = value * product.taker;
      const fee = exact / 10000n + (exact % 10000n > 0n ? 1n : 0n);
      const spent = Model.valueOf(order) + (order.command.side === "buy" ? Model.feesOf(order) : 0n);
      const cost = order.command.side === "buy" ? value + fee : value;
      order.funds = order.funds! - cost > spent ? order.funds! - cost : spent;
    } else if (mine === theirs) this.close(order, "canceled");
    else order.size -= theirs;
  }
}
