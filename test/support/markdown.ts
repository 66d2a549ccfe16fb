/** Reads Markdown as far as `test/docs.test.ts` needs: code blocks, headings, links, and whether TypeScript in it compiles. */
import { join, posix } from "node:path";
import ts from "typescript";
import { ROOT } from "./sources";

/** A fenced block of code. */
export interface CodeBlock {
  /** File and line of its fence. */
  place: string;
  language: string;
  text: string;
}

/** Every fenced block of code with a language. */
export function codeBlocks(path: string, text: string): CodeBlock[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${path}:${String(text.slice(0, match.index).split("\n").length)}`,
    language: match[1] === "typescript" ? "ts" : (match[1] ?? ""),
    text: match[2] ?? "",
  }));
}

/**
 * What the compiler says of blocks of TypeScript, each as a file of its own beside the examples, with `twodoor` standing for the
 * sources of the components, and `./around` for what stands around the rules' examples.
 */
export function typeErrors(blocks: CodeBlock[]): string[] {
  const config = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const files = new Map(
    blocks.map((block, index) => [join(ROOT, "examples", `markdown-${String(index)}.ts`), block] as const),
  );
  const textOf = (path: string): string | undefined =>
    files
      .get(path)
      ?.text.replace(/"twodoor"/g, `"../components"`)
      .replace(/"\.\/around"/g, `"../docs/rules/examples/around"`);
  const real = ts.createCompilerHost({ ...options, noEmit: true });
  const host: ts.CompilerHost = {
    ...real,
    fileExists: (path) => files.has(path) || real.fileExists(path),
    readFile: (path) => textOf(path) ?? real.readFile(path),
    getSourceFile: (path, languageOptions, ...rest) => {
      const text = textOf(path);
      return text === undefined
        ? real.getSourceFile(path, languageOptions, ...rest)
        : ts.createSourceFile(path, text, languageOptions, true);
    },
  };
  const program = ts.createProgram([...files.keys()], { ...options, noEmit: true }, host);
  return [...files].flatMap(([path, { place }]) => {
    const source = program.getSourceFile(path);
    if (source === undefined) return [`${place}: not compiled`];
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) => {
      const { line } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      return `${place}: line ${String(line + 1)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
    });
  });
}

/** Anchors of a page's headings, as the usual Markdown hosts make them, and those written out as `<a id="…">`. */
export function anchorsOf(text: string): string[] {
  const prose = withoutBlocks(text);
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    (heading ?? "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-"),
  );
  return [...headings, ...[...prose.matchAll(/<a (?:id|name)="([^"]+)">/g)].map(([, id]) => id ?? "")];
}

/** Links to a file of the repository or a section of one that lead nowhere. */
export function brokenLinks(
  path: string,
  text: string,
  exists: (path: string) => boolean,
  anchors: (path: string) => string[],
): string[] {
  return [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? "")
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = "", anchor] = target.split("#");
      const page = file === "" ? path : posix.normalize(posix.join(posix.dirname(path), file));
      if (page !== path && !exists(page)) return true;
      if (anchor === undefined || !page.endsWith(".md")) return false;
      return !(page === path ? anchorsOf(text) : anchors(page)).includes(anchor);
    })
    .map((target) => `${path}: ${target}`);
}

/** Commands `npm run NAME` whose script does not exist. */
export function unknownScripts(path: string, text: string, scripts: string[]): string[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      [...line.matchAll(/npm run (?:--silent |-s )?([a-z][\w:-]*)/g)]
        .filter(([, name]) => !scripts.includes(name ?? ""))
        .map(([, name]) => `${path}:${String(index + 1)}: npm run ${name ?? ""}`),
    );
}

function withoutBlocks(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, "");
}
