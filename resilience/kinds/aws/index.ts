import type { Kind } from "../../model";
import { apiKinds } from "./api-gateway";
import { appRunnerKinds } from "./app-runner";
import { graphqlKinds } from "./appsync";
import { assetKinds } from "./assets";
import { balancerKinds } from "./balancers";
import { classicBalancerKinds } from "./classic-balancers";
import { dataKinds } from "./data";
import { ecsKinds } from "./ecs";
import { expressKinds } from "./ecs-express";
import { eksKinds } from "./eks";
import { functionKinds } from "./functions";
import { groupKinds } from "./groups";
import { logKinds } from "./logs";
import { machineKinds } from "./machines";

export { neutralAwsTypes } from "./neutral";

/** What the model understands of AWS. */
export const awsKinds: readonly Kind[] = [
  ...balancerKinds,
  ...classicBalancerKinds,
  ...ecsKinds,
  ...expressKinds,
  ...groupKinds,
  ...machineKinds,
  ...functionKinds,
  ...apiKinds,
  ...graphqlKinds,
  ...appRunnerKinds,
  ...eksKinds,
  ...assetKinds,
  ...dataKinds,
  ...logKinds,
];
