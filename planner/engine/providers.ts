import type { Deployment, PackageRequest } from "../deployment";
import { packageOf, urnOf } from "../urn";
import { asSecret, unknownValue, type JsonObject } from "../../resilience/values";

/** What decides which provider a resource gets before its transforms. */
export interface ProviderChoice {
  /** The resource's type or the function's token. */
  token: string;
  /** `<URN>::<id>` of the explicit provider, or an empty string. */
  explicit: string;
  /** The resource's own providers by package. */
  own: Record<string, string>;
  /** The parent's URN, or an empty string. */
  parent: string;
}

/**
 * The provider that a resource or a data source says or inherits, as `<URN>::<id>`: the explicit one, else one of its own map, else that
 * of the component it belongs to (which has its own component's, unless it says another). An empty string where it gets the default one
 * (the engine's `resolveProvider`, `resource/deploy/source_eval.go`).
 */
export function givenProvider(deployment: Deployment, { token, explicit, own, parent }: ProviderChoice): string {
  if (explicit !== "") return explicit;
  const wanted = packageOf(token);
  return own[wanted] ?? deployment.componentProviders.get(parent)?.[wanted] ?? "";
}

/**
 * The default provider of a package as `<URN>::<id>`, made when it is first needed and configured by the stack's `<package>:*` values. The
 * stack is not its parent (the engine's `resource/deploy/default_providers.go`).
 */
export function defaultProvider(deployment: Deployment, request: PackageRequest, token: string): string {
  refuseIfDisabled(deployment, request.name, token);
  const type = `pulumi:providers:${request.name}`;
  const name = defaultName(request);
  const urn = urnOf(deployment, { type, name, parent: "" });
  if (!deployment.resources.has(urn)) {
    const version = request.version === "" ? {} : { version: request.version };
    deployment.resources.set(urn, {
      urn,
      type,
      name,
      parent: "",
      provider: "",
      inputs: { ...packageConfiguration(deployment, request.name), ...version },
      dependencies: [],
      propertyDependencies: {},
      references: {},
      options: {},
      frames: [],
    });
  }
  return `${urn}::${unknownValue}`;
}

/** `default`, with the version's parts and the address written as a name (the engine's `ProviderRequest.DefaultName`). */
function defaultName({ version, url }: PackageRequest): string {
  const segments = url.split("/").filter((segment) => segment !== "");
  const address = segments.map((segment) => segment.replace(/[^A-Za-z0-9_.-]/g, "_")).join("/");
  const parts = ["default", version.replace(/[.+-]/g, "_"), address];
  return parts.filter((part) => part !== "").join("_");
}

/** Providers of resources that a program makes itself get all settings, by their full keys (the engine's `Target.GetPackageConfig`). */
function packageConfiguration({ configuration }: Deployment, wanted: string): JsonObject {
  const isDynamic = wanted === "pulumi-nodejs" || wanted === "pulumi-python";
  const inputs: JsonObject = {};
  for (const [key, value] of Object.entries(configuration.values)) {
    if (!isDynamic && !key.startsWith(`${wanted}:`)) continue;
    inputs[isDynamic ? key : key.slice(wanted.length + 1)] = configuration.secretKeys.includes(key)
      ? asSecret(value)
      : value;
  }
  return inputs;
}

/** Pulumi's own provider, which reads other stacks, cannot be disabled. */
function refuseIfDisabled({ configuration }: Deployment, wanted: string, token: string): void {
  const setting = configuration.values["pulumi:disable-default-providers"] ?? "";
  if (wanted === "pulumi" || setting === "") return;
  const disabled: unknown = JSON.parse(setting);
  const names = Array.isArray(disabled) ? disabled.map((name) => String(name).trim()) : [];
  if (!names.includes("*") && !names.includes(wanted)) return;
  throw new Error(`Default provider for '${wanted}' disabled. '${token}' must use an explicit provider.`);
}
