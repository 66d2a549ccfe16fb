/** What the real engine was asked for, from its own log (`PULUMI_DEBUG_GRPC`), in the shape of a plan. Shares no code with the planner but the names of its wire's markers. */
import { fileURLToPath } from "node:url";
import { relative } from "node:path";
import {
  hidden,
  isObject,
  isSecret,
  unknownValue,
  type Json,
  type JsonObject,
  type PlannedResource,
  type ResourceOptions,
} from "../../planner";
import { list, object, text, texts } from "./json";

/** A resource as a plan has it; what parts of its inputs depend on is told to nobody but the planner. */
export type RegisteredResource = Omit<PlannedResource, "references" | "location"> & {
  location: PlannedResource["location"] | undefined;
};

/** What a program asked the engine for. */
export interface Registrations {
  /** Sorted by URN. */
  resources: RegisteredResource[];
  /** URNs of those that a provider makes, sorted. */
  custom: string[];
  /** What the stack exports. */
  outputs: JsonObject;
  /** Kinds of calls that the program made, sorted. */
  methods: string[];
  /** Physical names that a provider's `Check` chose, by URN. */
  automaticNames: Record<string, string[]>;
  /** Texts that are secret somewhere; a message must hold none of them. */
  secrets: Set<string>;
}

/** A value that is not the same on both sides. */
export interface Mismatch {
  urn: string;
  path: string;
  planned: Json | undefined;
  registered: Json | undefined;
}

interface Entry {
  method: string;
  progress: string;
  request: JsonObject;
  response: JsonObject;
}

/** Flags by which the SDK says what it understands; they are the same for every resource and say nothing about one. */
const PROTOCOL_FLAGS = [
  "acceptSecrets",
  "acceptResources",
  "aliasSpecs",
  "supportsPartialValues",
  "supportsResultReporting",
];
const IDENTITY = ["type", "name", "parent", "custom", "provider", "object", "dependencies", "propertyDependencies"];
const POSITION = ["sourcePosition", "stackTrace"];
/** Options that both sides write in the same way. */
const OPTIONS = [
  "additionalSecretOutputs",
  "ignoreChanges",
  "protect",
  "providers",
  "replaceOnChanges",
  "retainOnDelete",
  "version",
];
const CONVERTED = ["aliases", "customTimeouts", "deleteBeforeReplace", "deleteBeforeReplaceDefined"];
const KNOWN_FIELDS = new Set([...PROTOCOL_FLAGS, ...IDENTITY, ...POSITION, ...OPTIONS, ...CONVERTED]);

/**
 * Reads the log. Throws on a field of a registration that it does not know, so that nothing goes uncompared; no message holds a value.
 *
 * @param root - the repository's directory: `location` is relative to it.
 */
export function readRegistrations(log: string, root: string): Registrations {
  const entries = log.split("\n").flatMap((line, index) => (line === "" ? [] : [entryOf(line, index + 1)]));
  const monitored = entries.filter(({ method }) => method.startsWith("/pulumirpc.ResourceMonitor/"));
  const done = monitored.filter(({ progress }) => progress === "response_completed");
  const open = monitored.length - 2 * done.length;
  if (open !== 0) throw new Error(`${String(open)} calls of the log have no answer`);
  const of = (kind: string): Entry[] => done.filter(({ method }) => kindOf(method) === kind);
  const registered = of("RegisterResource");
  const stack = registered.find(({ request }) => request["type"] === "pulumi:pulumi:Stack")?.response["urn"];
  const endings = new Map(
    of("RegisterResourceOutputs").map(({ request }) => [text(request["urn"]), object(request["outputs"])]),
  );
  return {
    resources: registered.map((entry) => resourceOf(entry, root, endings)).sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    custom: registered
      .flatMap(({ request, response }) => (request["custom"] === true ? [text(response["urn"])] : []))
      .sort(),
    outputs: shown(endings.get(text(stack)) ?? {}) as JsonObject,
    methods: [...new Set(done.map(({ method }) => kindOf(method)))].sort(),
    automaticNames: automaticNames(entries),
    secrets: new Set(
      entries.flatMap(({ request, response }) => [
        ...secretTexts(request),
        ...secretTexts(response),
        ...texts(request["configSecretKeys"]).flatMap((key) => secretTexts(object(request["config"])[key] ?? "", true)),
      ]),
    ),
  };
}

