import { number, text } from "../../values";
import type { AutoName, Made, ResourceModel } from "../model";

/** An automatic name in the usual property. */
export function named(maximum: number, property = "name"): { autoName: AutoName } {
  return { autoName: { property, maximum } };
}

/** `arn:aws:SERVICE:REGION:ACCOUNT:REST` in the region and account of the resource. */
export function arn({ scope }: Pick<Made, "scope">, service: string, rest: string): string {
  return `arn:aws:${service}:${scope.region ?? ""}:${scope.account ?? ""}:${rest}`;
}

/** An ARN of a service that has no regions: `arn:aws:iam::ACCOUNT:REST`. */
export function globalArn({ scope }: Pick<Made, "scope">, service: string, rest: string): string {
  return `arn:aws:${service}::${scope.account ?? ""}:${rest}`;
}

/** The name that the inputs carry, after automatic naming. */
export function nameOf({ inputs, name }: Pick<Made, "inputs" | "name">, property = "name"): string {
  return text(inputs, property) ?? name;
}

/** The region that an ARN belongs to; empty for a global one, undefined where it is no ARN. */
export function regionOfArn(value: string | undefined): string | undefined {
  return value?.startsWith("arn:") === true ? value.split(":")[3] : undefined;
}

/** A type of Amazon EC2: the id is `PREFIX-` and 17 digits, the ARN names `KIND/ID`. */
export function ec2(prefix: string, kind: string, rest: ResourceModel = {}): ResourceModel {
  return {
    ...rest,
    id: ({ hex }) => `${prefix}-${hex(17, "id")}`,
    computed: { arn: (made) => arn(made, "ec2", `${kind}/${made.id}`), ...rest.computed },
  };
}

/** The revision that an update or creation gives: one more than before. */
export function nextNumber(made: Made, property: string): number {
  return (made.before === undefined ? 0 : (number(made.before, property) ?? 0)) + 1;
}
