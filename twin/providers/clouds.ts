import { aws } from "./aws";
import { cloudflare } from "./cloudflare";
import { gcp } from "./gcp";
import type { CloudModel } from "./model";
import { tls } from "./tls";

/** Every cloud that has a local provider. */
export const cloudModels: readonly CloudModel[] = [aws, gcp, cloudflare, tls];
