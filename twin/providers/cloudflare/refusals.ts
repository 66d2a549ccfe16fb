import { accountRefusals } from "./refusals-account";
import { balancingRefusals } from "./refusals-balancing";
import { zoneRefusals } from "./refusals-zone";
import type { Refusal } from "../model";

/** Everything that the local Cloudflare refuses. Rows are those of the vendor facts on Cloudflare. */
export const refusals: readonly Refusal[] = [...balancingRefusals, ...zoneRefusals, ...accountRefusals];
