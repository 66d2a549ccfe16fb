import type { Location } from "../resilience/graph";
import type { JsonObject } from "../resilience/values";

/** What to plan. */
export interface PlanOptions {
  /** The directory of Pulumi.yaml, or one below it. */
  directory: string;
  /** The stack's name. Defaults to `dev` when it has a settings file, else to the only stack that has one. @default - `dev`, or the only stack */
  stack?: string;
  /** Answers of data sources by function token. A list holds `{ args, result }`, of which the first whose `args` are all in the call is taken. @default - none */
  answers?: Answers;
  /** Fail with `UnansweredError` when a data source has no answer. Defaults to false: a typed placeholder is made up. @default false */
  strict?: boolean;
  /** Seconds after which a program that has not ended is stopped. Defaults to 120. @default 120 */
  timeoutSeconds?: number;
  /** Receives what the program prints and warns, with everything that is known to be secret taken out. @default - nobody */
  onOutput?: (text: string) => void;
  /** Stops the program when aborted. @default - never */
  signal?: AbortSignal;
}

/** An answer for every call of a function, or one for each kind of call. */
export type Answer = JsonObject | { args: JsonObject; result: JsonObject }[];

/** Answers by function token: `{ "aws:ec2/getVpc:getVpc": { "id": "vpc-1" } }`. */
export type Answers = Record<string, Answer>;

/** The resources that the engine would be asked for, without an engine. The shape is that of `docs/plan.schema.json`. */
export interface Plan {
  /** Version of this shape. Fields may be added to it, never removed or renamed. */
  version: 1;
  /** The project's name. */
  project: string;
  /** The stack's name. */
  stack: string;
  /** Every resource, the stack's own and the providers' included, sorted by URN. */
  resources: PlannedResource[];
  /** What the program exports. */
  outputs: JsonObject;
  /** Calls of data sources that nobody had an answer for. What was made up for them is unknown wherever it shows. */
  unanswered: UnansweredCall[];
  /** Keys of encrypted configuration for which a placeholder was used. It is unknown wherever it shows. */
  placeholders: string[];
}

/** One resource of a plan. */
export interface PlannedResource {
  /** The name by which the engine knows it. */
  urn: string;
  /** The type token: `aws:ec2/vpc:Vpc`. */
  type: string;
  /** The logical name. */
  name: string;
  /** The parent's URN. `null` for the stack, and for providers that the engine makes by itself. */
  parent: string | null;
  /** The provider as `<URN>::<id>`. `null` for components, providers and the stack. */
  provider: string | null;
  /** What the program asked for. */
  inputs: JsonObject;
  /** URNs of the resources that must exist before, sorted. */
  dependencies: string[];
  /** For each input that depends on others, their URNs, sorted. */
  propertyDependencies: Record<string, string[]>;
  /** The same for parts of inputs, by path: `{ "defaultPools[0]": ["urn:pulumi:…"] }`, sorted. Parts for which it cannot be told are missing. */
  references: Record<string, string[]>;
  /** What a component registered as its own outputs; left out where it registered none. */
  outputs?: JsonObject;
  /** Options other than parent, provider and dependencies; only those that are set. */
  options: ResourceOptions;
  /** The innermost line of the repository in which it is made, as far as the SDK tells. */
  location: Location | null;
}

/** A resource's options, as far as they are set. */
export interface ResourceOptions {
  /** Former URNs. */
  aliases?: string[];
  /** Outputs that are to be kept secret. */
  additionalSecretOutputs?: string[];
  /** How long each operation may take: `{ create: "5m" }`. */
  customTimeouts?: Record<string, string>;
  /** Whether the old one is deleted before the new one is made. */
  deleteBeforeReplace?: boolean;
  /** URN of the resource whose deletion deletes this one. */
  deletedWith?: string;
  /** Whether it belongs to somebody else and is only read. */
  external?: boolean;
  /** Names of hooks by moment. */
  hooks?: Record<string, string[]>;
  /** Id of the resource that is read. */
  id?: string;
  /** Properties whose changes are ignored. */
  ignoreChanges?: string[];
  /** Id of the existing resource that is adopted. */
  import?: string;
  /** Whether the engine refuses to delete it. */
  protect?: boolean;
  /** Explicit providers of a component or resource by package, as `<URN>::<id>`. */
  providers?: Record<string, string>;
  /** Properties whose changes replace it. */
  replaceOnChanges?: string[];
  /** URNs of resources whose replacement replaces this one. */
  replaceWith?: string[];
  /** Whether it stays in the cloud when the stack lets it go. */
  retainOnDelete?: boolean;
  /** Version of the provider that the SDK asks for. */
  version?: string;
}

/** A data source that was called and had no answer. */
export interface UnansweredCall {
  /** The function: `aws:ec2/getVpc:getVpc`. */
  token: string;
  /** What it was asked. */
  args: JsonObject;
  /** The provider as `<URN>::<id>`. */
  provider: string | null;
}
