import { ancestors, type Deployment } from "./deployment";
import { packageOf, urnOf } from "./urn";
import { asSecret, unknownValue, type JsonObject } from "../resilience/values";

/** What decides which provider a resource gets. */
export interface ProviderChoice {
  /** The resource's type or the function's token. */
  token: string;
  /** `<URN>::<id>` of the explicit provider, or an empty string. */
  explicit: string;
  /** The resource's own providers by package. */
  own: Record<string, string>;
  /** The parent's URN, or an empty string. */
  parent: string;
  /** Version of the package that the SDK asks for, or an empty string. */
  version: string;
}

/**
 * The provider of a resource or a data source as `<URN>::<id>`: the explicit one, else one of its own map, else the nearest
 * ancestor's, else the package's default one, which is made when it is first needed.
 */
export function chooseProvider(deployment: Deployment, choice: ProviderChoice): string {
  const { token, explicit, own, parent, version } = choice;
  const wanted = packageOf(token);
  if (explicit !== "") return explicit;
  if (own[wanted] !== undefined) return own[wanted];
  for (const urn of ancestors(deployment, parent)) {
    const inherited = deployment.resources.get(urn)?.options.providers?.[wanted];
    if (inherited !== undefined) return inherited;
  }
  return defaultProvider(deployment, token, version);
}

/**
 * The default provider of a package, configured by the stack's `<package>:*` values (the engine's
 * `resource/deploy/source_eval.go`: the name holds the version, and the stack is not its parent).
 */
function defaultProvider(deployment: Deployment, token: string, version: string): string {
  const wanted = packageOf(token);
  refuseIfDisabled(deployment, wanted, token);
  const type = `pulumi:providers:${wanted}`;
  const name = version === "" ? "default" : `default_${version.replace(/[.+-]/g, "_")}`;
  const urn = urnOf(deployment, { type, name, parent: "" });
  if (!deployment.resources.has(urn)) {
    const inputs = { ...packageConfiguration(deployment, wanted), ...(version === "" ? {} : { version }) };
    deployment.resources.set(urn, {
      urn,
      type,
      name,
      parent: "",
      provider: "",
      inputs,
      dependencies: [],
      propertyDependencies: {},
      references: {},
      options: {},
      frames: [],
    });
  }
  return `${urn}::${unknownValue}`;
}

function packageConfiguration({ configuration }: Deployment, wanted: string): JsonObject {
  const inputs: JsonObject = {};
  for (const [key, value] of Object.entries(configuration.values)) {
    if (!key.startsWith(`${wanted}:`)) continue;
    inputs[key.slice(wanted.length + 1)] = configuration.secretKeys.includes(key) ? asSecret(value) : value;
  }
  return inputs;
}

function refuseIfDisabled({ configuration }: Deployment, wanted: string, token: string): void {
  const disabled: unknown = JSON.parse(configuration.values["pulumi:disable-default-providers"] ?? "[]");
  if (!Array.isArray(disabled) || !(disabled.includes("*") || disabled.includes(wanted))) return;
  throw new Error(`Default provider for '${wanted}' disabled. '${token}' must use an explicit provider.`);
}
