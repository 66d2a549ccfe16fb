/**
 * The examples of the rules' pages as designs: all of them in one run of a program, each then put in its place in the good design.
 *
 * An example registers what its design has in place of the resources of the same type and name; `// Without: NAME, NAME` in it takes some
 * out. So that all run together, each gets a prefix to its logical names, which is taken off again.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plan, type Plan } from "../../planner";
import { sortedByUrn, type Graph } from "../../resilience/graph";
import { graphOfPlan } from "../../resilience/sources/from-plan";
import { goodDesign, without } from "./designs";
import { ROOT } from "./sources";

const EXAMPLES = join(ROOT, "docs", "rules", "examples");

/** One example. */
export interface RuleExample {
  /** `EDG-03.refused`. */
  name: string;
  /** Its source. */
  text: string;
  /** Rules that say something about it besides its own, as it names them in `// Also:`. */
  also: string[];
}

/** Every example that is a program, by name. */
export function ruleExamples(): RuleExample[] {
  return readdirSync(EXAMPLES)
    .filter((file) => /^[A-Z]{3}-\d\d\.(?:refused|passes)\.ts$/.test(file))
    .sort()
    .map((file) => {
      const text = readFileSync(join(EXAMPLES, file), "utf8");
      return { name: file.slice(0, -".ts".length), text, also: namesIn(text, "Also") };
    });
}

function namesIn(text: string, title: string): string[] {
  const [, names = ""] = new RegExp(`^// ${title}: (.+)$`, "m").exec(text) ?? [];
  return names === "" ? [] : names.split(", ");
}

/** The designs of examples, by name. */
export async function designsOf(examples: readonly RuleExample[]): Promise<Map<string, Graph>> {
  const directory = mkdtempSync(join(tmpdir(), "rule-examples-"));
  try {
    writeProgram(directory, examples);
    const planned = await plan({ directory, stack: "prod", timeoutSeconds: 240 });
    return new Map(examples.map((example) => [example.name, designOf(example, planned)]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function writeProgram(directory: string, examples: readonly RuleExample[]): void {
  mkdirSync(join(directory, "examples"));
  symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
  const project = 'name: exchange\nruntime:\n  name: nodejs\n  options:\n    typescript: true\n    nodeargs: ""\n';
  writeFileSync(join(directory, "Pulumi.yaml"), project);
  writeFileSync(join(directory, "Pulumi.prod.yaml"), "config: {}\n");
  writeFileSync(join(directory, "package.json"), '{ "name": "exchange", "main": "index.ts" }\n');
  writeFileSync(join(directory, "examples", "around.ts"), readFileSync(join(EXAMPLES, "around.ts"), "utf8"));
  for (const { name, text } of examples) {
    const prefixed = text.replace(/(new [\w.]+\(\s*")/g, `$1${prefixOf(name)}`);
    writeFileSync(join(directory, "examples", `${name}.ts`), prefixed);
  }
  const imports = examples.map(({ name }) => `import "./examples/${name}";\n`);
  writeFileSync(join(directory, "index.ts"), imports.join(""));
}

function prefixOf(name: string): string {
  return `${name}/`;
}

function designOf({ name, text }: RuleExample, planned: Plan): Graph {
  const prefix = prefixOf(name);
  const own = planned.resources.filter((resource) => resource.name.startsWith(prefix));
  const renamed = JSON.parse(JSON.stringify(own).replaceAll(prefix, "")) as Plan["resources"];
  const { resources } = graphOfPlan({ ...planned, resources: renamed });
  const around = namesIn(text, "Without").reduce(without, goodDesign());
  const replaced = new Set(resources.map(({ urn }) => urn));
  const kept = around.resources.filter(({ urn }) => !replaced.has(urn));
  return { ...around, resources: sortedByUrn([...kept, ...resources]) };
}
