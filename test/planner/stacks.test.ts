/**
 * Proves that the repository's own stacks can be planned offline as they stand, that they leave nothing to defaults or to data
 * sources, and that one plan of each is the same as the next. What is in them is proved by `test/stacks`, and by `test/engine`
 * that the real engine is asked for the same.
 */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { plan, type Plan } from "../../planner";

const directory = join(__dirname, "..", "..");

describe.each(["dev", "prod"])("the stack %s", (stack) => {
  let planned: Plan;
  beforeAll(async () => {
    planned = await plan({ directory, stack });
  });

  it("asks no data source and uses no default provider", () => {
    expect(planned.unanswered).toEqual([]);
    expect(planned.resources.filter(({ name }) => name.startsWith("default")).map(({ urn }) => urn)).toEqual([]);
  });

  it("has a line of the repository for each resource that the program makes", () => {
    const made = planned.resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
    expect(
      made.filter(({ location }) => !/^(components|stacks)\//.test(location?.file ?? "")).map(({ urn }) => urn),
    ).toEqual([]);
  });

  it("names only resources that are there", () => {
    const urns = new Set(planned.resources.map(({ urn }) => urn));
    const references = planned.resources.flatMap(({ parent, provider, dependencies, propertyDependencies }) => [
      ...(parent === null ? [] : [parent]),
      ...(provider === null ? [] : [provider.replace(/::[^:]*$/, "")]),
      ...dependencies,
      ...Object.values(propertyDependencies).flat(),
    ]);
    expect(references.filter((urn) => !urns.has(urn))).toEqual([]);
  });

  it("is planned to the same bytes again", async () => {
    expect(JSON.stringify(await plan({ directory, stack }))).toBe(JSON.stringify(planned));
  });
});
