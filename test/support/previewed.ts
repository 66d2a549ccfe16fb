/**
 * What a preview of the real engine comes to, in the shape of a plan: the states that `pulumi preview --json` shows (after transforms and
 * inheritance), and from the engine's log of calls (`PULUMI_DEBUG_GRPC`) what these do not hold: default providers, aliases, outputs, data
 * sources. Shares no code with the planner but the names of its wire's markers.
 */
import type { TransformResourceOptions } from "@pulumi/pulumi/proto/resource_pb";
import type { EchoedCall } from "./echo-providers";
import { askedLocation } from "./registrations";
import { answeredOptions, isTransform, keyOf, transformedOptions, type Entry } from "./transform-log";
import {
  hidden,
  isObject,
  isSecret,
  unknownValue,
  type Json,
  type JsonObject,
  type Plan,
  type PlannedResource,
} from "../../planner";
import { list, object, text, texts } from "./json";

/** A resource that both sides can be brought to. */
export interface Seen {
  urn: string;
  type: string;
  parent: string | null;
  provider: string | null;
  inputs: Json;
  outputs: Json;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  options: JsonObject;
  /** `undefined` where the SDK does not tell it for certain. */
  location: JsonObject | null | undefined;
}

/** A call of a data source. */
export interface SeenCall {
  token: string;
  args: Json;
  /** URN of the provider. */
  provider: string;
}

/** Everything that is compared. */
export interface Preview {
  resources: Seen[];
  outputs: Json;
  /** Sorted, each once. */
  calls: SeenCall[];
  /** Kinds of calls that the program made, sorted. */
  methods: string[];
  /** Inputs exactly as they were asked for, by URN, of resources that no transform has changed. Secrets without their values. */
  asked: Record<string, Json>;
}

/**
 * @param calls - what the providers were asked.
 * @param root - the repository's directory: locations are relative to it.
 */
export function readPreview(json: string, log: string, calls: readonly EchoedCall[], root: string): Preview {
  const states = list(object(JSON.parse(json) as Json)["steps"]).map((step) => object(object(step)["newState"]));
  const all = log
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Entry => {
      const { method, progress, request, response } = JSON.parse(line) as JsonObject;
      return { method: text(method), progress: text(progress), request: object(request), response: object(response) };
    });
  const entries = all.filter(({ progress }) => progress === "response_completed");
  const of = (kind: string): Entry[] => entries.filter(({ method }) => method.endsWith(`/${kind}`));
  const monitored = entries.filter(({ method }) => method.startsWith("/pulumirpc.ResourceMonitor/"));
  const registered = of("RegisterResource");
  // A packaged component is asked for twice: by the program, and by the plugin that makes it.
  const remote = registered.filter(({ request }) => request["remote"] === true);
  const asked = new Map(
    [...registered, ...of("ReadResource"), ...remote].map(({ request, response }) => [text(response["urn"]), request]),
  );
  const outputs = new Map<string, JsonObject>();
  for (const { request } of of("RegisterResourceOutputs"))
    outputs.set(text(request["urn"]), object(request["outputs"]));
  for (const { request, response } of of("ReadResource"))
    outputs.set(text(response["urn"]), answered(request, response));
  const others = new Set(
    [...of("RegisterStackInvokeTransform"), ...of("RegisterResourceHook"), ...of("RegisterErrorHook")].map(
      ({ request }) => text(request["token"]) || text(object(request["callback"])["token"]),
    ),
  );
  const changed = transformedOptions(
    all.filter(
      ({ method, request }) =>
        method.endsWith("/Construct") || (isTransform(method) && !others.has(text(request["token"]))),
    ),
  );
  const constructed = new Map(of("Construct").map(({ request }) => [keyOf(request), request]));
  const packages = new Map(
    of("RegisterPackage").map(({ request, response }) => [
      text(response["ref"]),
      text(object(request["parameterization"])["version"] ?? request["version"]),
    ]),
  );
  const stack = text(states.find(({ type }) => type === "pulumi:pulumi:Stack")?.["urn"]);
  const made = states.map((state) => {
    const request: JsonObject = { ...asked.get(text(state["urn"])), stackUrn: stack };
    const version = packages.get(text(request["packageRef"]));
    if (version !== undefined) request["version"] = version;
    const key = keyOf({ ...state, name: nameOf(text(state["urn"])) });
    if (request["remote"] === true) return seenRemote(state, request, changed.get(key), constructed.get(key), root);
    return seen(state, request, changed.get(key), outputs.get(text(state["urn"])) ?? {}, root);
  });
  const known = new Set(made.map(({ urn }) => urn));
  const defaults = of("CheckConfig")
    .filter(({ request }) => !known.has(text(request["urn"])))
    .map(({ request }) => defaultProvider(text(request["urn"]), text(request["type"]), object(request["news"])));
  // Pulumi's own provider is part of the engine, which logs no call of it and shows no state: it is there once it was needed.
  const isUsed =
    made.some(({ provider }) => provider?.includes("::pulumi:providers:pulumi::") === true) ||
    of("Invoke").some(({ request }) => text(request["tok"]).startsWith("pulumi:pulumi:"));
  const builtInType = "pulumi:providers:pulumi";
  const builtInUrn = stack.replace(/::pulumi:pulumi:Stack::.*/, `::${builtInType}::default`);
  const builtIn = isUsed ? [defaultProvider(builtInUrn, builtInType, {})] : [];
  const untouched = made.filter(({ urn, type, parent }) => {
    // A packaged component's arguments are outputs; the version among a provider's is the engine's.
    const isAsked = asked.has(urn) && asked.get(urn)?.["remote"] !== true && !type.startsWith("pulumi:providers:");
    return isAsked && !changed.has(keyOf({ type, name: nameOf(urn), parent }));
  });
  return {
    asked: Object.fromEntries(
      untouched.map(({ urn }) => {
        const request = asked.get(urn) ?? {};
        return [urn, withoutSecrets(object(request["object"] ?? request["properties"]))];
      }),
    ),
    resources: [...made, ...defaults, ...builtIn].sort(byUrn),
    outputs: shown(outputs.get(stack) ?? {}),
    calls: sortedCalls(calls.map((call) => ({ ...call, args: shown(call.args) }))),
    methods: [...new Set(monitored.map(({ method }) => method.slice(method.lastIndexOf("/") + 1)))].sort(),
  };
}

