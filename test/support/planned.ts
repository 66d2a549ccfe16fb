/** Plans of the small programs under `test/planner/programs`, and how to find a resource in one. */
import { join } from "node:path";
import { plan, type Plan, type PlannedResource, type PlanOptions } from "../../planner";

/** Directory of one of the programs. */
export function programDirectory(name: string): string {
  return join(__dirname, "..", "planner", "programs", name);
}

/** The plan of one of the programs. */
export function planOf(name: string, options: Omit<PlanOptions, "directory"> = {}): Promise<Plan> {
  return plan({ directory: programDirectory(name), ...options });
}

/** The only resource of that logical name. */
export function named(plan: Plan, name: string): PlannedResource {
  const found = plan.resources.filter((resource) => resource.name === name);
  if (found.length !== 1) throw new Error(`${String(found.length)} resources are named ${name}`);
  return found[0]!;
}

/** What a promise is rejected with; fails when it is not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error("it was not rejected")),
    (error: unknown) => error,
  );
}
