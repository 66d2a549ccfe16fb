/** What the tests of AWS stores share. */
import { awsKinds } from "../../../../resilience/kinds/aws";
import type { Data } from "../../../../resilience/model";
import { resource, urnOf, type DraftGraph, type Literal } from "../../../support/designs";
import { partsOf } from "../../../support/kinds";

export const region = "us-east-2";
export const known = <T>(value: T) => ({ known: true, value });
export const partsOfRole = (graph: DraftGraph, name: string): Data[] =>
  partsOf(awsKinds, graph, name).filter((part): part is Data => part.role === "data");
export const dataOf = (graph: DraftGraph, name: string): Data => {
  const [first] = partsOfRole(graph, name);
  if (first === undefined) throw new Error(`${name} is no data`);
  return first;
};
export const later_ = (graph: DraftGraph, name: string, property: string, why = "is known only after an update") => ({
  known: false,
  urn: urnOf(graph, name),
  property,
  why,
});
export const one = (type: string, inputs: Literal["inputs"] = {}, options: Partial<Literal> = {}): Literal =>
  resource(type, "store", { region, ...inputs }, options);
export const RDS = "aws:rds/instance:Instance";
export const CLUSTER = "aws:rds/cluster:Cluster";
export const TABLE = "aws:dynamodb/table:Table";
export const BUCKET = "aws:s3/bucket:Bucket";
export const subnet = (zone: string): Literal =>
  resource("aws:ec2/subnet:Subnet", zone, { region: zone.slice(0, -1), availabilityZone: zone });
