import type { JsonObject } from "../../resilience/values";
import { text } from "../values";
import { digest } from "../world";
import type { AutoName } from "./model";

/** Random digits that the bridge appends: https://github.com/pulumi/pulumi-terraform-bridge, `AutoName` with a random suffix of 7. */
const SUFFIX_LENGTH = 7;

/**
 * The inputs with the name filled in, or why that cannot be done. As the Terraform bridge does it: a name from the program
 * stays, an automatic name of an earlier `up` is kept, and `__defaults` records that the name is automatic.
 *
 * @param seed - differs between two lives of one resource, so that a replacement can be made before the old one goes.
 */
export function withName(
  rule: AutoName,
  logicalName: string,
  inputs: JsonObject,
  olds: JsonObject | undefined,
  seed: string,
): JsonObject | Error {
  const { property, maximum, prefix = "", lowerCase = false } = rule;
  if (inputs[property] !== undefined || inputs[`${property}Prefix`] !== undefined) return { ...inputs, __defaults: [] };
  const kept = olds !== undefined && isAutomatic(olds, property) ? text(olds, property) : undefined;
  if (kept !== undefined) return { ...inputs, [property]: kept, __defaults: [property] };
  const base = prefix + (lowerCase ? logicalName.toLowerCase() : logicalName);
  if (base.length + 1 + SUFFIX_LENGTH > maximum) {
    // The words of pulumi/sdk/v3/go/common/resource/resource_id.go, `NewUniqueName`.
    return new Error(
      `name '${base}-' plus ${String(SUFFIX_LENGTH)} random chars is longer than maximum length ${String(maximum)}`,
    );
  }
  return { ...inputs, [property]: `${base}-${digest(SUFFIX_LENGTH, "name", seed)}`, __defaults: [property] };
}

/** Whether the provider, not the program, chose the name in these inputs. */
export function isAutomatic(inputs: JsonObject, property: string): boolean {
  const defaults = inputs["__defaults"];
  return Array.isArray(defaults) && defaults.includes(property);
}
