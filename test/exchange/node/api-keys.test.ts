/** Proves that key secrets are derived alike on every node and that the sandbox's are DESIGN's. Not: that routes check them. */
import { expect, it } from "vitest";
import { createKeyRing, deriveSecrets, sandboxSecrets } from "../../../exchange/node/api-keys";

const MASTER = "a-master-secret-for-tests-only-0123456789";

it("derives the same secrets for ever: a change would end every key", () => {
  expect(deriveSecrets(MASTER, "key-1")).toEqual({
    secret: "9j/q0ZGIxWreryp1UU4np8tdwC7McZLgg5tFX7yqUzo=",
    passphrase: "617970548ca83f5c7d9ce439988f94a6",
  });
});

it("derives other secrets for another key and from another master", () => {
  const all = [deriveSecrets(MASTER, "a"), deriveSecrets(MASTER, "b"), deriveSecrets(`${MASTER}!`, "a")];
  expect(new Set(all.flatMap(({ secret, passphrase }) => [secret, passphrase])).size).toBe(6);
});

it("gives the sandbox's public secrets in a sandbox alone", () => {
  const shown = { secret: Buffer.from("sandbox-1-secret").toString("base64"), passphrase: "sandbox-1" };
  expect(sandboxSecrets("sandbox-1")).toEqual(shown);
  const inside = createKeyRing({ apiKeyMaster: MASTER, isSandbox: true });
  expect([inside.credentialsOf("sandbox-1"), inside.canIssue]).toEqual([shown, true]);
  expect(inside.credentialsOf("sandbox-10")).toEqual(deriveSecrets(MASTER, "sandbox-10"));
  expect(createKeyRing({ apiKeyMaster: MASTER, isSandbox: false }).credentialsOf("sandbox-1")).toEqual(
    deriveSecrets(MASTER, "sandbox-1"),
  );
});

it("without a master secret gives secrets that nobody can know, and issues none", () => {
  const [one, other] = [0, 1].map(() => createKeyRing({ apiKeyMaster: undefined, isSandbox: true }));
  expect(one?.canIssue).toBe(false);
  expect(one?.credentialsOf("key-1")).toEqual(one?.credentialsOf("key-1"));
  expect(one?.credentialsOf("key-1")).not.toEqual(other?.credentialsOf("key-1"));
});
