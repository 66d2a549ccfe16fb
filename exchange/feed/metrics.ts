/** What the feed counts, for Prometheus. No label holds an account, a key or an address. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { CutReason } from "./socket";

/** What gauges read when somebody looks. */
export interface FeedCounts {
  readonly sockets: number;
  readonly topics: number;
  readonly bufferedBytes: number;
}

/** The feed's metrics. */
export interface FeedMetrics {
  /** Counts a socket that this side closed, or whose frames broke the protocol. */
  cut(reason: CutReason | "protocol"): void;
  /** Lets the gauges read. */
  observe(read: () => FeedCounts): void;
}

/** Registers `exchange_feed_…` in a node's registry. */
export function feedMetrics(registry: Registry): FeedMetrics {
  const registers = [registry];
  const cuts = new Counter({
    name: "exchange_feed_cuts_total",
    help: "Sockets that this side closed, by reason",
    labelNames: ["reason"],
    registers,
  });
  return {
    cut: (reason) => {
      cuts.inc({ reason });
    },
    observe: (read) => {
      const gauge = (name: string, help: string, value: (counts: FeedCounts) => number): void => {
        new Gauge({
          name: `exchange_feed_${name}`,
          help,
          registers,
          collect() {
            this.set(value(read()));
          },
        });
      };
      gauge("sockets", "Open sockets of the feed", ({ sockets }) => sockets);
      gauge("topics", "Pairs of channel and product, and of account, that somebody follows", ({ topics }) => topics);
      gauge("buffered_bytes", "Bytes that wait for all clients together", ({ bufferedBytes }) => bufferedBytes);
    },
  };
}
