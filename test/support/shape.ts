/** The judges of `test/shape.test.ts`: each takes a file and answers with one line for each place that breaks its rule. */
import ts from "typescript";
import { filesUnder, importsOf, nodesOf, treeOf } from "./sources";

const LINES_MAX = 70;
const PROVIDER = /^@pulumi\/(?:aws|gcp|cloudflare|tls)(?:\/|$)/;

/** Rooms by the start of a path, the longest first, with the rooms that each may import. */
const ROOMS: [string, string[]][] = [
  ["components/sizing", []],
  ["components", ["components/sizing"]],
  ["resilience", ["components/sizing"]],
  ["planner", ["resilience", "components/sizing"]],
  ["policies", ["resilience", "components/sizing"]],
  ["twin", ["components", "resilience", "components/sizing"]],
  ["stacks", ["components", "resilience", "components/sizing"]],
  ["cli", ["stacks", "twin", "policies", "planner", "components", "resilience", "components/sizing"]],
  ["docs", []],
  ["examples", ["components", "components/sizing"]],
  // Never shipped: it measures the exchange beside real servers, which the tests start.
  ["exchange/bench", ["exchange", "test"]],
  ["exchange", []],
  ["test", []],
  ["scripts", ["cli", "planner", "policies", "resilience", "components/sizing"]],
];

function roomOf(path: string): string | undefined {
  return ROOMS.find(([room]) => path === room || path.startsWith(`${room}/`))?.[0];
}

/** Imports that lead against the one way: `cli -> stacks|twin|policies|planner -> components|resilience -> components/sizing`. */
export function forbiddenImports(tree: ts.SourceFile): string[] {
  const room = roomOf(tree.fileName);
  if (room === undefined) return [`${tree.fileName} is in no room`];
  const allowed = new Set([room, ...(ROOMS.find(([name]) => name === room)?.[1] ?? [])]);
  const knowsPulumi = !["components/sizing", "resilience", "exchange", "exchange/bench"].includes(room);
  const knowsProviders = !["planner", "policies"].includes(room);
  return importsOf(tree)
    .filter(({ specifier, path, typeOnly }) => {
      if (path !== undefined) {
        const target = roomOf(path);
        return target !== undefined && !allowed.has(target);
      }
      if (!knowsPulumi && specifier.startsWith("@pulumi/")) return true;
      return !knowsProviders && !typeOnly && PROVIDER.test(specifier);
    })
    .map(({ specifier, path }) => `${tree.fileName} imports ${path ?? specifier}`);
}

/** Inside the exchange: what each folder may import of the others. Surfaces know machine and journal by their types and by what is named here. */
const INSIDE_EXCHANGE: [string, RegExp][] = [
  ["exchange/machine/", /^(?:exchange\/machine\/|node:(?:crypto|buffer)$)/],
  ["exchange/journal/", /^(?!exchange\/(?!journal\/))/],
  ["exchange/http/", /^(?!exchange\/(?:machine|journal|bench)\/)|^exchange\/(?:machine\/money|journal\/journal)$/],
  ["exchange/feed/", /^(?!exchange\/(?:machine|journal|bench)\/)|^exchange\/machine\/money$/],
  ["exchange/operators/", /^(?!exchange\/(?:machine|journal|bench|feed)\/)|^exchange\/machine\/money$/],
];

/**
 * Imports inside the exchange that go around its contracts: a machine that knows anything but itself, a journal that knows what its entries
 * mean, a surface that reaches past `node/exchange.ts`.
 */
export function exchangeDetours(tree: ts.SourceFile): string[] {
  const allowed = INSIDE_EXCHANGE.find(([folder]) => tree.fileName.startsWith(folder))?.[1];
  if (allowed === undefined) return [];
  const surface = !/^exchange\/(?:machine|journal)\//.test(tree.fileName);
  return importsOf(tree)
    .filter(({ specifier, path, typeOnly }) => !(surface && typeOnly) && !allowed.test(path ?? specifier))
    .map(({ specifier, path }) => `${tree.fileName} imports ${path ?? specifier}`);
}

/** Chains of imports, followed at run time, that lead from a room to a provider's SDK. */
export function providersReached(room: string): string[] {
  const files = new Set(filesUnder(".").filter((path) => path.endsWith(".ts")));
  const seen = new Set<string>();
  const found: string[] = [];
  const follow = (path: string, chain: string[]): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { specifier, path: target, typeOnly } of importsOf(treeOf(path))) {
      if (typeOnly) continue;
      if (PROVIDER.test(specifier)) found.push([...chain, path, specifier].join(" -> "));
      const next =
        target === undefined ? undefined : [`${target}.ts`, `${target}/index.ts`].find((name) => files.has(name));
      if (next !== undefined) follow(next, [...chain, path]);
    }
  };
  for (const path of files) if (path.startsWith(`${room}/`)) follow(path, []);
  return found;
}

