/** Judges what streams showed: a sequence names one event for everybody, and rises for each client, across nodes and restarts. */
import type { Finding, History } from "./history";

/** @returns findings about feed events. */
export function feedFindings({ events }: History): Finding[] {
  const findings: Finding[] = [];
  const first = new Map<string, { what: string; node: string }>();
  const last = new Map<string, number>();
  const lastOfConnection = new Map<string, number>();
  const shown = new Set<string>();
  for (const { client, connection, node, product, sequence, what, isStale } of events) {
    const name = `${product} sequence ${String(sequence)}`;
    const known = first.get(name);
    if (known === undefined) first.set(name, { what, node });
    else if (known.what !== what) {
      findings.push({
        rule: "event-differs",
        sentence: `${name} is "${known.what}" on ${known.node} and "${what}" on ${node}`,
      });
    }
    const stream = `${client} ${product}`;
    const onConnection = `${stream} ${String(connection)}`;
    const before = last.get(stream);
    const beforeHere = lastOfConnection.get(onConnection);
    lastOfConnection.set(onConnection, sequence);
    if (before !== undefined && sequence <= before) {
      // A node that is behind shows a client that comes to it what another has shown it already: the same events, told twice.
      const isReplay =
        (beforeHere === undefined || sequence > beforeHere) && shown.has(`${stream} ${String(sequence)}`);
      // One that says so may.
      if (isReplay && isStale === true) continue;
      findings.push({
        rule: isReplay ? "event-replayed" : "sequence-back",
        sentence: `${client}, connection ${String(connection)} to ${node}: ${product} went from sequence ${String(Math.max(before, beforeHere ?? 0))} to ${String(sequence)}`,
      });
      continue;
    }
    last.set(stream, sequence);
    shown.add(`${stream} ${String(sequence)}`);
  }
  return findings;
}
