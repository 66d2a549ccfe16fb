import type { Rule } from "../rule";
import { cap01 } from "./cap-01-zones";
import { cap02 } from "./cap-02-one-loss";
import { cap03 } from "./cap-03-zone-loss";
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
import { edg01 } from "./edg-01-pools-in-two-clouds";
import { edg02 } from "./edg-02-fallback";
import { edg03 } from "./edg-03-monitors";
import { edg04 } from "./edg-04-detection";
import { edg05 } from "./edg-05-health-path";
import { edg06 } from "./edg-06-probe-regions";
import { edg07 } from "./edg-07-retry-and-affinity";
import { edg08 } from "./edg-08-overrides";
import { edg09 } from "./edg-09-edge-rules";
import { edg10 } from "./edg-10-minimum-origins";
import { edg11 } from "./edg-11-ttl";
import { edg12 } from "./edg-12-origins-closed";
import { edg13 } from "./edg-13-tls";
import { edg14 } from "./edg-14-way-out";
import { gov01 } from "./gov-01-waivers";
import { obs01 } from "./obs-01-alerts";
import { sec01 } from "./sec-01-data";
import { top01 } from "./top-01-two-clouds";
import { top02 } from "./top-02-two-regions";
import { top03 } from "./top-03-grounds";
import { top04 } from "./top-04-known-places";
import { top05 } from "./top-05-survival";
import { top06 } from "./top-06-cells";

/** Every rule, by id. */
export const rules: readonly Rule[] = [
  cap01,
  cap02,
  cap03,
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
  edg01,
  edg02,
  edg03,
  edg04,
  edg05,
  edg06,
  edg07,
  edg08,
  edg09,
  edg10,
  edg11,
  edg12,
  edg13,
  edg14,
  gov01,
  obs01,
  sec01,
  top01,
  top02,
  top03,
  top04,
  top05,
  top06,
];
