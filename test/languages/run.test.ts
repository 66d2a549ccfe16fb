/**
 * Proves that programs in Python, Go, Java and YAML reach the components: SDKs generated from the published schema are typed (mypy) and build
 * (go vet, go build), and on the real engine the programs of docs/guides/languages.md make, by URN, exactly what the same program in
 * TypeScript plans, with nested arguments, enums, an Output and secrets that stay secret; refused arguments come back as path,
 * expectation and fix, without a stack. The engine's Python and Go hosts cannot be had here: those programs run by the
 * Automation API of their own SDK, and so does Java, whose classes are written by hand: no SDK is generated for it. Does not prove
 * .NET, nor what real clouds say.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plan } from "../../planner";
import { withProviders } from "../../twin/attach";
import { findEngine } from "../support/engine";
import { skipped } from "../support/skip";
import { findTools } from "./tools";
import {
  PROGRAMS,
  must,
  openProgram,
  openWorkshop,
  runToEnd,
  type Ended,
  type ProgramStack,
  type Workshop,
} from "./workshop";

const engine = findEngine();
/** Where the real CLI and its Node.js host lie: a host that starts plugins itself looks for it on PATH. */
const engineHome = process.env["TWODOOR_ENGINE_HOME"] ?? join(homedir(), ".cache", "twodoor-engine");
const tools = findTools();
const go = spawnSync("go", ["version"]).status === 0 ? undefined : "there is no `go` on PATH";

/** How a program of one language is run. */
interface Language {
  name: "python" | "go" | "java" | "yaml";
  /** Why it cannot be run here. */
  reason: string | undefined;
  /** Type-checks or builds it; YAML needs neither. Returns what was found. */
  build: () => Ended;
  run: (program: ProgramStack, command: "up" | "preview", environment: Record<string, string>) => Promise<Ended>;
}

/** Folders of engines that were built here. */
function hosts(): string[] {
  if (!existsSync(engineHome)) return [];
  return readdirSync(engineHome)
    .map((version) => join(engineHome, version))
    .filter((folder) => existsSync(join(folder, "pulumi-language-nodejs")));
}

let workshop: Workshop;

/** The Go program with the test's runner in the place of `pulumi.Run`, and the SDK where its go.mod looks for it. */
function writeGoProgram(): string {
  const folder = join(workshop.directory, "build");
  cpSync(join(PROGRAMS, "go"), folder, { recursive: true });
  cpSync(join(workshop.sdks, "go"), join(folder, "sdks", "twodoor"), { recursive: true });
  cpSync(join(__dirname, "runners", "run.go"), join(folder, "run.go"));
  const main = readFileSync(join(folder, "main.go"), "utf8");
  writeFileSync(join(folder, "main.go"), main.replace("pulumi.Run(exchange)", "runInline(exchange)"));
  return folder;
}

// With the flags of the engine's own build, so that what it compiled of the SDK serves here.
const GO = { GOFLAGS: "-mod=readonly -tags=osusergo,grpcnotrace", CGO_ENABLED: "0" };
const SDK = "example.com/pulumi-twodoor/sdk/go/...";

const languages: Language[] = [
  {
    name: "python",
    reason: tools.python.reason,
    build: () => {
      const sdk = join(workshop.sdks, "python");
      // Its metadata, without which it does not load; an installation would take it to the same place.
      must(runToEnd(sdk, {}, tools.python.path ?? "", "setup.py", "-q", "egg_info"));
      return runToEnd(
        workshop.directory,
        { MYPYPATH: sdk },
        tools.python.path ?? "",
        ...["-m", "mypy", "--check-untyped-defs", "--follow-imports=silent", "--cache-dir", "mypy"],
        join(PROGRAMS, "python", "__main__.py"),
      );
    },
    run: (program, command, environment) =>
      program.run(
        { ...environment, PYTHONPATH: join(workshop.sdks, "python"), PYTHONDONTWRITEBYTECODE: "1" },
        tools.python.path ?? "",
        ...[join(__dirname, "runners", "run.py"), join(PROGRAMS, "python"), command],
      ),
  },
  {
    name: "go",
    reason: go,
    build: () => {
      const folder = writeGoProgram();
      const vetted = runToEnd(folder, GO, "go", "vet", ".", SDK);
      return vetted.status === 0 ? runToEnd(folder, GO, "go", "build", "-o", "program", ".") : vetted;
    },
    run: (program, command, environment) =>
      program.run(environment, join(workshop.directory, "build", "program"), command),
  },
  {
    name: "java",
    reason: tools.java.reason,
    build: () => {
      const sources = [join(PROGRAMS, "java", "Exchange.java"), join(__dirname, "runners", "Run.java")];
      return runToEnd(
        workshop.directory,
        {},
        "javac",
        "-d",
        "classes",
        "-cp",
        join(tools.java.path ?? "", "*"),
        ...sources,
      );
    },
    run: (program, command, environment) =>
      program.run(
        environment,
        "java",
        ...[
          "-cp",
          [join(workshop.directory, "classes"), join(tools.java.path ?? "", "*")].join(delimiter),
          "Run",
          command,
        ],
      ),
  },
  {
    name: "yaml",
    reason: tools.yaml.reason,
    build: () => ({ status: 0, output: "" }),
    run: async ({ stack }, command, environment) => {
      const path = [engine.directory, dirname(tools.yaml.path ?? ""), ...hosts(), process.env["PATH"]].join(delimiter);
      const { status, output } = await stack[command]({ ...environment, PATH: path });
      return { status, output };
    },
  },
];

