import type { RegisterResourceRequest, TransformResourceOptions } from "@pulumi/pulumi/proto/resource_pb";
import type { Deployment } from "../deployment";
import type { ResourceOptions } from "../plan-types";
import { aliasUrn, type ResourceIdentity } from "../urn";
import type { Json } from "../../resilience/values";
import { fromOutputs, presentable, secretStrings } from "../wire";

/**
 * The options of a resource as a plan has them: only those that are set.
 *
 * @param options - after transforms.
 * @param version - version of the package that is asked for, or an empty string.
 */
export function recordedOptions(
  deployment: Deployment,
  identity: ResourceIdentity,
  request: RegisterResourceRequest,
  options: TransformResourceOptions,
  version: string,
): ResourceOptions {
  const aliases = options.getAliasesList().map((alias) => aliasUrn(deployment, identity, alias));
  const trigger = options.getReplacementTrigger()?.toJavaScript() as Json | undefined;
  const hooks = Object.entries(options.getHooks()?.toObject() ?? {}).filter(([, names]) => names.length > 0);
  return onlySet({
    aliases: [...new Set(aliases)],
    additionalSecretOutputs: options.getAdditionalSecretOutputsList(),
    customTimeouts: durations(options),
    deleteBeforeReplace: options.hasDeleteBeforeReplace() ? (options.getDeleteBeforeReplace() ?? false) : undefined,
    deletedWith: options.getDeletedWith(),
    envVarMappings: recordOf(request.getEnvvarmappingsMap()),
    hideDiffs: options.getHideDiffList(),
    hooks: Object.fromEntries(hooks.map(([key, names]) => [key.replace(/List$/, ""), names])),
    ignoreChanges: options.getIgnoreChangesList(),
    import: options.getImport(),
    pluginDownloadURL: options.getPluginDownloadUrl(),
    protect: options.hasProtect() ? (options.getProtect() ?? false) : undefined,
    providers: recordOf(options.getProvidersMap()),
    remote: request.getRemote() ? true : undefined,
    replaceOnChanges: options.getReplaceOnChangesList(),
    replaceWith: options.getReplaceWithList(),
    replacementTrigger: trigger === undefined ? undefined : withoutSecrets(deployment, fromOutputs(trigger, new Set())),
    retainOnDelete: options.hasRetainOnDelete() ? (options.getRetainOnDelete() ?? false) : undefined,
    version,
  });
}

/** A protocol buffer's map as an object. */
export function recordOf(map: { forEach(visit: (value: string, key: string) => void): void }): Record<string, string> {
  const object: Record<string, string> = {};
  map.forEach((value, key) => {
    object[key] = value;
  });
  return object;
}

function durations(options: TransformResourceOptions): Record<string, string> {
  const timeouts = options.getCustomTimeouts();
  if (timeouts === undefined) return {};
  const all = {
    create: timeouts.getCreate(),
    update: timeouts.getUpdate(),
    delete: timeouts.getDelete(),
    read: timeouts.getRead(),
  };
  return Object.fromEntries(Object.entries(all).filter(([, duration]) => duration !== ""));
}

function withoutSecrets({ madeUp, secrets }: Deployment, value: Json): Json {
  for (const secret of secretStrings(value)) secrets.add(secret);
  return presentable(value, madeUp);
}

type Optional<T> = { [Key in keyof T]: T[Key] | undefined };

/** Without what is missing or empty. */
function onlySet(options: Optional<ResourceOptions>): ResourceOptions {
  const isEmpty = (value: unknown): boolean =>
    value === undefined ||
    value === "" ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  const set: ResourceOptions = {};
  return Object.assign(set, Object.fromEntries(Object.entries(options).filter(([, value]) => !isEmpty(value))));
}
