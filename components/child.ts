import type { Resource } from "@pulumi/pulumi";

/** Where a child of a component belongs. */
export interface Child {
  /** The component. */
  parent: Resource;
}

/** `protect: true`, or nothing: an explicit false would undo a `protect` that is inherited from the parent. */
export function protectedIf(deletionProtected: boolean): { protect?: true } {
  return deletionProtected ? { protect: true } : {};
}
