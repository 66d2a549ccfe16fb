import type { Rule } from "../rule";
import { gov01 } from "./gov-01-waivers";
import { top01 } from "./top-01-two-clouds";

/** Every rule, by id. */
export const rules: readonly Rule[] = [gov01, top01];