/** One resource of a state. */
interface Resource {
  urn: string;
  type: string;
  outputs?: Record<string, unknown>;
}

/** Providers that the engine makes for the component package and for itself. */
const ENGINES_OWN = new Set(["pulumi:providers:twodoor", "pulumi:providers:pulumi"]);
const REFUSAL =
  'hostname   expected a full hostname in lower case inside the zone "example.com", got "api.example.org"; write it in full, such as "api.example.com"';
const SECRETS = ["journal-credentials-in-clear", "api-key-master-in-clear", "cloudflare_token_"];
const LIMIT = { timeout: 300_000 };
const reason = engine.reason ?? tools.generate.reason;
const suite = "programs of other languages";

describe.skipIf(skipped(reason && `${suite}: ${reason}`))(suite, () => {
  let planned: string[];
  beforeAll(async () => {
    workshop = openWorkshop(tools.generate.path ?? "");
    const { resources } = await plan({ directory: join(PROGRAMS, "typescript"), stack: "dev" });
    planned = resources.map(({ urn }) => urn);
    expect(planned.length).toBe(145);
  }, 300_000);
  afterAll(() => {
    workshop.close();
  });

  describe.each(languages)("in $name", ({ name, reason: missing, build, run }) => {
    const isSkipped = skipped(missing && `${suite}, ${name}: ${missing}`);
    let program: ProgramStack | undefined;
    const opened = async (): Promise<ProgramStack> =>
      (program ??= await openProgram(engine.directory ?? "", workshop, name));
    const attached = async (command: "up" | "preview"): Promise<Ended> => {
      const target = await opened();
      return await withProviders({}, ({ environment }) => run(target, command, environment));
    };
    afterAll(() => {
      program?.stack.close();
    });

    it.skipIf(isSkipped)("is typed and builds", { timeout: 900_000 }, () => {
      must(build());
    });

    it.skipIf(isSkipped)(
      "is told what is wrong with its arguments, and nothing of how we are built",
      LIMIT,
      async () => {
        const { stack } = await opened();
        stack.edit((config) => {
          config["exchange:hostname"] = "api.example.org";
        });
        const { status, output } = await attached("preview");
        stack.edit((config) => {
          config["exchange:hostname"] = "api.example.com";
        });
        expect(status).not.toBe(0);
        expect(output).toContain(REFUSAL);
        // An inline program in Python adds what Pulumi's own SDK says of the engine's end; of Node.js there is nothing.
        expect(output).not.toMatch(/node_modules|\.[cm]?[jt]s:\d+/);
      },
    );

    it.skipIf(isSkipped)("makes what the same program in TypeScript plans", LIMIT, async () => {
      must(await attached("up"));
      const { stack } = await opened();
      const state = await stack.exported();
      const { deployment } = JSON.parse(state) as { deployment: { resources: Resource[] } };
      const own = deployment.resources.filter(({ type }) => !ENGINES_OWN.has(type)).map(({ urn }) => urn);
      // YAML takes default providers, which have other names.
      const named = (urns: string[]): string[] =>
        name === "yaml" ? urns.filter((urn) => !urn.includes("::pulumi:providers:")) : urns;
      expect(named(own).sort()).toEqual(named(planned));
      expect(SECRETS.filter((secret) => state.includes(secret))).toEqual([]);
      expect(await stack.outputs()).toMatchObject({ hostname: "api.example.com" });
    });
  });
});
