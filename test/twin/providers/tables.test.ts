// Proves that every type in the providers' tables exists in the installed SDK, that every property the tables name is an input
// or output of it, and that each row names its source. Does not prove that the tables say of a property what the cloud does
// with it, nor that a source says what its row says.
import { describe, expect, it } from "vitest";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cloudModels } from "../../../twin/providers/clouds";
import type { ResourceModel } from "../../../twin/providers/model";

const SDK = join(__dirname, "../../../node_modules/@pulumi");
const MODULE_FOLDERS = new Map<string, Map<string, string>>();

describe.each(cloudModels)("the table of $name", ({ resources, name }) => {
  it("names types and properties of the SDK alone", () => {
    const wrong = Object.entries(resources).flatMap(([token, model]) => problems(name, token, model));
    expect(wrong).toEqual([]);
  });

  it("refuses for types of the table alone", () => {
    const { refusals } = cloudModels.find((model) => model.name === name) ?? { refusals: [] };
    const unknown = refusals.flatMap(({ row, types }) =>
      types.filter((type) => resources[type] === undefined).map((type) => `${row} ${type}`),
    );
    expect(unknown).toEqual([]);
  });

  it("names a public source for each row, and none for a row that is not there", () => {
    const { refusals, sources } = cloudModels.find((model) => model.name === name) ?? { refusals: [], sources: {} };
    const drifts = Object.values(resources).flatMap((model) => model.drifts ?? []);
    const rows = [...refusals, ...drifts].map(({ row }) => row.split(" ").slice(0, 2).join(" "));
    expect(Object.keys(sources).sort()).toEqual([...new Set(rows)].sort());
  });
});

function problems(cloud: string, token: string, model: ResourceModel): string[] {
  const declaration = declarationOf(cloud, token);
  if (declaration === undefined) return [`${token}: not in the SDK`];
  const outputs = new Set([...declaration.matchAll(/readonly (\w+): pulumi\.Output</g)].map(([, name]) => name));
  const args = declaration.slice(declaration.lastIndexOf("Args {"));
  const inputs = new Set([...args.matchAll(/^ {4}(\w+)\??: /gm)].map(([, name]) => name));
  const top = (path: string): string => path.split(/[.[]/)[0] ?? path;
  const named = [
    ...(model.replaceOn ?? []),
    ...(model.inPlace ?? []),
    ...(model.sets ?? []),
    ...(model.trimmed ?? []),
    ...(model.drifts ?? []).map(({ property }) => property),
  ];
  return [
    ...named.filter((path) => path !== "*" && !inputs.has(top(path))).map((path) => `${token}: ${path} is no input`),
    ...Object.keys(model.computed ?? {})
      .filter((name) => !outputs.has(name))
      .map((name) => `${token}: ${name} is no output`),
    ...(model.autoName !== undefined && !inputs.has(model.autoName.property)
      ? [`${token}: ${model.autoName.property} is no input`]
      : []),
  ];
}

function declarationOf(cloud: string, token: string): string | undefined {
  const [, module = ""] = token.split(":");
  const [folder = "", file = ""] = module.split("/");
  const directory = join(SDK, cloud, folder === "index" ? "" : folder);
  if (!existsSync(directory)) return undefined;
  const known =
    MODULE_FOLDERS.get(directory) ?? new Map(readdirSync(directory).map((entry) => [entry.toLowerCase(), entry]));
  MODULE_FOLDERS.set(directory, known);
  const entry = known.get(`${file.toLowerCase()}.d.ts`);
  if (
    entry === undefined ||
    !readFileSync(join(directory, entry.replace(".d.ts", ".js")), "utf8").includes(`'${token}'`)
  )
    return undefined;
  return readFileSync(join(directory, entry), "utf8");
}
