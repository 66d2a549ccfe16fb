import * as pulumi from "@pulumi/pulumi";
import { boundedName } from "../sizing/names";

/** Longest id of a service account (registry.terraform.io, google: `google_service_account`). */
export const ACCOUNT_ID_LENGTH_MAX = 30;

/**
 * An id that belongs to a whole project and that the provider does not make up: `<name>-<stack>-<role>`, within `lengthMax`.
 * The stack's name keeps two stacks of one project apart.
 */
export function projectScopedId(name: string, role: string, lengthMax: number): string {
  const stack = pulumi
    .getStack()
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-");
  return boundedName(`${name}-${stack}`, role, lengthMax);
}
