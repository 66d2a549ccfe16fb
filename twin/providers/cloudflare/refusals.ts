import { accountRefusals } from "./refusals-account";
import { balancingRefusals } from "./refusals-balancing";
import { zoneRefusals } from "./refusals-zone";
import type { Refusal } from "../model";

/** Everything that the local Cloudflare refuses. The source of each row is in `sources.ts`. */
export const refusals: readonly Refusal[] = [...balancingRefusals, ...zoneRefusals, ...accountRefusals];
