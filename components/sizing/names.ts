import { createHash } from "node:crypto";

/** Characters of the hash that stands for what {@link boundedName} had to leave out. */
const HASH_LENGTH = 4;

/**
 * The logical name `<base>-<role>`, kept within `lengthMax` characters.
 *
 * A name that is too long loses the end of its base, and four hexadecimal characters of the whole base's SHA-256 take its
 * place, so that two long bases still give two names. The same input always gives the same name: logical names are identity.
 *
 * @param lengthMax - the vendor's limit less the 8 characters that Pulumi's auto-naming adds.
 */
export function boundedName(base: string, role: string, lengthMax: number): string {
  const whole = `${base}-${role}`;
  if (whole.length <= lengthMax) return whole;
  const hash = createHash("sha256").update(base).digest("hex").slice(0, HASH_LENGTH);
  const kept = lengthMax - role.length - HASH_LENGTH - 2;
  return `${base.slice(0, Math.max(kept, 1)).replace(/-+$/, "")}-${hash}-${role}`;
}
