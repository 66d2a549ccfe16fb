import type { Location } from "../resilience/graph";
import type { Json, JsonObject } from "../resilience/values";

/** What to plan. */
export interface PlanOptions {
  /** The directory of Pulumi.yaml, or one below it. */
  directory: string;
  /** The stack's name, also as `ORGANIZATION/STACK` or `ORGANIZATION/PROJECT/STACK`. Defaults to `dev` when it has a settings file, else to the only stack that has one. @default - `dev`, or the only stack */
  stack?: string;
  /** Settings by key, over those of the stack's file: `{ "shop:size": "3" }`. A key without `:` is the project's own. @default - none */
  config?: Record<string, string>;
  /** Environment variables for a program that reads some itself. It gets no other of the caller's, so that its plan is the same everywhere. @default - none */
  environmentVariables?: Record<string, string>;
  /** Answers of data sources by function token. A list holds `{ args, result }`, of which the first whose `args` are all in the call is taken. @default - none */
  answers?: Answers;
  /** Fail with `UnansweredError` when a data source has no answer. Defaults to false: a typed placeholder is made up. @default false */
  strict?: boolean;
  /** Seconds after which a program that has not ended is stopped. Defaults to 120. @default 120 */
  timeoutSeconds?: number;
  /**
   * Receives one sentence for each answer that looks like a mistake: one that nobody asked for, or one of another type than the SDK
   * declares. Sorted; not called when the program fails, which may have been about to ask. @default - nobody
   */
  onWarning?: (text: string) => void;
  /** Receives what was asked of data sources, also when the program or a strict plan fails; see `saveQuestions`. @default - nobody */
  onQuestions?: (questions: Question[]) => void;
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
  /**
   * Every call of a data source, every read of another stack and every read of a resource that belongs to somebody else, each once,
   * sorted by function, arguments, provider and answer.
   */
  invokes: Invoke[];
  /** The calls of `invokes` that nobody had an answer for. What was made up for them is unknown wherever it shows. */
  unanswered: UnansweredCall[];
  /** Keys of configuration, encrypted or kept in Pulumi ESC, for which a placeholder was used. It is unknown wherever it shows. */
  placeholders: string[];
  /**
   * Pulumi ESC environments that the stack takes settings from. Nobody is asked for them, so that their values are not here; `(inline)`
   * stands for expressions in the stack's own file.
   */
  environments: string[];
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
  /** What a component registered as its own outputs, and what the file of answers says of a resource that is only read; left out where there is none. */
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
  /** A provider's environment variables by the names under which its plugin is to find them. */
  envVarMappings?: Record<string, string>;
  /** Whether it belongs to somebody else and is only read. */
  external?: boolean;
  /** Properties whose differences are not shown. */
  hideDiffs?: string[];
  /** Names of hooks by moment. */
  hooks?: Record<string, string[]>;
  /** Id of the resource that is read. */
  id?: string;
  /** Properties whose changes are ignored. */
  ignoreChanges?: string[];
  /** Id of the existing resource that is adopted. */
  import?: string;
  /** Where its provider's plugin is downloaded from. */
  pluginDownloadURL?: string;
  /** Whether the engine refuses to delete it. */
  protect?: boolean;
  /** Explicit providers of a component or resource by package, as `<URN>::<id>`. */
  providers?: Record<string, string>;
  /** Whether it is a packaged component. A plugin would make its children, which is not there: nobody can know them here. */
  remote?: true;
  /** A value whose change replaces it. */
  replacementTrigger?: Json;
  /** Properties whose changes replace it. */
  replaceOnChanges?: string[];
  /** URNs of resources whose replacement replaces this one. */
  replaceWith?: string[];
  /** Whether it stays in the cloud when the stack lets it go. */
  retainOnDelete?: boolean;
  /** Version of the provider that the SDK asks for. */
  version?: string;
}

/**
 * Who answered a data source: the caller's `file`, `twodoor` (from what follows from the call and its provider's settings; what had to be
 * invented is unknown in the plan), `nobody` (a typed placeholder stands for the answer), or `unknown`: an argument is not known while
 * previewing, so that no engine would ask.
 */
export type AnsweredBy = "file" | "twodoor" | "nobody" | "unknown";

/** A data source's call. */
export interface Invoke {
  /** The function: `aws:ec2/getVpc:getVpc`. For a read, the resource's type: `aws:ec2/vpc:Vpc`, `pulumi:pulumi:StackReference`. */
  token: string;
  /** What it was asked. For a read, `id` and the properties that the program gave. */
  args: JsonObject;
  /** The provider as `<URN>::<id>`; `null` for what Pulumi itself answers. */
  provider: string | null;
  /** Who answered. */
  answeredBy: AnsweredBy;
  /** The innermost line of the repository that asks. `null` where the SDK does not tell: for functions, none does so far. */
  location: Location | null;
}

/** A call whose answer somebody can give, as the file of answers asks for it. */
export interface Question {
  /** The function, or the type of what is read. */
  token: string;
  /** What is asked, without secrets. An answer with these args is for this call. */
  args: JsonObject;
  /** Names of arguments that are left out since a secret is in them, sorted. */
  secretArgs: string[];
  /** For each field of the result a text that begins with `?`: its type as the SDK declares it, or what Twodoor made up for it. */
  fields: JsonObject;
  /** Whether Twodoor has an answer, some of which it made up. */
  isMadeUp: boolean;
  /** Whether its args come from made-up answers: it is asked again, with real ones, once these are given. */
  isDerived: boolean;
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
