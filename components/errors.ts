import * as pulumi from "@pulumi/pulumi";
import { formatIssues, sortIssues, type Issue } from "./sizing/issues";

/**
 * Thrown by a component's constructor, before its first child exists, when its arguments cannot work.
 *
 * `message` holds every problem with its path, expectation and fix. As a `pulumi.InputPropertiesError` it also tells a
 * component provider's caller which properties are meant.
 */
export class ArgumentsError extends pulumi.InputPropertiesError {
  /** The problems, sorted by path. */
  readonly issues: Issue[];
  /** `pulumi.RunError`'s marker: a program that ends with this error prints the message and no stack. */
  readonly __pulumiRunError = true;

  /**
   * @param component - class and name of what refused: `ExchangeApi "exchange"`.
   * @param issues - at least one problem.
   */
  constructor(component: string, issues: Issue[]) {
    const sorted = sortIssues(issues);
    super({
      message: formatIssues(`${component} cannot be built`, sorted),
      errors: sorted.map(({ path, expected, got, fix }) => ({
        propertyPath: path,
        reason: `expected ${expected}, got ${got}; ${fix}`,
      })),
    });
    this.issues = sorted;
  }
}

/** Throws an {@link ArgumentsError} when there is any issue; otherwise does nothing. */
export function refuse(component: string, issues: Issue[]): void {
  if (issues.length > 0) throw new ArgumentsError(component, issues);
}
