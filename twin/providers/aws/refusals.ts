import type { Refusal } from "../model";
import { accountRefusals } from "./refusals-account";
import { balancingRefusals } from "./refusals-balancing";
import { computeRefusals } from "./refusals-compute";
import { networkRefusals } from "./refusals-network";

/** Everything that the local AWS refuses. Rows are those of the vendor facts on an AWS region; `delete …` rows are EC2's `DependencyViolation`. */
export const refusals: readonly Refusal[] = [
  ...networkRefusals,
  ...balancingRefusals,
  ...computeRefusals,
  ...accountRefusals,
];
