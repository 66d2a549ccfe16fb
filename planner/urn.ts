import type { Alias } from "@pulumi/pulumi/proto/alias_pb";

/** The type of the resource that stands for the whole stack. */
export const stackType = "pulumi:pulumi:Stack";

/** Which stack of which project is planned. */
export interface StackIdentity {
  /** The project's name, from Pulumi.yaml. */
  project: string;
  /** The stack's name, without organization. */
  stack: string;
}

/** Where a resource stands: enough to work out its URN. */
export interface ResourceIdentity {
  /** The type token: `aws:ec2/vpc:Vpc`. */
  type: string;
  /** The logical name. */
  name: string;
  /** The parent's URN, or an empty string. */
  parent: string;
}

/**
 * The URN that the engine gives a resource. It holds the types of all ancestors except the stack
 * (`pkg/resource/urn` of pulumi/pulumi).
 */
export function urnOf(stack: StackIdentity, { type, name, parent }: ResourceIdentity): string {
  const parentTypes = parent === "" ? "" : (parent.split("::")[2] ?? "");
  const chain = parentTypes === "" || parentTypes === stackType ? type : `${parentTypes}$${type}`;
  return `urn:pulumi:${stack.stack}::${stack.project}::${chain}::${name}`;
}

/** The package that a type or a function belongs to: `aws` for `aws:ec2/vpc:Vpc`. */
export function packageOf(token: string): string {
  return token.split(":", 1)[0] ?? token;
}

/** The URN of the provider in a reference `<URN>::<id>`. */
export function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

/** The URN that an alias stands for: what it does not say is as the resource has it today. */
export function aliasUrn(stack: StackIdentity, current: ResourceIdentity, alias: Alias): string {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || current.parent;
  return urnOf(
    { project: spec.getProject() || stack.project, stack: spec.getStack() || stack.stack },
    { type: spec.getType() || current.type, name: spec.getName() || current.name, parent },
  );
}