/** Everything that is not the same in two values, innermost first where both are objects or lists of one length. */
export function mismatches(
  urn: string,
  path: string,
  planned: Json | undefined,
  registered: Json | undefined,
): Mismatch[] {
  if (isObject(planned) && isObject(registered)) {
    const keys = [...new Set([...Object.keys(planned), ...Object.keys(registered)])].sort();
    return keys.flatMap((key) => mismatches(urn, path === "" ? key : `${path}.${key}`, planned[key], registered[key]));
  }
  if (Array.isArray(planned) && Array.isArray(registered) && planned.length === registered.length) {
    return planned.flatMap((item, index) => mismatches(urn, `${path}[${String(index)}]`, item, registered[index]));
  }
  return planned === registered ? [] : [{ urn, path, planned, registered }];
}

/** One line about a mismatch, fit for a message: a value with a secret in it is not shown. */
export function described({ urn, path, planned, registered }: Mismatch, secrets: ReadonlySet<string>): string {
  const say = (value: Json | undefined): string => {
    const said = value === undefined ? "nothing" : JSON.stringify(value);
    return [...secrets].some((secret) => said.includes(JSON.stringify(secret).slice(1, -1))) ? hidden : said;
  };
  return `${urn} ${path}: planned ${say(planned)}, registered ${say(registered)}`;
}

function entryOf(line: string, number: number): Entry {
  let entry: JsonObject;
  try {
    entry = JSON.parse(line) as JsonObject;
  } catch {
    throw new Error(`line ${String(number)} of the log is not JSON`); // the parser's own message would quote it
  }
  return {
    method: text(entry["method"]),
    progress: text(entry["progress"]),
    request: object(entry["request"]),
    response: object(entry["response"]),
  };
}

function resourceOf(
  { request, response }: Entry,
  root: string,
  endings: ReadonlyMap<string, JsonObject>,
): RegisteredResource {
  const urn = text(response["urn"]);
  const unknown = Object.keys(request).filter((field) => !KNOWN_FIELDS.has(field));
  if (unknown.length > 0) throw new Error(`${urn} is registered with ${unknown.join(", ")}, which nothing compares`);
  const type = text(request["type"]);
  // The engine adds the version to a provider's inputs, from the option of that name.
  const outputs = type === "pulumi:pulumi:Stack" ? {} : (endings.get(urn) ?? {});
  const added = type.startsWith("pulumi:providers:") ? { version: object(response["object"])["version"] ?? null } : {};
  return {
    urn,
    type,
    name: text(request["name"]),
    parent: request["parent"] === undefined ? null : text(request["parent"]),
    provider: request["provider"] === undefined ? null : text(request["provider"]),
    inputs: shown({ ...object(request["object"]), ...added }) as JsonObject,
    ...(Object.keys(outputs).length === 0 ? {} : { outputs: shown(outputs) as JsonObject }),
    dependencies: texts(request["dependencies"]).sort(),
    propertyDependencies: Object.fromEntries(
      Object.entries(object(request["propertyDependencies"]))
        .map(([key, value]): [string, string[]] => [key, texts(object(value)["urns"]).sort()])
        .filter(([, urns]) => urns.length > 0),
    ),
    options: optionsOf(request),
    location: askedLocation(request, root),
  };
}

