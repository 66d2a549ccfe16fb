import type { Kind } from "../../model";
import { acceleratorKinds } from "./accelerators";
import { cloudflareBalancerKinds } from "./cloudflare-balancers";
import { cloudflarePoolKinds } from "./cloudflare-pools";
import { cloudfrontKinds } from "./cloudfront";
import { nameKinds } from "./names";
import { tunnelKinds } from "./tunnels";
import { workerKinds } from "./workers";

export { neutralEdgeTypes } from "./neutral";

/** What the model understands of edges and DNS. */
export const edgeKinds: readonly Kind[] = [
  ...cloudflareBalancerKinds,
  ...cloudflarePoolKinds,
  ...nameKinds,
  ...cloudfrontKinds,
  ...acceleratorKinds,
  ...workerKinds,
  ...tunnelKinds,
];
