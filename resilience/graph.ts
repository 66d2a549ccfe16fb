import type { JsonObject } from "./values";

/** Where a graph was recorded. Each knows something that another does not; `docs/decisions` tells what. */
export const GraphSource = {
  /** The offline plan of a program. */
  Plan: "plan",
  /** `pulumi preview --json`. */
  Preview: "preview",
  /** `pulumi stack export`: what stands in the clouds. */
  State: "state",
  /** What the engine tells a policy pack. */
  Policy: "policy",
} as const;
/** See the members of `GraphSource`. */
export type GraphSource = (typeof GraphSource)[keyof typeof GraphSource];

/** The one form in which a design is judged, wherever it was recorded. */
export interface Graph {
  source: GraphSource;
  /** The project's name. */
  project: string;
  /** The stack's name. */
  stack: string;
  /** Every resource, the stack's own and the providers' included, sorted by URN. */
  resources: Resource[];
  /** What the program exports. */
  outputs: JsonObject;
}

/** One resource of a design. */
export interface Resource {
  urn: string;
  /** Type token, in its name of today: `aws:ec2/vpc:Vpc`. The URN keeps the one that the program uses. */
  type: string;
  /** Logical name. */
  name: string;
  /** The parent's URN; null for the stack, and for providers that the engine makes by itself. */
  parent: string | null;
  /** The provider's URN; null for components, providers and the stack. */
  provider: string | null;
  /** The id in its cloud, where it is known. */
  id: string | null;
  /** What the program asked for, as far as it was recorded. */
  inputs: JsonObject;
  /** What the cloud answered, as far as it was recorded: all of it in a state; in a plan, what the file of answers says of a resource that is only read; a component's own outputs everywhere. */
  outputs: JsonObject;
  /** URNs of what must exist before, sorted. */
  dependencies: string[];
  /** For each input that depends on others, their URNs, sorted. */
  propertyDependencies: Record<string, string[]>;
  /** The same for parts of an input, by path (`defaultPools[0]`), where the recorder can tell them apart. */
  references: Record<string, string[]>;
  /** Whether the engine refuses to delete it. */
  isProtected: boolean;
  /** Whether it belongs to somebody else and is only read. */
  isExternal: boolean;
  /**
   * Whether it is a component whose children a plugin would make, so that they are not in this graph. Only a plan lacks them, and says so.
   */
  isRemote?: true;
  /** Where in the program it is made. */
  location: Location | null;
}

/** A line of a program. */
export interface Location {
  /** Relative to the repository's root, with `/`. */
  file: string;
  /** From 1. */
  line: number;
}

/** Resources in the order in which every graph lists them: by URN. */
export function sortedByUrn<T extends { urn: string }>(resources: readonly T[]): T[] {
  return [...resources].sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
}
