import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { CallbackPool } from "./engine/callbacks";
import type { Frame } from "./location";
import type { AskedCall } from "./answers/data-source-call";
import { Declarations } from "./answers/declarations";
import type { Answers, ResourceOptions } from "./plan-types";
import type { StackIdentity } from "./urn";
import { asSecret, type Json, type JsonObject } from "../resilience/values";
import { isHideable, secretStrings } from "./wire";

/** The configuration that the program runs with. */
export interface Configuration {
  /** Values by full key: `aws:region`. Objects and lists are JSON text. */
  values: Record<string, string>;
  /** Keys whose values are secret. */
  secretKeys: string[];
  /** Keys that are encrypted and for which `values` holds a placeholder. */
  placeholders: string[];
  /** The placeholders themselves, as they may show up in a resource. */
  madeUp: (string | number)[];
  /** Pulumi ESC environments that the stack takes values from and that nobody is asked for; `(inline)` for expressions in its own file. */
  environments: string[];
}

/** A resource as it was registered. */
export interface RecordedResource {
  /** See `PlannedResource`. */
  urn: string;
  /** See `PlannedResource`. */
  type: string;
  /** See `PlannedResource`. */
  name: string;
  /** The parent's URN, or an empty string. */
  parent: string;
  /** `<URN>::<id>`, or an empty string. */
  provider: string;
  /** With secrets in clear. */
  inputs: JsonObject;
  /** Sorted. */
  dependencies: string[];
  /** Sorted; only properties that depend on something. */
  propertyDependencies: Record<string, string[]>;
  /** See `PlannedResource`. */
  references: Record<string, string[]>;
  /** What a component registered as its own, or what the file of answers says of a resource that is only read, with secrets in clear. */
  outputs?: JsonObject;
  /** See `ResourceOptions`. */
  options: ResourceOptions;
  /** The stack at its construction, innermost call first. */
  frames: Frame[];
}

/** Which plugin a resource or a data source asks for. */
export interface PackageRequest {
  /** The package: `aws`. */
  name: string;
  /** Its version, or an empty string. */
  version: string;
  /** Where the plugin is downloaded from, or an empty string. */
  url: string;
}

/** Everything that is known about a program while it runs. One program run has one. */
export interface Deployment extends StackIdentity {
  /** Who the stack belongs to, as the program is told. */
  readonly organization: string;
  /** The configuration that the program runs with. */
  readonly configuration: Configuration;
  /** Answers of data sources that the caller gave. */
  readonly answers: Answers;
  /** The directory from which the program loads its SDKs. */
  readonly programDirectory: string;
  /** Resources by URN. */
  readonly resources: Map<string, RecordedResource>;
  /** Providers by package of each component, its own and those that it inherits. */
  readonly componentProviders: Map<string, Record<string, string>>;
  /** Transforms of each resource that has some, for its descendants. */
  readonly transforms: Map<string, Callback[]>;
  /** Transforms of the whole stack. */
  readonly stackTransforms: Callback[];
  /** Transforms of every data source's call. */
  readonly invokeTransforms: Callback[];
  /** Package references that the program registered. */
  readonly packages: Map<string, PackageRequest>;
  /** What the program's SDKs declare. */
  readonly declarations: Declarations;
  /** Calls of data sources and reads, in the order in which they were made. */
  readonly asked: AskedCall[];
  /** Strings and numbers that were invented to let the program run. Whatever contains one is unknown. */
  readonly madeUp: Set<string | number>;
  /** Strings that are secret, so that they can be taken out of what the program prints. */
  readonly secrets: Set<string>;
  /** Those of them that the caller gave, as secret settings or answers: they are hidden wherever the program writes them. */
  readonly givenSecrets: Set<string>;
  /** Calls back into the program. */
  readonly callbacks: CallbackPool;
  /** Aborted when the program has asked for what no engine would do. The SDK waits for ever then, since the engine ends it. */
  readonly refused: AbortController;
  /** What that was. */
  refusal: Refusal | undefined;
  /** The stack's outputs, once the program has come to its end. */
  outputs: JsonObject | undefined;
}

/** What the program asked for and no engine would do. */
export interface Refusal {
  /** Why, in the engine's words. */
  message: string;
  /** Where it was asked, innermost call first. */
  frames: Frame[];
}

/** A deployment before the program has started. */
export function newDeployment(
  stack: StackIdentity & { organization?: string },
  configuration: Configuration,
  answers: Answers,
  programDirectory: string,
): Deployment {
  return {
    project: stack.project,
    stack: stack.stack,
    organization: stack.organization ?? "organization",
    configuration,
    answers,
    programDirectory,
    resources: new Map(),
    componentProviders: new Map(),
    transforms: new Map(),
    stackTransforms: [],
    invokeTransforms: [],
    packages: new Map(),
    declarations: new Declarations(programDirectory),
    asked: [],
    madeUp: new Set(configuration.madeUp),
    secrets: new Set(secretSettings(configuration, () => true)),
    givenSecrets: new Set(secretSettings(configuration, (key) => !configuration.placeholders.includes(key))),
    callbacks: new CallbackPool(),
    refused: new AbortController(),
    refusal: undefined,
    outputs: undefined,
  };
}

/** Ancestors of a resource, the parent first. */
export function* ancestors(deployment: Deployment, parent: string): Generator<string> {
  for (let at = parent; at !== ""; at = deployment.resources.get(at)?.parent ?? "") yield at;
}

/** A protocol buffer's struct as JSON. A missing one is empty. */
export function structJson(struct: { toJavaScript(): Record<string, unknown> } | undefined): JsonObject {
  // google.protobuf.Struct can hold nothing but JSON; its typings say `{}`.
  return (struct?.toJavaScript() ?? {}) as Record<string, Json>;
}

/** Texts of secret settings; of a setting with parts, which is JSON text, the parts too where all of it was given in clear. */
function secretSettings(
  { values, secretKeys, placeholders }: Configuration,
  isWanted: (key: string) => boolean,
): string[] {
  return secretKeys.filter(isWanted).flatMap((key) => {
    const text = values[key] ?? "";
    const parts = placeholders.includes(key) || !/^\s*[[{]/.test(text) ? [] : secretStrings(asSecret(parsed(text)));
    return [text, ...parts].filter(isHideable);
  });
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
