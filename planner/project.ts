import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseDocument, type Document } from "yaml";
import { z } from "zod";
import { shown, type Issue } from "../components/sizing/issues";
import { SettingsError } from "./settings-error";

/** A Pulumi project as Pulumi.yaml describes it. */
export interface Project {
  /** The project's name. */
  name: string;
  /** Directory of Pulumi.yaml. */
  root: string;
  /** Directory in which the program runs. */
  programDirectory: string;
  /** The program, relative to `programDirectory`: a file, or `.`. */
  entryPoint: string;
  /** Directory of the stacks' settings files. */
  stackDirectory: string;
  /** Flags for `node`. */
  nodeArguments: string[];
  /** Whether the program is TypeScript that the SDK compiles while it loads. */
  typescript: boolean;
  /** Name of the compiler's settings file, if it is not tsconfig.json. */
  tsconfig: string | undefined;
}

const runtimeOptions = z.looseObject({
  typescript: z.boolean().default(true),
  nodeargs: z.string().default(""),
  tsconfig: z.string().optional(),
});

const projectFile = z.looseObject({
  name: z.string().min(1),
  runtime: z.union([
    z.literal("nodejs").transform(() => runtimeOptions.parse({})),
    z
      .looseObject({ name: z.literal("nodejs"), options: runtimeOptions.optional() })
      .transform(({ options }) => options ?? runtimeOptions.parse({})),
  ]),
  main: z.string().optional(),
  stackConfigDir: z.string().optional(),
});

/** Reads the Pulumi.yaml of a directory, or of the nearest one above it. */
export function readProject(directory: string): Project {
  const file = findProjectFile(directory);
  const content: unknown = readYaml(file).toJS();
  const parsed = projectFile.safeParse(content);
  if (!parsed.success)
    throw new SettingsError(parsed.error.issues.map((issue) => projectIssue(file, content, issue.path)));
  const { name, runtime, main, stackConfigDir } = parsed.data;
  const root = dirname(file);
  return {
    name,
    root,
    ...programOf(root, main),
    stackDirectory: resolve(root, stackConfigDir ?? "."),
    nodeArguments: words(runtime.nodeargs),
    typescript: runtime.typescript,
    tsconfig: runtime.tsconfig,
  };
}

/**
 * The stack that a person means: the named one; else `dev` if it has a settings file; else the only one that has.
 *
 * @param named - what the person wrote, if anything.
 */
export function chooseStack(project: Project, named: string | undefined): string {
  const stacks = stackNames(project);
  if (named !== undefined) {
    if (stacks.length === 0 || stacks.includes(named)) return named;
    throw new SettingsError([
      {
        path: "--stack",
        expected: `a stack with a settings file: ${stacks.join(", ")}`,
        got: shown(named),
        fix: `choose one of them or write ${join(project.stackDirectory, `Pulumi.${named}.yaml`)}`,
      },
    ]);
  }
  const [only = "dev", ...others] = stacks;
  if (stacks.includes("dev")) return "dev";
  if (others.length === 0) return only;
  const fix = "add --stack and one of them";
  throw new SettingsError([{ path: "--stack", expected: `one of ${stacks.join(", ")}`, got: "nothing", fix }]);
}

/** Parses a YAML file; one that cannot be read or parsed is refused. */
export function readYaml(file: string): Document.Parsed {
  const document = parseDocument(readFileSync(file, "utf8"));
  const [error] = document.errors;
  if (error === undefined) return document;
  const line = error.linePos?.[0].line ?? 1;
  const got = (error.message.split("\n", 1)[0] ?? "").replace(/ at line \d+, column \d+:$/, "");
  throw new SettingsError([{ path: `${file}:${String(line)}`, expected: "YAML", got, fix: "correct the line" }]);
}

function findProjectFile(directory: string): string {
  const start = resolve(directory);
  for (let at = start; ; at = dirname(at)) {
    for (const name of ["Pulumi.yaml", "Pulumi.yml"]) if (existsSync(join(at, name))) return join(at, name);
    if (at === dirname(at)) break;
  }
  throw new SettingsError([
    {
      path: "DIR",
      expected: "a directory with a Pulumi.yaml, in it or above it",
      got: shown(directory),
      fix: "name the directory of a Pulumi program",
    },
  ]);
}

function stackNames({ stackDirectory }: Project): string[] {
  if (!existsSync(stackDirectory)) return [];
  return readdirSync(stackDirectory)
    .flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** Where the program runs and what is started there, exactly as the CLI decides it (`Projinfo.GetPwdMain`). */
function programOf(root: string, main: string | undefined): { programDirectory: string; entryPoint: string } {
  if (main === undefined) return { programDirectory: root, entryPoint: "." };
  const path = resolve(root, main);
  if (existsSync(path) && statSync(path).isDirectory()) return { programDirectory: path, entryPoint: "." };
  return { programDirectory: dirname(path), entryPoint: basename(path) };
}

function words(flags: string): string[] {
  return (flags.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
}

const projectRules: Record<string, { expected: string; fix: string }> = {
  name: { expected: "the project's name", fix: "add a line such as name: exchange" },
  runtime: { expected: "nodejs", fix: "plan programs written in TypeScript or JavaScript" },
  main: { expected: "a path", fix: "name the program's file or directory" },
  stackConfigDir: { expected: "a path", fix: "name the directory of the stacks' settings" },
};

function projectIssue(file: string, content: unknown, path: PropertyKey[]): Issue {
  const key = String(path[0] ?? "");
  const got = typeof content === "object" && content !== null ? (content as Record<string, unknown>)[key] : content;
  const name = key === "runtime" && typeof got === "object" && got !== null && "name" in got ? got.name : got;
  const { expected, fix } = projectRules[key] ?? { expected: "a Pulumi project", fix: "write name and runtime" };
  return { path: key === "" ? file : `${file} ${key}`, expected, got: shown(name), fix };
}
