import type { Rule } from "../rule";
import { cap01 } from "./cap-01-zones";
import { cap04 } from "./cap-04-scaling";
import { cap05 } from "./cap-05-rollout";
import { dat01 } from "./dat-01-replica";
import { dat02 } from "./dat-02-quorum";
import { dat03 } from "./dat-03-placement";
import { dat04 } from "./dat-04-zones";
import { dat05 } from "./dat-05-point-in-time";
import { dat06 } from "./dat-06-backup-elsewhere";
import { dat07 } from "./dat-07-deletion";
import { dep01 } from "./dep-01-image";
import { dep02 } from "./dep-02-secret";
import { dep03 } from "./dep-03-key";
import { dep04 } from "./dep-04-other-region";
import { dep05 } from "./dep-05-control-plane";
import { dep06 } from "./dep-06-google-front";
import { gov01 } from "./gov-01-waivers";
import { obs01 } from "./obs-01-alerts";
import { sec01 } from "./sec-01-data";
import { top01 } from "./top-01-two-clouds";

/** Every rule, by id. */
export const rules: readonly Rule[] = [
  cap01,
  cap04,
  cap05,
  dat01,
  dat02,
  dat03,
  dat04,
  dat05,
  dat06,
  dat07,
  dep01,
  dep02,
  dep03,
  dep04,
  dep05,
  dep06,
  gov01,
  obs01,
  sec01,
  top01,
];
