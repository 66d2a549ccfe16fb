import type { Declared } from "../resilience/declared";
import { ASSUMED_PROPAGATION_SECONDS } from "../resilience/detection";
import type { Graph } from "../resilience/graph";
import type { DeclaredSettings } from "./settings-form";

/** What the settings declare. Goes when `resilience/declared.ts` reads manifests too. */
export function declaredOf(_graph: Graph, settings: DeclaredSettings): Declared {
  const { capacity } = settings;
  return {
    capacity:
      capacity === undefined
        ? undefined
        : {
            ...capacity,
            perUnit: capacity.perUnit ?? {},
            worstSharePercent: capacity.worstSharePercent,
          },
    quorums: settings.quorums ?? {},
    propagationSeconds: settings.propagationSeconds ?? ASSUMED_PROPAGATION_SECONDS,
    origins: settings.origins ?? {},
    poolOrder: settings.poolOrder ?? {},
  };
}
