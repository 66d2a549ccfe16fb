/**
 * Records what a program registers, with no engine, plugin, credential or network. It stands in for the engine's side of
 * the SDK's protocol, so that parents, options and secrets are seen as the engine would see them.
 */
import * as pulumi from "@pulumi/pulumi";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";

/** What Pulumi sends in place of a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const PROJECT = "twodoor";
const STACK = "test";

/** A value in Pulumi's wire form. Tests read single properties of it, whose shape they know. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as untyped as JSON is
type Json = any;

/** One resource or component as the engine would see its registration. */
export interface Recorded {
  urn: string;
  type: string;
  name: string;
  /** False for components. */
  custom: boolean;
  /** URN of the parent; empty for what has none. */
  parent: string;
  /** `urn::id` of the provider; empty for a default provider. */
  provider: string;
  /** Inputs with secrets opened; what is not known is `UNKNOWN`. */
  inputs: Record<string, Json>;
  /** Inputs as sent: secrets in Pulumi's wrapper. */
  wire: Record<string, Json>;
  /** Names of the top-level inputs that are, or hold, a secret. */
  secretInputs: string[];
  /** URNs of everything that has to exist first. */
  dependencies: string[];
  protect: boolean;
  deleteBeforeReplace: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  retainOnDelete: boolean;
  customTimeouts: { create: string; update: string; delete: string };
  /** What a component registered as its outputs, in wire form; empty for resources. */
  outputs: Record<string, Json>;
}

/** How `record` answers for the clouds. */
export interface RecordOptions {
  /** Records as `pulumi preview` does: ids and computed values are unknown. Defaults to true. */
  preview?: boolean;
  /** What the cloud computes for one resource, added to its inputs. Defaults to nothing. */
  computed?: (type: string, name: string, inputs: Record<string, Json>) => Record<string, Json>;
  /** Answers of data sources by token. A call without an answer fails. Defaults to none. */
  answers?: Record<string, Record<string, unknown>>;
}

/** Everything that one run of a program registered, sorted by URN, and what the program returned. */
export interface Recording<T> {
  resources: Recorded[];
  result: T;
  /** The only resource of that type and, if given, that name. Throws when there is none or more than one. */
  one(type: string, name?: string): Recorded;
  /** All resources of that type, sorted by name. */
  all(type: string): Recorded[];
  /** How many resources there are of each type, components included. */
  counts(): Record<string, number>;
}

/**
 * Runs a program until every registration is answered.
 *
 * One at a time: the SDK keeps its connection in a global.
 */
export async function record<T>(program: () => T | Promise<T>, options: RecordOptions = {}): Promise<Recording<T>> {
  const monitor = new RecordingMonitor(options);
  const preview = options.preview ?? true;
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    PROJECT,
    STACK,
    preview,
  );
  // The SDK's own mocks are told neither parents nor options, so what they answer with is replaced.
  Object.assign(pulumi.runtime.getMonitor() ?? {}, {
    registerResource: monitor.registerResource.bind(monitor),
    registerResourceOutputs: monitor.registerResourceOutputs.bind(monitor),
    readResource: monitor.readResource.bind(monitor),
    invoke: monitor.invoke.bind(monitor),
  });
  let result: T;
  try {
    result = await program();
  } finally {
    await pulumi.runtime.disconnect();
  }
  if (monitor.errors.length > 0) throw new Error(monitor.errors.join("\n"));
  const resources = [...monitor.recorded.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return {
    resources,
    result,
    one: (type, name) => only(resources, type, name),
    all: (type) => resources.filter((r) => r.type === type).sort((a, b) => (a.name < b.name ? -1 : 1)),
    counts: () => countByType(resources),
  };
}

/** The value of an Output, with secrets opened; `UNKNOWN` where it is not known. Call it inside the recorded program. */
export async function value<T>(output: pulumi.Input<T>): Promise<T> {
  return opened(await pulumi.runtime.serializeProperty("value", output, new Set())) as T;
}

/** The recording as the contracts' checker reads it: custom resources of clouds, in wire form. */
export function graphOf(recording: Recording<unknown>): { version: 1; resources: object[] } {
  const resources = recording.resources
    .filter((resource) => resource.custom && !resource.type.startsWith("pulumi:"))
    .map(({ urn, type, name, wire }) => ({ urn, type, name, inputs: wire }));
  return { version: 1, resources };
}

function only(resources: Recorded[], type: string, name?: string): Recorded {
  const found = resources.filter((r) => r.type === type && (name === undefined || r.name === name));
  const [first] = found;
  if (first === undefined || found.length > 1) {
    const names = resources.filter((r) => r.type === type).map((r) => r.name);
    throw new Error(`${String(found.length)} of ${type} ${name ?? ""}; of that type: ${names.join(", ") || "none"}`);
  }
  return first;
}

