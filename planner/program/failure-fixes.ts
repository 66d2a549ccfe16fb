import { isAbsolute, relative } from "node:path";
import type { Location } from "../../resilience/graph";
import { manifestOf, packageCommands } from "./package-manager";

/** What is known about a failure when somebody asks how to go on. */
export interface FailureFacts {
  /** What the program said, its errors' codes among it. */
  words: string;
  /** Where the program begins. */
  programDirectory: string;
  /** The stack's name. */
  stack: string;
  /** Where it happened. */
  location: Location | null;
  /** Connections that the program wanted and did not get. */
  hosts: readonly string[];
  /** Data sources and reads that were answered with something made up. */
  madeUpAnswers: readonly string[];
}

/** A kind of failure: how its words look, and how to go on. */
interface Kind {
  words: RegExp;
  fix: (match: RegExpMatchArray, facts: FailureFacts) => string;
}

/** How to go on after a failure that the program tells in its words. The first kind that fits counts. */
export function fixFor(facts: FailureFacts): string {
  for (const { words, fix } of kinds) {
    const match = words.exec(facts.words);
    if (match !== null) return fix(match, facts);
  }
  if (facts.hosts.length > 0) return networkFix(facts);
  const [asked] = facts.madeUpAnswers;
  if (asked !== undefined) {
    return `${placeOf(facts)}; if it comes from the made-up answer of ${asked}, give the real one: --save-questions FILE writes what to fill in, --answers FILE takes it`;
  }
  return `${placeOf(facts)}; a preview by pulumi ends in the same way`;
}

function placeOf({ location }: FailureFacts): string {
  return location === null ? "mend the program" : `mend ${location.file}:${String(location.line)}`;
}

/** How to go on without a network. */
export function networkFix({ hosts }: Pick<FailureFacts, "hosts">): string {
  const [host = "the network"] = hosts;
  return `a plan has no network, so ${host} cannot be asked: take the value from configuration or from a provider's data source (--answers FILE), or ask only if !pulumi.runtime.isDryRun()`;
}

