import type { Refusal } from "../model";
/** Filled below. */
export const refusals: Refusal[] = [];
