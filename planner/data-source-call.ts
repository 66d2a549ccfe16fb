import type { JsonObject } from "../resilience/values";

/** A data source's call as an answer is looked up for it. */
export interface DataSourceCall {
  /** The function: `aws:ec2/getVpc:getVpc`. */
  token: string;
  /** What it is asked, without wrappers. */
  args: JsonObject;
  /** Inputs of its provider, without wrappers. */
  providerInputs: JsonObject;
}