const kinds: Kind[] = [
  {
    words: /Missing required configuration variable '([^'\n]+)'/,
    fix: ([, key = ""], { stack }) =>
      `write ${key} under config: in Pulumi.${stack}.yaml (pulumi config set ${key} VALUE --stack ${stack}; with --secret a plan uses a placeholder), or give it with --config ${key}=VALUE`,
  },
  {
    words: /Configuration '([^'\n]+)' value .*? is not (?:a )?valid ?([^\n.]*)/,
    fix: ([, key = "", type = "value"], { stack }) =>
      `correct ${key} in Pulumi.${stack}.yaml: it must be a ${type.trim()}`,
  },
  {
    words:
      /environment variables?[ :'"`]+(?:named |called )?['"`]?([A-Z][A-Z0-9_]{2,})|\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)['"`]? (?:environment variable )?(?:is|must be|was) (?:not (?:set|defined|provided|found)|required|missing|undefined|set|defined)|process\.env\.([A-Z]\w+)/,
    fix: ([, first, second, third]) =>
      `a plan sees none of your environment: give the program the variable with --env ${first ?? second ?? third ?? "NAME"}=VALUE`,
  },
  {
    words:
      /was compiled against a different Node\.js version|ERR_DLOPEN_FAILED|Could not locate the bindings file|invalid ELF header|No native build was found/,
    fix: (_, { programDirectory }) =>
      `build the package's native part for this Node.js: ${packageCommands(programDirectory).rebuild}`,
  },
  { words: /Cannot find (?:module|package) '([^'\n]+)'/, fix: ([, name = ""], facts) => missingModule(name, facts) },
  {
    words: /Directory import '([^'\n]+)' is not supported/,
    fix: ([, name = ""]) => `import a file, with its ending: ${name.split(/[\\/]/).at(-1) ?? name}/index.js`,
  },
  {
    words: /Cannot use import statement outside a module|Unexpected token 'export'/,
    fix: (_, facts) =>
      `${fileOf(facts)} is an ES module: write "type": "module" into package.json, name it .mjs, or let tsconfig.json compile to CommonJS`,
  },
  {
    words: /(require|exports|module|__dirname|__filename) is not defined in ES module scope/,
    fix: ([, name = ""], facts) =>
      `${fileOf(facts)} is CommonJS in a package of ES modules: name it .cjs, leave "type": "module" out of package.json, or use import in place of ${name}`,
  },
  {
    words: /ERR_REQUIRE_ASYNC_MODULE|ERR_REQUIRE_ESM|require\(\) of ES Module/,
    fix: (_, facts) =>
      `${fileOf(facts)} requires an ES module: load it with await import(…) in an async function, or write "type": "module" into package.json`,
  },
  {
    words: /ERR_UNKNOWN_FILE_EXTENSION|Unknown file extension "(\.[^"\n]+)"/,
    fix: (_, { programDirectory }) =>
      `Node.js does not load TypeScript as an ES module by itself: ${packageCommands(programDirectory).add} ts-node typescript, or compile the program and name the result under main: in Pulumi.yaml`,
  },
  {
    words: /does not provide an export named '([^'\n]+)'/,
    fix: ([, name = ""], facts) =>
      `${placeOf(facts)}: if the package is CommonJS, import its default and take ${name} from it`,
  },
  {
    words: /Your current Node version is incompatible[^]*?Expected version: (.*?) as found/,
    fix: ([, version = ""]) => `run it with Node.js ${version}`,
  },
  {
    words: /heap out of memory|Array buffer allocation failed|Invalid string length/,
    fix: () =>
      "give it more memory: runtime: { name: nodejs, options: { nodeargs: --max-old-space-size=8192 } } in Pulumi.yaml, or let it build less at once",
  },
  {
    words:
      /refused by twodoor|Could not load credentials from any providers|CredentialsProviderError|Could not load the default credentials|Missing credentials in config|Region is missing|Unable to detect a Project Id/,
    fix: (_, facts) =>
      facts.hosts.length > 0
        ? networkFix(facts)
        : "the program calls a cloud by itself, and a plan has no credential: use a provider's data source in its place (--answers FILE), or call it only if !pulumi.runtime.isDryRun()",
  },
  {
    words: /connect ECONNREFUSED ((?:127\.|\[?::1|localhost)\S*)/,
    fix: ([, address = ""]) => `nothing listens on ${address}: start it, or call it only if !pulumi.runtime.isDryRun()`,
  },
  {
    words: /spawn(?:Sync)? (\S+) ENOENT|(\S+): (?:command )?not found/,
    fix: ([, spawned, missing]) =>
      `the program runs ${spawned ?? missing ?? "a command"}, which is not on PATH: install it, or run it only if !pulumi.runtime.isDryRun()`,
  },
  {
    words: /Required output '([^'\n]+)' does not exist on stack '([^'\n]+)'/,
    fix: ([, name = "", stack = ""]) =>
      `write ${name} under the outputs of ${stack} in the file of answers (pulumi:pulumi:StackReference), or mend the name`,
  },
  {
    words: /Duplicate resource URN/,
    fix: (_, facts) => `${placeOf(facts)}: resources of one type and parent need names of their own`,
  },
  {
    words: /Default provider for '([^'\n]+)' disabled/,
    fix: ([, name = ""], { stack }) =>
      `pass one in the resource's options ({ provider: … }), or take ${name} out of pulumi:disable-default-providers in Pulumi.${stack}.yaml`,
  },
  {
    words: /SyntaxError|Unable to compile TypeScript|error TS\d+/,
    fix: (_, facts) =>
      facts.location === null
        ? `correct the source: this Node.js is ${process.version}, a newer one may understand it`
        : `correct ${facts.location.file}:${String(facts.location.line)}`,
  },
];

function fileOf({ location }: FailureFacts): string {
  return location === null ? "the program" : location.file;
}

function missingModule(name: string, { programDirectory, location }: FailureFacts): string {
  const { install, add, build } = packageCommands(programDirectory);
  const manifest = manifestOf(programDirectory);
  if (/^[./]|^[A-Za-z]:\\|^file:/.test(name)) {
    if (manifest.builds) return `build the program first: ${build}`;
    const ending = /\.[cm]?[jt]sx?$/.test(name) ? "" : "; an ES module's import names the file with its ending";
    const place = location === null ? "" : `, or correct ${location.file}:${String(location.line)}`;
    return `make ${isAbsolute(name) ? relative(programDirectory, name) : name}${place}${ending}`;
  }
  const wanted = name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : (name.split("/")[0] ?? name);
  if (manifest.names(wanted)) return `install the program's packages: ${install}`;
  return `add the package that it imports: ${add} ${wanted}`;
}