/**
 * Circles of imports, types included, each as the chain that closes it: a file in a circle cannot be read, or moved, without the others.
 *
 * @param imports - the files that each file imports.
 */
export function importCircles(imports: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const follow = (path: string, chain: string[]): void => {
    const start = chain.indexOf(path);
    if (start >= 0) found.push([...chain.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const target of imports.get(path) ?? []) follow(target, [...chain, path]);
    done.add(path);
  };
  for (const path of imports.keys()) follow(path, []);
  return found;
}

/** The files of the repository that a file imports, for types too. */
export function importedFiles(tree: ts.SourceFile, files: Set<string>): string[] {
  return importsOf(tree).flatMap(
    ({ path }) => (path === undefined ? [] : [`${path}.ts`, `${path}/index.ts`].find((name) => files.has(name))) ?? [],
  );
}

/** Functions, methods and constructors of more than 70 lines. */
export function longFunctions(tree: ts.SourceFile): string[] {
  return nodesOf(tree).flatMap((node) => {
    if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return [];
    const first = tree.getLineAndCharacterOfPosition(node.getStart()).line;
    const lines = tree.getLineAndCharacterOfPosition(node.end).line - first + 1;
    return lines > LINES_MAX ? [`${tree.fileName}:${String(first + 1)}: ${String(lines)} lines`] : [];
  });
}

/** Words in two halves, so that the file that bans them may hold them. */
const BANNED = [
  ["TO", "DO"],
  ["FIX", "ME"],
  ["sim", "ply"],
  ["/wo", "rk/"],
  ["registry.npm", "js.org"],
  ["py", "pi.org"],
  ["crates", ".io"],
  ["proxy.go", "lang.org"],
  ["repo.maven", ".apache.org"],
  ["deb.deb", "ian.org"],
  ["sub", "agent"],
  ["issues", " show"],
  ["farm", "-"],
].map((halves) => halves.join(""));

/** Lines with a word that says nothing, postpones something, or names what belongs to one machine. */
export function bannedWords(path: string, text: string): string[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      BANNED.filter((word) => (/^\w+$/.test(word) ? new RegExp(`\\b${word}\\b`).test(line) : line.includes(word))).map(
        (word) => `${path}:${String(index + 1)}: ${word}`,
      ),
    );
}

const SILENCED: [RegExp, string][] = [
  [/@ts-(?:expect-error|ignore|nocheck)/, "ts comment"],
  [/eslint-disable(?!.* -- \S)/, "eslint-disable without reason"],
];

/** Casts that widen a type, and comments that silence the compiler or, without a reason, the linter. */
export function wideningCasts(tree: ts.SourceFile): string[] {
  const casts = nodesOf(tree).flatMap((node) => {
    if (!ts.isAsExpression(node)) return [];
    const fromUnknown = ts.isAsExpression(node.expression) && isKeyword(node.expression, ts.SyntaxKind.UnknownKeyword);
    const what = isKeyword(node, ts.SyntaxKind.AnyKeyword) ? "as any" : fromUnknown ? "as unknown as" : undefined;
    return what === undefined ? [] : [`${placeOf(tree, node)}: ${what}`];
  });
  return [...casts, ...linesMatching(tree.fileName, tree.text, SILENCED)];
}

function isKeyword(node: ts.AsExpression, kind: ts.SyntaxKind): boolean {
  return node.type.kind === kind;
}

function placeOf(tree: ts.SourceFile, node: ts.Node): string {
  return `${tree.fileName}:${String(tree.getLineAndCharacterOfPosition(node.getStart()).line + 1)}`;
}

const HOLLOW: [RegExp, string][] = [
  [/\.toBeDefined\(/, "toBeDefined"],
  [/\.toBeTruthy\(/, "toBeTruthy"],
  [/expect\(true\)/, "expect true"],
  [/\.apply\(.*expect\(/, "expect inside apply"],
];

/** Assertions that hold whatever the code does, or that nobody waits for. */
export function hollowAssertions(path: string, text: string): string[] {
  return linesMatching(path, text, HOLLOW);
}

function linesMatching(path: string, text: string, patterns: [RegExp, string][]): string[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      patterns.filter(([pattern]) => pattern.test(line)).map(([, what]) => `${path}:${String(index + 1)}: ${what}`),
    );
}

/** Resources whose logical name holds a loop's counter, so that taking one out would rename those after it. */
export function indexedNames(tree: ts.SourceFile): string[] {
  return nodesOf(tree).flatMap((node) => {
    if (!ts.isNewExpression(node) || node.arguments?.[0] === undefined) return [];
    const name = node.arguments[0];
    if (!ts.isTemplateExpression(name)) return [];
    const counted = name.templateSpans.some(({ expression }) =>
      /^(?:String\()?(?:i|j|n|index|idx)\)?$/.test(expression.getText()),
    );
    return counted ? [placeOf(tree, node)] : [];
  });
}