/** A plan in the same shape. */
export function ofPlan(plan: Plan): Preview {
  // What is read is compared as a resource.
  const reads = new Set(plan.resources.flatMap(({ type, options }) => (options.external === true ? [type] : [])));
  return {
    asked: Object.fromEntries(plan.resources.map(({ urn, inputs }) => [urn, inputs])),
    resources: plan.resources.map(ofPlanned).sort(byUrn),
    outputs: shown(plan.outputs),
    calls: sortedCalls(
      plan.invokes
        .filter(({ token, answeredBy }) => answeredBy !== "unknown" && !reads.has(token))
        .map(({ token, args, provider }) => ({
          token,
          args: shown(args),
          provider: (provider ?? "").replace(/::[^:]*$/, ""),
        })),
    ),
    methods: [],
  };
}

function ofPlanned(resource: PlannedResource): Seen {
  const { urn, type, parent, provider, inputs, outputs = {}, dependencies, propertyDependencies, location } = resource;
  const { protect, retainOnDelete, customTimeouts, ...options } = resource.options;
  return {
    urn,
    type,
    parent,
    provider,
    inputs: shown(inputs),
    outputs: shown(outputs),
    dependencies,
    propertyDependencies,
    options: JSON.parse(
      JSON.stringify({
        ...options,
        // A state holds no difference between "not" and "not said".
        protect: protect === true ? true : undefined,
        retainOnDelete: retainOnDelete === true ? true : undefined,
        customTimeouts:
          customTimeouts &&
          Object.fromEntries(Object.entries(customTimeouts).map(([kind, duration]) => [kind, seconds(duration)])),
      }),
    ) as JsonObject,
    location: location === null ? null : { ...location },
  };
}

function seen(
  state: JsonObject,
  request: JsonObject,
  changed: TransformResourceOptions | undefined,
  outputs: JsonObject,
  root: string,
): Seen {
  const isProvider = text(state["type"]).startsWith("pulumi:providers:");
  const inputs = isProvider ? withoutPlugin(object(state["inputs"])) : object(state["inputs"]);
  return {
    urn: text(state["urn"]),
    type: text(state["type"]),
    parent: typeof state["parent"] === "string" ? state["parent"] : null,
    provider: typeof state["provider"] === "string" ? state["provider"] : null,
    inputs: shown(inputs),
    outputs: state["type"] === "pulumi:pulumi:Stack" ? {} : shown(outputs),
    dependencies: texts(state["dependencies"]).sort(),
    propertyDependencies: dependenciesOf(object(state["propertyDependencies"])),
    options: { ...stateOptions(state), ...askedOptions(request, changed) },
    // Numbers that JSON does not have keep a request out of the log; its location then is not told either.
    location: request["type"] === undefined ? undefined : asObject(askedLocation(request, root)),
  };
}

