import type { Kind } from "../../model";
import { balancerKinds } from "./balancers";
import { runKinds } from "./run";

/** What the model understands of Google Cloud. */
export const gcpKinds: readonly Kind[] = [...balancerKinds, ...runKinds];

/** Google types that are known and are no part of a serving path. */
export const neutralGcpTypes: readonly RegExp[] = [
  /^gcp:(?:compute|projects|iam|serviceaccount|logging|monitoring|certificatemanager|networksecurity|artifactregistry|secretmanager)\//,
];
