/** A type as a generated SDK declares it, as far as an answer can be made of it. */
export type DeclaredType =
  | { kind: "string" | "number" | "boolean" | "any" }
  | { kind: "list"; item: DeclaredType }
  | { kind: "map"; item: DeclaredType }
  | { kind: "object"; fields: DeclaredField[] }
  /** A type of `types/output`, by its path: `["ec2", "GetAmiFilter"]`. */
  | { kind: "named"; path: string[] };

/** A field of a declared interface. */
export interface DeclaredField {
  name: string;
  /** Whether it may be missing. */
  optional: boolean;
  type: DeclaredType;
}

/**
 * Where each interface of a generated declaration (`*.d.ts`, or the `*.ts` that it was made of) has its members, by its path with the
 * namespaces around it: `ec2.GetAmiFilter`. One pass over the text, since an SDK's types are megabytes.
 */
export function interfacesIn(text: string): Map<string, [start: number, end: number]> {
  const found = new Map<string, [number, number]>();
  const around: { name: string; end: number }[] = [];
  const opening = /^( *)(?:export )?(?:declare )?(namespace|interface) ([\w$]+) \{$/gm;
  for (const match of text.matchAll(opening)) {
    const [line, indentation = "", kind, name = ""] = match;
    const start = match.index + line.length;
    const end = text.indexOf(`\n${indentation}}`, start);
    while (around.length > 0 && (around.at(-1)?.end ?? 0) < start) around.pop();
    if (end === -1) continue;
    if (kind === "namespace") around.push({ name, end });
    else found.set([...around.map((namespace) => namespace.name), name].join("."), [start, end]);
  }
  return found;
}

/** The fields in the members of an interface. */
export function fieldsIn(members: string): DeclaredField[] {
  return new Reader(members).fields();
}

/** Reads the few forms of types that Pulumi's generator for Node.js writes. What it does not know becomes `any`. */
class Reader {
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string) {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
    this.#tokens = code.match(/"[^"]*"|[\w$.]+|=>|\S/g) ?? [];
  }

  /** Members up to the end or the closing brace. */
  fields(): DeclaredField[] {
    const fields: DeclaredField[] = [];
    while (this.#peek() !== undefined && this.#peek() !== "}") {
      this.#skip("readonly");
      const name = (this.#next() ?? "").replace(/^"|"$/g, "");
      const optional = this.#skip("?");
      if (!this.#skip(":")) {
        this.#toNextMember();
        continue;
      }
      fields.push({ name, optional, type: this.#union() });
      this.#toNextMember();
    }
    return fields;
  }

  #union(): DeclaredType {
    this.#skip("|");
    let type = this.#postfix();
    while (this.#skip("|")) {
      const other = this.#postfix();
      if (isNothing(type)) type = other;
    }
    return isNothing(type) ? { kind: "any" } : type;
  }

  #postfix(): DeclaredType {
    let type = this.#primary();
    while (this.#peek() === "[" && this.#tokens[this.#at + 1] === "]") {
      this.#at += 2;
      type = { kind: "list", item: type };
    }
    return type;
  }

  #primary(): DeclaredType {
    const token = this.#next() ?? "any";
    if (token === "(") {
      const inner = this.#union();
      this.#skip(")");
      return inner;
    }
    if (token === "{") return this.#braces();
    if (token.startsWith('"')) return { kind: "string" };
    if (token === "string" || token === "number" || token === "boolean") return { kind: token };
    if (token === "true" || token === "false") return { kind: "boolean" };
    if (/^\d/.test(token)) return { kind: "number" };
    if (token === "undefined" || token === "null") return nothing;
    const args = this.#skip("<") ? this.#typeArguments() : [];
    const [first = anything, last = first] = [args[0], args.at(-1)];
    if (token === "Array" || token === "ReadonlyArray") return { kind: "list", item: first };
    if (token === "Record") return { kind: "map", item: last };
    // `pulumi.Output<T>`, `Promise<T>`.
    if (args.length > 0) return first;
    if (token.startsWith("outputs.")) return { kind: "named", path: token.split(".").slice(1) };
    // An enum of the SDK: its members are texts, with few exceptions.
    return token.startsWith("enums.") ? { kind: "string" } : anything;
  }

  /** After `{`: `{ [key: string]: T; }`, or fields. */
  #braces(): DeclaredType {
    if (this.#peek() !== "[") {
      const fields = this.fields();
      this.#skip("}");
      return { kind: "object", fields };
    }
    while (this.#peek() !== undefined && this.#peek() !== "]") this.#at += 1;
    this.#at += 1;
    this.#skip(":");
    const item = this.#union();
    this.#skip(";");
    this.#skip("}");
    return { kind: "map", item };
  }

  #typeArguments(): DeclaredType[] {
    const types = [this.#union()];
    while (this.#skip(",")) types.push(this.#union());
    this.#skip(">");
    return types;
  }

  /** Past the rest of a member, whatever it is. */
  #toNextMember(): void {
    let depth = 0;
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      if (depth === 0 && token === "}") return;
      this.#at += 1;
      if (token === "{") depth += 1;
      if (token === "}") depth -= 1;
      if (depth === 0 && (token === ";" || token === ",")) return;
    }
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string | undefined {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    return token;
  }

  #skip(token: string): boolean {
    const isNext = this.#peek() === token;
    if (isNext) this.#at += 1;
    return isNext;
  }
}

const anything: DeclaredType = { kind: "any" };
/** `undefined` or `null` in a union: the other side counts. */
const nothing: DeclaredType = { kind: "named", path: [] };

function isNothing(type: DeclaredType): boolean {
  return type === nothing;
}
