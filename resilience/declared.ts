import { isObject, own, type Json, type JsonObject } from "./values";
import type { Graph } from "./graph";

/** What nobody can read off resources, and somebody declared: in `ExchangeApi`'s manifest or in the judge's settings. */
export interface Declared {
  /** Load that the whole design must carry. */
  capacity: DeclaredCapacity | undefined;
  /** Voters of each quorum that no resource stands for, by group. */
  quorums: Record<string, { provider: string; region: string }[]>;
  /** Seconds from a health decision to every data centre of the edge, as assumed. */
  propagationSeconds: number;
  /** Places of addresses outside the design: `{ "api-1.example.net": "aws:us-east-2" }`. */
  origins: Record<string, string>;
  /** Names of pools in failover order, where the recorder cannot tell; by hostname. */
  poolOrder: Record<string, string[]>;
}

/** The load that was promised, and what one unit of compute carries. */
export interface DeclaredCapacity {
  peakRequestsPerSecond: number;
  /** What one task or instance answers in a second, unless `perUnit` says otherwise. */
  requestsPerSecondPerUnit: number;
  /** The same for computes whose logical name or URN it is. */
  perUnit: Record<string, number>;
  /** Largest share of the peak that one pool can get under steering by clients' place, 1 to 100. */
  worstSharePercent: number | undefined;
}

/** The manifests of all `ExchangeApi`s of a design: from the components' own outputs, otherwise from the stack's. */
export function manifestsOf(graph: Graph): JsonObject[] {
  const own_ = graph.resources
    .filter(({ type }) => type === "twodoor:index:ExchangeApi")
    .flatMap(({ outputs }) => manifest(own(outputs, "manifest")));
  return own_.length > 0 ? own_ : manifest(own(graph.outputs, "manifest"));
}

function manifest(value: Json | undefined): JsonObject[] {
  return isObject(value) && value["version"] === 1 && Array.isArray(value["regions"]) ? [value] : [];
}
