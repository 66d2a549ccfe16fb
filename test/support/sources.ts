/** The repository's own files as text and as syntax trees, for tests that judge what is written rather than what it does. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";

/** The repository's root directory. */
export const ROOT = join(__dirname, "..", "..");

const NOT_OURS = new Set(["node_modules", ".git", "dist", "coverage"]);

/** Paths of every file under a directory of the repository, relative to its root, with `/`, sorted. A directory that is not there has none. */
export function filesUnder(directory: string): string[] {
  let entries;
  try {
    entries = readdirSync(join(ROOT, directory), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) => {
      const path = posix.join(directory, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    })
    .sort();
}

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The syntax tree of a TypeScript file of the repository. */
export function treeOf(path: string): ts.SourceFile {
  return parsed(path, textOf(path));
}

/** The syntax tree of a text that stands for a file of that path. */
export function parsed(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

/** Every node of a tree, in the order of the text. */
export function nodesOf(tree: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return nodes;
}

/** One import, re-export, `import()` or `require()`. */
export interface Import {
  /** What is written: `../sizing/cidr`, `@pulumi/aws`. */
  specifier: string;
  /** The file of the repository that it leads to, without its extension, or nothing for a package. */
  path: string | undefined;
  /** Nothing of it is loaded at run time. */
  typeOnly: boolean;
}

/** What a file imports. */
export function importsOf(tree: ts.SourceFile): Import[] {
  return nodesOf(tree).flatMap((node) => {
    const found = importAt(node);
    if (found === undefined) return [];
    const [specifier, typeOnly] = found;
    const path = specifier.startsWith(".")
      ? posix.normalize(posix.join(posix.dirname(tree.fileName), specifier))
      : undefined;
    return [{ specifier, path, typeOnly }];
  });
}

function importAt(node: ts.Node): [string, boolean] | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return [node.moduleSpecifier.text, importsTypesOnly(node.importClause)];
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return [node.moduleSpecifier.text, node.isTypeOnly];
  }
  if (ts.isCallExpression(node) && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) {
    const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require";
    if (loads) return [node.arguments[0].text, false];
  }
  return undefined;
}

function importsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name || named === undefined || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

/** A component: a class that extends `pulumi.ComponentResource` directly. */
export interface ComponentSource {
  name: string;
  path: string;
  declaration: ts.ClassDeclaration;
}

/** Every component under components/. */
export function componentSources(): ComponentSource[] {
  return filesUnder("components")
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) => componentsIn(treeOf(path)));
}

/** The components that one file declares. */
export function componentsIn(tree: ts.SourceFile): ComponentSource[] {
  return nodesOf(tree).flatMap((node) => {
    if (!ts.isClassDeclaration(node) || node.name === undefined) return [];
    const parent = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
    if (parent?.expression.getText() !== "pulumi.ComponentResource") return [];
    return [{ name: node.name.text, path: tree.fileName, declaration: node }];
  });
}