function countByType(resources: Recorded[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of [...resources].sort((a, b) => (a.type < b.type ? -1 : 1))) {
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

/** A wire value with every secret's wrapper taken off. */
function opened(wire: unknown): unknown {
  if (Array.isArray(wire)) return wire.map(opened);
  if (!isObject(wire)) return wire;
  return isSecret(wire) ? opened(wire["value"]) : openedObject(wire);
}

function openedObject(wire: Record<string, unknown>): Record<string, Json> {
  return Object.fromEntries(Object.entries(wire).map(([key, item]) => [key, opened(item)]));
}

function holdsSecret(wire: unknown): boolean {
  if (Array.isArray(wire)) return wire.some(holdsSecret);
  return isObject(wire) && (isSecret(wire) || Object.values(wire).some(holdsSecret));
}

function isSecret(wire: Record<string, unknown>): boolean {
  return wire[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

function isObject(wire: unknown): wire is Record<string, unknown> {
  return wire !== null && typeof wire === "object";
}

type Callback<T> = (error: unknown, response: T | undefined) => void;

class RecordingMonitor {
  readonly recorded = new Map<string, Recorded>();
  readonly errors: string[] = [];
  readonly #options: RecordOptions;

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  registerResource(
    req: resourceProto.RegisterResourceRequest,
    callback: Callback<resourceProto.RegisterResourceResponse>,
  ): void {
    const urn = urnOf(req.getParent(), req.getType(), req.getName());
    if (this.recorded.has(urn)) {
      this.errors.push(`duplicate resource ${urn}`);
      callback(new Error(`duplicate resource ${urn}`), undefined);
      return;
    }
    const wire = (req.getObject() ?? new Struct()).toJavaScript();
    const entry = recordedOf(urn, req, wire);
    this.recorded.set(urn, entry);
    const computed = this.#options.computed?.(entry.type, entry.name, entry.inputs) ?? {};
    const preview = this.#options.preview ?? true;
    const { id = preview || !entry.custom ? "" : `${entry.name}-id`, ...state } = computed;
    const response = new resourceProto.RegisterResourceResponse();
    response.setUrn(urn);
    response.setId(typeof id === "string" ? id : "");
    response.setObject(Struct.fromJavaScript({ ...wire, ...state }));
    callback(null, response);
  }

  registerResourceOutputs(req: resourceProto.RegisterResourceOutputsRequest, callback: Callback<object>): void {
    const entry = this.recorded.get(req.getUrn());
    if (entry) entry.outputs = (req.getOutputs() ?? new Struct()).toJavaScript();
    callback(null, {});
  }

  readResource(req: resourceProto.ReadResourceRequest, callback: Callback<resourceProto.ReadResourceResponse>): void {
    const response = new resourceProto.ReadResourceResponse();
    response.setUrn(urnOf(req.getParent(), req.getType(), req.getName()));
    response.setProperties(req.getProperties() ?? new Struct());
    callback(null, response);
  }

  invoke(req: resourceProto.ResourceInvokeRequest, callback: Callback<providerProto.InvokeResponse>): void {
    const answer = this.#options.answers?.[req.getTok()];
    if (answer === undefined) {
      this.errors.push(`data source ${req.getTok()} was called and has no answer`);
      callback(new Error(`data source ${req.getTok()} has no answer`), undefined);
      return;
    }
    const response = new providerProto.InvokeResponse();
    response.setReturn(Struct.fromJavaScript(answer as Record<string, never>));
    callback(null, response);
  }
}

function recordedOf(urn: string, req: resourceProto.RegisterResourceRequest, wire: Record<string, Json>): Recorded {
  const timeouts = req.getCustomtimeouts();
  return {
    urn,
    type: req.getType(),
    name: req.getName(),
    custom: req.getCustom(),
    parent: req.getParent(),
    provider: req.getProvider(),
    inputs: openedObject(wire),
    wire,
    secretInputs: Object.keys(wire).filter((key) => holdsSecret(wire[key])),
    dependencies: [...req.getDependenciesList()].sort(),
    protect: req.getProtect() ?? false,
    deleteBeforeReplace: req.getDeletebeforereplace(),
    ignoreChanges: req.getIgnorechangesList(),
    replaceOnChanges: req.getReplaceonchangesList(),
    additionalSecretOutputs: req.getAdditionalsecretoutputsList(),
    retainOnDelete: req.getRetainondelete() ?? false,
    customTimeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
    outputs: {},
  };
}

/** The URN that the engine would give: the types of all parents, then the own one. */
function urnOf(parent: string, type: string, name: string): string {
  const parentType = parent.split("::")[2] ?? "";
  const chain = parentType === "" || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
  return `urn:pulumi:${STACK}::${PROJECT}::${chain}::${name}`;
}
