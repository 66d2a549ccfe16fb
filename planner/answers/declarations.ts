import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { fieldsIn, interfacesIn, type DeclaredField, type DeclaredType } from "./declared-types";
import { packageOf } from "../urn";

/** What the program's own SDKs declare about results of functions. Reads each file once. */
export class Declarations {
  readonly #programDirectory: string;
  /** Directories of SDKs by Pulumi package; `undefined` where none is installed. */
  readonly #roots = new Map<string, string | undefined>();
  readonly #files = new Map<string, DeclarationFile>();

  /** @param programDirectory - from which the program loads its SDKs. */
  constructor(programDirectory: string) {
    this.#programDirectory = programDirectory;
  }

  /**
   * The fields of a function's result: `aws:ec2/getVpc:getVpc` is declared in `ec2/getVpc.d.ts` of the SDK, `aws:index/getRegion:getRegion`
   * in `getRegion.d.ts`, `azure-native:network:getVirtualNetwork` in `network/getVirtualNetwork.d.ts`.
   *
   * @returns nothing where no SDK declares it in the form of Pulumi's generated SDKs.
   */
  resultFields(token: string): DeclaredField[] {
    const [, module = "", name = ""] = token.split(":");
    const path = module.split("/").at(-1) === name ? module.replace(/^index\//, "") : inModule(module, name);
    const interfaceName = `${name.charAt(0).toUpperCase()}${name.slice(1)}Result`;
    return this.#fileOf(packageOf(token), path).fields(interfaceName) ?? [];
  }

  /** The type itself where it is a named one of an SDK's `types/output`. `any` where that does not hold it. */
  resolved(token: string, type: DeclaredType): DeclaredType {
    if (type.kind !== "named") return type;
    const fields = this.#fileOf(packageOf(token), "types/output").fields(type.path.join("."));
    return fields === undefined ? { kind: "any" } : { kind: "object", fields };
  }

  #fileOf(pulumiPackage: string, path: string): DeclarationFile {
    const root = this.#rootOf(pulumiPackage);
    // A name from a program's own call leads to no file outside of the SDK.
    if (root === undefined || !/^[\w-]+(?:\/[\w-]+)*$/.test(path)) return nothingDeclared;
    const key = join(root, path);
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    // An SDK that `pulumi package add` made may be compiled into `bin`, or be there as source alone.
    const candidates = [`${path}.d.ts`, `bin/${path}.d.ts`, `${path}.ts`].map((file) => join(root, file));
    const text = candidates.map(textOrNothing).find((content) => content !== undefined);
    const file = text === undefined ? nothingDeclared : new DeclarationFile(text);
    this.#files.set(key, file);
    return file;
  }

  #rootOf(pulumiPackage: string): string | undefined {
    if (!this.#roots.has(pulumiPackage)) this.#roots.set(pulumiPackage, findSdk(this.#programDirectory, pulumiPackage));
    return this.#roots.get(pulumiPackage);
  }
}

/** One file of declarations. */
class DeclarationFile {
  readonly #text: string;
  #places: ReadonlyMap<string, [number, number]> | undefined;
  readonly #fields = new Map<string, DeclaredField[]>();

  constructor(text: string) {
    this.#text = text;
  }

  /** The fields of an interface by its path; `undefined` where there is none. */
  fields(path: string): DeclaredField[] | undefined {
    const known = this.#fields.get(path);
    if (known !== undefined) return known;
    this.#places ??= interfacesIn(this.#text);
    const place = this.#places.get(path);
    if (place === undefined) return undefined;
    const fields = fieldsIn(this.#text.slice(...place));
    this.#fields.set(path, fields);
    return fields;
  }
}

const nothingDeclared = new DeclarationFile("");

function inModule(module: string, name: string): string {
  return module === "index" || module === "" ? name : `${module}/${name}`;
}

/** `@pulumi/<package>`; else whichever package that the program depends on says that it is the SDK of this one. */
function findSdk(programDirectory: string, pulumiPackage: string): string | undefined {
  const load = createRequire(join(programDirectory, "index.js"));
  const official = rootOfPackage(load, `@pulumi/${pulumiPackage}`);
  if (official !== undefined) return official;
  for (const name of dependenciesOf(programDirectory)) {
    const root = rootOfPackage(load, name);
    if (root !== undefined && saidPackage(root, name) === pulumiPackage) return root;
  }
  return undefined;
}

function rootOfPackage(load: NodeJS.Require, name: string): string | undefined {
  for (const directory of load.resolve.paths(name) ?? []) {
    if (textOrNothing(join(directory, name, "package.json")) !== undefined) return join(directory, name);
  }
  return undefined;
}

const manifest = z.looseObject({
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  pulumi: z.looseObject({ resource: z.boolean().optional(), name: z.string().optional() }).optional().catch(undefined),
});

function manifestOf(directory: string): z.infer<typeof manifest> | undefined {
  try {
    return manifest.parse(JSON.parse(readFileSync(join(directory, "package.json"), "utf8")));
  } catch {
    return undefined;
  }
}

/** Every package that the program, or the repository around it, depends on. */
function dependenciesOf(programDirectory: string): Set<string> {
  const names = new Set<string>();
  for (let at = programDirectory; ; at = dirname(at)) {
    const found = manifestOf(at);
    for (const name of Object.keys({ ...found?.dependencies, ...found?.devDependencies })) names.add(name);
    if (at === dirname(at)) return names;
  }
}

/** The Pulumi package that an npm package is the SDK of; older ones say no name and are called after it. */
function saidPackage(root: string, npmName: string): string | undefined {
  const said = manifestOf(root)?.pulumi;
  if (said === undefined) return undefined;
  return said.name ?? (npmName.split("/").at(-1) ?? npmName).replace(/^pulumi-/, "");
}

function textOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
