/**
 * Secrets of customers' keys are not stored anywhere: each node derives them from the master secret and the key's id, so that the
 * journal, its snapshots and its backups hold nothing with which somebody could sign. Whoever changes the master ends all keys.
 */
import { createHmac, randomBytes } from "node:crypto";

/** What a client signs with. `secret` is base64, as clients of Coinbase Exchange expect it. */
export interface KeySecrets {
  readonly secret: string;
  readonly passphrase: string;
}

/** How many accounts the sandbox has: `sandbox-1` to `sandbox-9`. */
export const SANDBOX_ACCOUNTS = 9;
const SANDBOX_KEY = /^sandbox-[1-9]$/;

const derived = (master: string, purpose: string, keyId: string): Buffer =>
  createHmac("sha256", master).update(`twodoor-exchange/v1/${purpose}/${keyId}`).digest();

/** The key's secrets. The same for each node with the same master; the passphrase is 32 hexadecimal digits. */
export function deriveSecrets(master: string, keyId: string): KeySecrets {
  return {
    secret: derived(master, "secret", keyId).toString("base64"),
    passphrase: derived(master, "passphrase", keyId).toString("hex").slice(0, 32),
  };
}

/** The public secrets of a sandbox key: `base64(<name>-secret)` and the name itself. */
export function sandboxSecrets(keyId: string): KeySecrets {
  return { secret: Buffer.from(`${keyId}-secret`).toString("base64"), passphrase: keyId };
}

/** Answers what each key id signs with, whether or not such a key was ever issued: that is the machine's to say, and costs the same. */
export interface KeyRing {
  credentialsOf(keyId: string): KeySecrets;
  /** Whether keys can be issued: not without a master secret, since the next start would derive others. */
  readonly canIssue: boolean;
}

/** The key ring of a node. Without a master secret all but the sandbox's keys get secrets that nobody can know. */
export function createKeyRing(settings: {
  readonly apiKeyMaster: string | undefined;
  readonly isSandbox: boolean;
}): KeyRing {
  const master = settings.apiKeyMaster ?? randomBytes(32).toString("base64");
  return {
    credentialsOf: (keyId) => {
      const secrets = deriveSecrets(master, keyId);
      return settings.isSandbox && SANDBOX_KEY.test(keyId) ? sandboxSecrets(keyId) : secrets;
    },
    canIssue: settings.apiKeyMaster !== undefined,
  };
}
