import { known } from "../fact";
import type { Door, Rollout } from "../model";

/** The rollout of a compute about which neither the design nor its vendor's defaults say anything. */
export const untoldRollout: Rollout = { minimumHealthyPercent: known(undefined), stopsByItself: known(undefined) };

/** What a door has that ties no client to an origin: every one but Cloudflare's load balancer. */
export const withoutAffinity: Pick<Door, "sessionAffinity" | "zeroDowntimeFailover"> = {
  sessionAffinity: known("none"),
  zeroDowntimeFailover: known("none"),
};

/** What a door has that leads to entries by itself, without pools. */
export const withoutPools: Pick<Door, "pools" | "fallback" | "weights" | "overrides" | "triesOtherPools"> &
  typeof withoutAffinity = {
  pools: known([]),
  fallback: known(undefined),
  weights: known({}),
  overrides: [],
  triesOtherPools: known(false),
  ...withoutAffinity,
};
