import type { Frame } from "../location";
import type { AnsweredBy } from "../plan-types";
import type { JsonObject } from "../../resilience/values";

/** The type under which another stack's outputs are read. */
export const stackReferenceType = "pulumi:pulumi:StackReference";

/** A data source's call as an answer is looked up for it. */
export interface DataSourceCall {
  /** The function: `aws:ec2/getVpc:getVpc`. For a read, the resource's type. */
  token: string;
  /** What it is asked, without wrappers. */
  args: JsonObject;
  /** Inputs of its provider, without wrappers. */
  providerInputs: JsonObject;
}

/** A call as it was made and answered. */
export interface AskedCall {
  /** See `DataSourceCall`. */
  token: string;
  /** What it was asked, with secrets in clear inside their wrappers. */
  args: JsonObject;
  /** `<URN>::<id>`, or an empty string. */
  provider: string;
  /** Who answered it. */
  answeredBy: AnsweredBy;
  /** What a built-in answer knows or makes up, whether it was used or not; without what is filled in from declarations. */
  builtIn: JsonObject;
  /** Fields of the result that follow from the call and its provider's settings by their names. */
  settled: JsonObject;
  /** What was invented for it. */
  invented: ReadonlySet<string | number>;
  /** Where it was made, innermost call first; empty where the SDK does not tell. */
  frames: Frame[];
}
