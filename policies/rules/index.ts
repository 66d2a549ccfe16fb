import type { Rule } from "../rule";
import { top01 } from "./top-01-two-clouds";

/** Every rule, by id. */
export const rules: readonly Rule[] = [top01];
