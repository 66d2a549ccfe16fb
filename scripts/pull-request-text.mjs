// The text of a comment, from what a stranger's job has left: data of a limited size that can mention nobody and link nowhere.
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** More than `twodoor check` ever writes: the text is cut afterwards. */
const COMMENT_BYTES_MAX = 1024 * 1024;

/** There is nothing to write, and that is no mistake. */
export class Nothing extends Error {}

/** What every comment of one check begins with, by which it is found again. Throws for a name that could be anything else. */
export function markerOf(name) {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return `<!-- twodoor:${name} -->`;
  throw new Error("name: up to 64 letters, digits, dots, dashes and underscores");
}

/** A file of the artifact, or undefined where it is missing, no plain file, or too large. */
export function contentOf(directory, file, bytesMax) {
  const path = join(directory, file);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined || !stat.isFile() || stat.size > bytesMax ? undefined : readFileSync(path, "utf8");
}

/** The whole comment, of at most `lengthMax` characters. */
export function bodyOf(directory, marker, sha, lengthMax) {
  const comment = contentOf(directory, "comment.md", COMMENT_BYTES_MAX);
  if (comment === undefined) throw new Nothing("the check left no comment that can be shown");
  const closing = `\n\n<sub>twodoor check of ${sha}, as the pull request's own job tells it.</sub>`;
  return `${marker}\n${fitting(harmless(comment).trim(), lengthMax - marker.length - 1 - closing.length)}${closing}`;
}

/** A zero-width space: platforms then see no mention, reference or address. */
const GAP = "\u200B";

/** What the report itself writes stays as it is; any other markup is shown as text. */
function harmless(text) {
  return (
    text
      .replace(/\r\n?/g, "\n")
      .replace(/[\u0000-\u0008\u000B-\u001F\u007F\u202A-\u202E\u2066-\u2069]/g, "")
      .replace(/<(?!\/?(?:details|summary|b|code)>)/g, "&lt;")
      .replace(/&(?!(?:amp|lt|gt|#(?:33|35|40|41|42|43|91|92|93|95|96|123|124|125|126));)/g, "&amp;")
      .replace(/(@|&#35;)(?!\u200B)/g, `$1${GAP}`)
      .replace(/(?<!&)#(?=\d)|(?<=&amp;)#/g, `#${GAP}`)
      .replace(/:\/\//g, `:${GAP}//`)
      .replace(/\b(www)\./gi, `$1${GAP}.`)
      .replace(/\](?=[([:])/g, `]${GAP}`)
      // GitLab acts on lines that begin with a command (https://docs.gitlab.com/user/project/quick_actions/).
      .replace(/^(\s*)\/(?=[a-z])/gim, `$1${GAP}/`)
  );
}

const CUT = "\n\n_The rest did not fit into a comment: the run's summary and its artifact have all._";

/** Cuts behind the last whole finding that fits, so that nothing stays unfolded. */
function fitting(text, lengthMax) {
  if (text.length <= lengthMax) return text;
  const part = text.slice(0, lengthMax - CUT.length);
  const closed = part.lastIndexOf("</details>");
  const end = closed > 0 ? closed + "</details>".length : Math.max(part.lastIndexOf("\n"), 0) || part.length;
  return part.slice(0, end) + CUT;
}