/** What was answered for a resource that is only read; a plan has it where somebody answered more than the program gave. Not of other stacks. */
function answered(request: JsonObject, response: JsonObject): JsonObject {
  const [given, properties] = [object(request["properties"]), object(response["properties"])];
  const isReference = request["type"] === "pulumi:pulumi:StackReference";
  return isReference || Object.keys(properties).every((key) => given[key] !== undefined) ? {} : properties;
}

/** A packaged component: its state is what its plugin made; what the plugin was asked for is what the program and its transforms said. */
function seenRemote(
  state: JsonObject,
  request: JsonObject,
  changed: TransformResourceOptions | undefined,
  constructed: JsonObject | undefined,
  root: string,
): Seen {
  if (constructed === undefined) throw new Error(`${text(state["urn"])} was not asked of a plugin`);
  return {
    ...seen(state, request, changed, {}, root),
    inputs: shown(constructed["inputs"] ?? {}),
    dependencies: texts(constructed["dependencies"]).sort(),
    propertyDependencies: askedDependencies(object(constructed["inputDependencies"])),
    options: { ...constructedOptions(constructed), ...askedOptions(request, changed) },
  };
}

/** What the engine notes about a provider's plugin among its inputs; versions and addresses are compared as options. */
function withoutPlugin({ __internal: notes, ...inputs }: JsonObject): JsonObject {
  const known = ["envVarMappings", "name", "parameterization", "pluginDownloadURL", "version"];
  const others = Object.keys(object(notes)).filter((note) => !known.includes(note));
  if (others.length > 0) throw new Error(`a provider's state holds ${others.join(", ")}, which nothing compares`);
  return inputs;
}

const SAME_OPTIONS = [
  "additionalSecretOutputs",
  "customTimeouts",
  "deletedWith",
  "external",
  "ignoreChanges",
  "protect",
  "replaceOnChanges",
  "replaceWith",
  "replacementTrigger",
  "retainOnDelete",
];
const RENAMED_OPTIONS: Record<string, string> = { hideDiff: "hideDiffs", importID: "import" };
const HOOKS: Record<string, string> = {
  BeforeCreate: "beforeCreate",
  AfterCreate: "afterCreate",
  BeforeUpdate: "beforeUpdate",
  AfterUpdate: "afterUpdate",
  BeforeDelete: "beforeDelete",
  AfterDelete: "afterDelete",
  OnError: "onError",
};
const ELSEWHERE = new Set(
  "urn custom id type inputs outputs parent provider dependencies propertyDependencies sourcePosition stackTrace".split(
    " ",
  ),
);

function stateOptions(state: JsonObject): JsonObject {
  const options: JsonObject = {};
  for (const [key, value] of Object.entries(state)) {
    const name = SAME_OPTIONS.includes(key) ? key : RENAMED_OPTIONS[key];
    if (value === false) continue;
    if (name !== undefined) options[name] = value;
    else if (key === "resourceHooks") options["hooks"] = renamed(object(value), HOOKS);
    else if (!ELSEWHERE.has(key)) throw new Error(`a state holds ${key}, which nothing compares`);
  }
  if (state["external"] === true) options["id"] = state["id"] ?? null;
  return options;
}

/** What a plugin is told of the program and the engine, and what is compared elsewhere; its `providers` are the inherited ones, too. */
const PLUGINS_OWN = new Set(
  (
    "project stack config configSecretKeys dryRun parallel monitorEndpoint organization acceptsOutputValues stackTraceHandle " +
    "type name parent inputs inputDependencies dependencies providers aliases deleteBeforeReplace"
  ).split(" "),
);

function constructedOptions(constructed: JsonObject): JsonObject {
  const options: JsonObject = {};
  for (const [key, value] of Object.entries(constructed)) {
    const isEmpty = value === false || (isObject(value) && Object.keys(value).length === 0);
    if (isEmpty || PLUGINS_OWN.has(key)) continue;
    if (!SAME_OPTIONS.includes(key)) throw new Error(`a plugin is asked for ${key}, which nothing compares`);
    options[key] =
      key === "customTimeouts"
        ? Object.fromEntries(Object.entries(object(value)).map(([kind, length]) => [kind, seconds(text(length))]))
        : value;
  }
  return options;
}

