import type { Kind } from "../../model";
import { cloudflareKinds } from "./cloudflare";

/** What the model understands of edges and DNS. */
export const edgeKinds: readonly Kind[] = [...cloudflareKinds];

/** Types of the edge that are known and decide nothing about what survives. */
export const neutralEdgeTypes: readonly RegExp[] = [/^cloudflare:/];
