import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { z } from "zod";
import { shown, type Issue } from "../../components/sizing/issues";
import { isSettingMap, readSettingsFile, shownSetting, type Setting, type SettingsFile } from "./settings-file";
import { SettingsError } from "./settings-error";
import { shellWords } from "./shell-words";

/** A Pulumi project as Pulumi.yaml describes it. */
export interface Project {
  /** The project's name. */
  name: string;
  /** The file that describes it, with all that stands in it. */
  settings: SettingsFile;
  /** Directory of that file. */
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

/** The fields that decide what runs; all others (`description`, `backend`, `template`, `plugins` …) decide nothing here. */
const projectFile = z.looseObject({
  name: z.string().min(1),
  runtime: z.union([
    z.literal("nodejs").transform(() => runtimeOptions.parse({})),
    z
      .looseObject({ name: z.literal("nodejs"), options: runtimeOptions.nullish() })
      .transform(({ options }) => options ?? runtimeOptions.parse({})),
  ]),
  main: z.string().optional(),
  stackConfigDir: z.string().optional(),
});

/** Reads the Pulumi.yaml (or .json, or .yml) of a directory, or of the nearest one above it. */
export function readProject(directory: string): Project {
  const file = findProjectFile(directory);
  const settings = readSettingsFile(file);
  const content = withOldStackDirectory(settings);
  const parsed = projectFile.safeParse(content);
  if (!parsed.success) {
    throw new SettingsError(distinct(parsed.error.issues.map((issue) => projectIssue(file, content, issue.path))));
  }
  const { name, runtime, main, stackConfigDir } = parsed.data;
  const root = dirname(file);
  return {
    name,
    settings,
    root,
    ...programOf(file, root, main),
    stackDirectory: resolve(root, stackConfigDir ?? "."),
    nodeArguments: shellWords(runtime.nodeargs),
    typescript: runtime.typescript,
    tsconfig: runtime.tsconfig,
  };
}

/** The settings file of a stack, whether it is there or not; its name ends as the project's does (`ProjectStackPath` of pulumi/pulumi). */
export function stackFile({ settings, stackDirectory }: Project, stack: string): string {
  return join(stackDirectory, `Pulumi.${stack.replaceAll("/", "-")}${extname(settings.file)}`);
}

/** What the CLI takes for a stack's name; a template such as `Pulumi.<stack>.yaml` is none (`ValidateStackName` of pulumi/pulumi). */
const stackName = /^[A-Za-z0-9_.-]{1,100}$/;

/** Stacks that have a settings file, sorted. */
export function stacksWithSettings({ settings, stackDirectory }: Project): string[] {
  if (!existsSync(stackDirectory)) return [];
  const extension = extname(settings.file);
  return readdirSync(stackDirectory)
    .filter((file) => file.startsWith("Pulumi.") && file.endsWith(extension))
    .map((file) => file.slice("Pulumi.".length, -extension.length))
    .filter((name) => stackName.test(name))
    .sort();
}

const projectFiles = ["Pulumi.json", "Pulumi.yaml", "Pulumi.yml"];

function findProjectFile(directory: string): string {
  const start = resolve(directory);
  for (let at = start; ; at = dirname(at)) {
    for (const name of projectFiles) if (isFile(join(at, name))) return join(at, name);
    if (at === dirname(at)) break;
  }
  const below = projectsBelow(start, 3).map((path) => relative(start, path));
  throw new SettingsError([
    {
      path: "DIR",
      expected: "a directory with a Pulumi.yaml, in it or above it",
      got: shown(directory),
      fix:
        below.length === 0
          ? "name the directory of a Pulumi program"
          : `name one of the programs below it: ${below.slice(0, 10).join(", ")}${below.length > 10 ? " …" : ""}`,
    },
  ]);
}

/** Directories of projects below one, for a person who stands at the top of a repository. */
function projectsBelow(directory: string, depth: number): string[] {
  if (depth === 0 || !existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith("."))
    .map(({ name }) => join(directory, name))
    .sort()
    .flatMap((path) => [
      ...(projectFiles.some((name) => isFile(join(path, name))) ? [path] : []),
      ...projectsBelow(path, depth - 1),
    ]);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Until 2022, `config: DIR` said where the stacks' settings are (`RewriteConfigPathIntoStackConfigDir` of pulumi/pulumi). */
function withOldStackDirectory({ content }: SettingsFile): Setting {
  if (!isSettingMap(content) || typeof content["config"] !== "string") return content;
  return { stackConfigDir: content["config"], ...content };
}

/** Where the program runs and what is started there, exactly as the CLI decides it (`Projinfo.GetPwdMain`). */
function programOf(
  file: string,
  root: string,
  main: string | undefined,
): { programDirectory: string; entryPoint: string } {
  if (main === undefined || main === "") return { programDirectory: root, entryPoint: "." };
  const path = resolve(root, main);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new SettingsError([
      {
        path: `${file} main`,
        expected: "a file or directory that is there",
        got: shown(main),
        fix: "build the program first if it is compiled, or correct the path",
      },
    ]);
  }
  if (found.isDirectory()) return { programDirectory: path, entryPoint: "." };
  return { programDirectory: dirname(path), entryPoint: basename(path) };
}

const wayOut =
  "plan here what runs on Node.js; of any other program, record `pulumi preview --json --show-sames > preview.json` " +
  "where it runs, and judge that with `twodoor check --graph preview.json`";

const projectRules: Record<string, { expected: string; fix: string }> = {
  name: { expected: "the project's name", fix: "add a line such as name: exchange" },
  runtime: { expected: "nodejs", fix: wayOut },
  "runtime.options": { expected: "options of the runtime", fix: "write key: value" },
  "runtime.options.typescript": { expected: "true or false", fix: "write it without quotes" },
  "runtime.options.nodeargs": { expected: "flags in one text", fix: 'write, for example, nodeargs: "--import tsx"' },
  "runtime.options.tsconfig": { expected: "a path", fix: "name the compiler's settings file" },
  main: { expected: "a path", fix: "name the program's file or directory" },
  stackConfigDir: { expected: "a path", fix: "name the directory of the stacks' settings" },
};

function projectIssue(file: string, content: Setting, issuePath: PropertyKey[]): Issue {
  const path = issuePath[0] === "runtime" ? wrongRuntimePath(content) : issuePath.map(String).slice(0, 1);
  const key = path.join(".");
  const { expected, fix } = projectRules[key] ?? { expected: "a Pulumi project", fix: "write name and runtime" };
  let got: Setting | undefined = content;
  for (const step of path) got = isSettingMap(got) ? got[step] : undefined;
  if (key === "runtime" && isSettingMap(got)) got = got["name"];
  return { path: key === "" ? file : `${file} ${key}`, expected, got: shownSetting(got), fix };
}

/** The runtime is a union, of which a validator only says that no member fits: which part of it is wrong. */
function wrongRuntimePath(content: Setting): string[] {
  const runtime = isSettingMap(content) ? content["runtime"] : undefined;
  if (!isSettingMap(runtime) || runtime["name"] !== "nodejs") return ["runtime"];
  const options = runtimeOptions.safeParse(runtime["options"]);
  const [option] = options.error?.issues[0]?.path ?? [];
  return ["runtime", "options", ...(option === undefined ? [] : [String(option)])];
}

function distinct(issues: Issue[]): Issue[] {
  return [...new Map(issues.map((issue) => [issue.path, issue])).values()];
}