/** What a state does not say and a request, or the last transform's answer, does. */
function askedOptions(request: JsonObject, changed: TransformResourceOptions | undefined): JsonObject {
  const asked = changed === undefined ? requestOptions(request) : answeredOptions(changed);
  const { aliases, ...others } = asked;
  const former = [
    ...new Set(list(aliases).map((alias) => (typeof alias === "string" ? alias : formerUrn(object(alias), request)))),
  ];
  const options: JsonObject = {
    ...others,
    ...(former.length === 0 ? {} : { aliases: former }),
    envVarMappings: object(request["envVarMappings"]),
    remote: request["remote"] === true ? true : "",
  };
  const isEmpty = (value: Json): boolean => value === "" || (isObject(value) && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(options).filter(([, value]) => !isEmpty(value)));
}

function requestOptions(request: JsonObject): JsonObject {
  const isDefined = request["deleteBeforeReplaceDefined"] === true;
  return {
    aliases: list(request["aliases"]).map((alias) => object(alias)["spec"] ?? object(alias)["urn"] ?? null),
    deleteBeforeReplace: isDefined ? request["deleteBeforeReplace"] === true : "",
    pluginDownloadURL: text(request["pluginDownloadURL"]),
    providers: object(request["providers"]),
    version: text(request["version"]),
  };
}

/** The URN of an alias: what it does not say is as the resource has it now. */
function formerUrn(alias: JsonObject, request: JsonObject): string {
  const [stack, project] = text(request["stackUrn"]).split("::");
  if (Object.keys(alias).length === 0) return "";
  const said = (key: string, otherwise: string): string => text(alias[key]) || otherwise;
  const parent = alias["noParent"] === true ? "" : said("parentUrn", text(request["parent"]));
  const types = text(parent.split("::")[2]);
  const chain = types === "" || types === "pulumi:pulumi:Stack" ? "" : `${types}$`;
  const prefix = text(alias["stack"]) === "" ? String(stack) : `urn:pulumi:${text(alias["stack"])}`;
  return `${prefix}::${said("project", String(project))}::${chain}${said("type", text(request["type"]))}::${said("name", text(request["name"]))}`;
}

function defaultProvider(urn: string, type: string, settings: JsonObject): Seen {
  return {
    urn,
    type,
    parent: null,
    provider: null,
    inputs: shown(settings),
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    options: {},
    location: null,
  };
}

function sortedCalls(calls: readonly SeenCall[]): SeenCall[] {
  const each = new Map(calls.map((call) => [JSON.stringify(call), call]));
  return [...each].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, call]) => call);
}

function askedDependencies(map: JsonObject): Record<string, string[]> {
  return dependenciesOf(
    Object.fromEntries(Object.entries(map).map(([key, item]) => [key, object(item)["urns"] ?? []])),
  );
}

function dependenciesOf(map: JsonObject): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(map)
      .map(([key, urns]): [string, string[]] => [key, texts(urns).sort()])
      .filter(([, urns]) => urns.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/**
 * A value as a preview shows it: a secret without its value, a reference by its URN alone (a state holds no id of what is not there yet), an
 * output, as a packaged component's arguments hold them, as what it holds.
 */
function shown(value: Json): Json {
  if (Array.isArray(value)) return value.map(shown);
  if (!isObject(value)) return value;
  // A plan says of what is secret and not known that it is not known.
  if (isSecret(value)) return value["value"] === unknownValue ? unknownValue : hidden;
  if (value[SIGNATURE] === RESOURCE) return { resource: value["urn"] ?? null };
  if (value[SIGNATURE] === ASSET || value[SIGNATURE] === ARCHIVE) {
    // The engine adds a hash of the content; the SDK, a mark for itself.
    const { hash: _hash, __pulumiAsset: _asset, __pulumiArchive: _archive, ...content } = value;
    return mapped(content);
  }
  if (value[SIGNATURE] === OUTPUT) {
    return value["secret"] === true && value["value"] !== undefined ? hidden : shown(value["value"] ?? unknownValue);
  }
  return mapped(value);
}

function asObject(location: PlannedResource["location"] | undefined): JsonObject | null | undefined {
  return location === null || location === undefined ? location : { ...location };
}

/** A value as it was asked for, secrets without their values. */
function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  if (isSecret(value)) return value["value"] === unknownValue ? unknownValue : { ...value, value: hidden };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}

function mapped(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)]));
}

function seconds(duration: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
  return [...duration.matchAll(/([\d.]+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0,
  );
}

function renamed(value: JsonObject, names: Record<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [names[key] ?? key, item]));
}

function byUrn(a: { urn: string }, b: { urn: string }): number {
  return a.urn < b.urn ? -1 : 1;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
