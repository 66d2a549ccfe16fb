import type { Refusal } from "../model";
import { accountRefusals } from "./refusals-account";
import { balancingRefusals } from "./refusals-balancing";
import { computeRefusals } from "./refusals-compute";
import { networkRefusals } from "./refusals-network";

/** Everything that the local AWS refuses. The source of each row is in `sources.ts`. */
export const refusals: readonly Refusal[] = [
  ...networkRefusals,
  ...balancingRefusals,
  ...computeRefusals,
  ...accountRefusals,
];