function optionsOf(request: JsonObject): ResourceOptions {
  const options = Object.fromEntries(
    OPTIONS.flatMap((key) => (request[key] === undefined ? [] : [[key, request[key]]])),
  );
  const timeouts = object(request["customTimeouts"]);
  const aliases = list(request["aliases"]).map((alias) => formerUrn(object(object(alias)["spec"]), request));
  return {
    ...options,
    ...(aliases.length === 0 ? {} : { aliases: [...new Set(aliases)] }),
    ...(Object.keys(timeouts).length === 0 ? {} : { customTimeouts: timeouts as Record<string, string> }),
    ...(request["deleteBeforeReplaceDefined"] === true
      ? { deleteBeforeReplace: request["deleteBeforeReplace"] === true }
      : {}),
  };
}

/** The URN of an alias that says another type, as a URN is built: types of the ancestors, own type, name. */
function formerUrn(spec: JsonObject, request: JsonObject): string {
  const fields = Object.keys(spec).filter((field) => !["type", "name", "parentUrn"].includes(field));
  if (fields.length > 0)
    throw new Error(`an alias of ${text(request["name"])} has ${fields.join(", ")}, which nothing compares`);
  const [head, project, types] = text(spec["parentUrn"]).split("::");
  const ancestors = types === "pulumi:pulumi:Stack" ? "" : `${String(types)}$`;
  const [type, name] = [text(spec["type"] ?? request["type"]), text(spec["name"] ?? request["name"])];
  return `${String(head)}::${String(project)}::${ancestors}${type}::${name}`;
}

/**
 * The innermost line of the repository's own source. `undefined` where the SDK left out a frame before it: it reads none without a function's
 * name (`framePositionRegExp` in its `resource.js`), and a plan does.
 */
export function askedLocation(request: JsonObject, root: string): PlannedResource["location"] | undefined {
  const frames = list(object(request["stackTrace"])["frames"]).map((frame) => object(object(frame)["pc"]));
  const position = request["sourcePosition"] === undefined ? [] : [object(request["sourcePosition"])];
  for (const at of [...position, ...frames]) {
    // In an ES module, the SDK puts the working directory before an address.
    const uri = text(at["uri"]).replace(/^file:.*\/file:\/+/, "file:///");
    if (uri === "") return undefined;
    if (!uri.startsWith(`file://${root}/`) || uri.includes("/node_modules/")) continue;
    return { file: relative(root, fileURLToPath(uri)), line: Number(at["line"]) };
  }
  return null;
}

/** Whether it is about a line that the SDK did not tell the engine for certain. */
export function isBetterLine({ path, registered }: Mismatch): boolean {
  return path === "location" && registered === undefined;
}

function automaticNames(entries: readonly Entry[]): Record<string, string[]> {
  const checks = entries.filter(
    (entry) => entry.method.endsWith("ResourceProvider/Check") && entry.progress === "response_completed",
  );
  return Object.fromEntries(
    checks.flatMap(({ request, response }) => {
      const given = object(request["news"]);
      const added = Object.entries(object(response["inputs"])).filter(([key]) => given[key] === undefined);
      const names = added.flatMap(([, value]) => (typeof value === "string" ? [value] : []));
      return names.length === 0 ? [] : [[text(request["urn"]), names]];
    }),
  );
}

/** The value with what is secret taken out, as a plan shows it. */
function shown(value: Json): Json {
  if (Array.isArray(value)) return value.map(shown);
  if (!isObject(value)) return value;
  if (isSecret(value)) return { ...value, value: hidden };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)]));
}

/** Texts inside of secrets, and each line of them: a certificate may be shown in pieces. Shorter ones would blot out half of every message. */
function secretTexts(value: Json, inside = false): string[] {
  if (value === unknownValue) return [];
  if (typeof value === "string") return inside ? [value, ...value.split("\n")].filter((part) => part.length >= 6) : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretTexts(item, inside));
  if (!isObject(value)) return [];
  if (isSecret(value)) return secretTexts(value["value"] ?? null, true);
  return Object.values(value).flatMap((item) => secretTexts(item, inside));
}

function kindOf(method: string): string {
  return method.slice(method.lastIndexOf("/") + 1);
}
