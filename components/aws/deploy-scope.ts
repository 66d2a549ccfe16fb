import { partitionOf } from "./names";
import type { Statement } from "./policy";

/** What the deploy role's rights are cut to. */
export interface DeployScope {
  accountId: string;
  regions: string[];
  /** What the names of everything begin with that the program makes: `exchange`. */
  namePrefix: string;
  repositoryNames: string[];
  boundaryArn: string;
}

/** A statement that allows actions on resources. */
export function allow(Sid: string, actions: string[], resource: string | string[]): Statement {
  return { Sid, Effect: "Allow", Action: actions, Resource: resource };
}

/** Makes ARN patterns of the account, in whichever region. */
export function arnBuilder({ accountId, regions }: DeployScope): (service: string, resource: string) => string {
  const partition = partitionOf(regions[0] ?? "");
  return (service, resource) => `arn:${partition}:${service}:*:${accountId}:${resource}`;
}

/** The same statement, in the program's regions alone. */
export function inRegions(statement: Statement, { regions }: DeployScope): Statement {
  const { StringEquals, ...others } = statement.Condition ?? {};
  return { ...statement, Condition: { ...others, StringEquals: { ...StringEquals, "aws:RequestedRegion": regions } } };
}

/** The same statement, for what carries a `Name` with the prefix. */
export function named(statement: Statement, { namePrefix }: DeployScope): Statement {
  const name = { "aws:ResourceTag/Name": `${namePrefix}-*` };
  return { ...statement, Condition: { ...statement.Condition, StringLike: name } };
}
