/** What is shown in place of a secret within a text. */
const mask = "[secret]";

/** Lines of a secret text that are shorter than this say nothing on their own: `}`, `-----END…` would. In characters. */
const shortestLine = 16;

/** Fewer characters of base64 than this may be anything. */
const shortestCore = 8;

/**
 * The text without the known secrets, however they were written: as they are, as JSON (also within JSON), in an address, line by line as
 * `util.inspect` prints long texts, in hexadecimal digits, in base64, also where only a part of what was encoded is secret (`user:password`).
 */
export function withoutSecrets(text: string, secrets: ReadonlySet<string>): string {
  let result = text;
  const written = new Set([...secrets].flatMap(writtenForms));
  // The longest first: what is left of it would show when a part is taken out before.
  for (const form of [...written].sort((a, b) => b.length - a.length)) result = result.replaceAll(form, mask);
  for (const core of new Set([...secrets].flatMap(base64Cores))) {
    if (result.includes(core))
      result = result.replace(new RegExp(`[\\w+/-]*${escaped(core)}[\\w+/-]*={0,2}`, "g"), mask);
  }
  return result;
}

/**
 * The text without what is left of a secret at its end, where it was cut off.
 *
 * @param text - what {@link withoutSecrets} has gone through.
 */
export function withoutCutSecret(text: string, secrets: ReadonlySet<string>): string {
  for (const secret of secrets) {
    for (let length = secret.length - 1; length > 2; length -= 1) {
      if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}${mask}`;
    }
  }
  return text;
}

/** Takes the known secrets out of an error's message and stack. */
export function hideSecretsIn(error: unknown, secrets: ReadonlySet<string>): void {
  if (!(error instanceof Error)) return;
  const { message, stack } = error;
  error.message = withoutSecrets(message, secrets);
  if (stack !== undefined) error.stack = withoutSecrets(stack, secrets);
}

function writtenForms(secret: string): string[] {
  const json = inJson(secret);
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const parts = lines.length === 1 ? [] : lines.filter((line) => line.length >= shortestLine);
  const forms = [secret, ...parts].flatMap((part) => [
    part,
    inJson(part),
    inAddress(part),
    inForm(part),
    ...quoted(part),
  ]);
  const hex = Buffer.from(secret).toString("hex");
  return [...forms, inJson(json), hex, hex.toUpperCase()];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function inAddress(text: string): string {
  // Half a character of two cannot be written into an address.
  return encodeURIComponent(Buffer.from(text).toString());
}

function inForm(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

/** As `util.inspect` writes a text, in the first kind of quotes that is not in it. */
function quoted(text: string): string[] {
  const lines = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return [lines, lines.replaceAll("'", "\\'")];
}

/** What base64 makes of a text wherever it begins in what is encoded, without the characters that depend on its neighbours. */
function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const isWhole = (offset + bytes.length) % 3 === 0;
    const core = encoded.slice(offset === 0 ? 0 : offset + 1, isWhole ? undefined : -1);
    return core.length < shortestCore ? [] : [core, core.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
