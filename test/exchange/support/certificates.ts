/** Certificates for tests: an authority, a server's certificate for 127.0.0.1 and a client's, valid for an hour. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import type { CertificateFiles } from "../../../exchange/journal/nats/operate/server-config";

/** What a test needs of them. */
export interface Certificates {
  /** For both uses, as routes need: each server is also a client of the others. */
  readonly serverFiles: CertificateFiles;
  /** PEM texts of a client. */
  readonly client: { readonly ca: string; readonly cert: string; readonly key: string };
  /** Another authority that signed nothing here. */
  readonly otherCa: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function keyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
}

/** Makes them and writes the servers' files into `folder`. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  mkdirSync(folder, { recursive: true });
  const notBefore = new Date(Date.now() - 60_000);
  const notAfter = new Date(Date.now() + 3_600_000);
  const common = { notBefore, notAfter, signingAlgorithm: ALGORITHM };
  const authority = async (
    name: string,
  ): Promise<{ keys: webcrypto.CryptoKeyPair; certificate: x509.X509Certificate }> => {
    const keys = await makeKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      ...common,
      serialNumber: "01",
      name: `CN=${name}`,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 1, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return { keys, certificate };
  };
  const ca = await authority("twodoor test");
  const other = await authority("somebody else");
  const leaf = async (name: string, serialNumber: string): Promise<{ cert: string; key: string }> => {
    const keys = await makeKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...common,
      serialNumber,
      subject: `CN=${name}`,
      issuer: ca.certificate.subject,
      signingKey: ca.keys.privateKey,
      publicKey: keys.publicKey,
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          { type: "ip", value: "127.0.0.1" },
          { type: "dns", value: "localhost" },
        ]),
        new x509.ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]),
      ],
    });
    return { cert: certificate.toString("pem"), key: await keyPem(keys) };
  };
  const server = await leaf("voter", "02");
  const client = await leaf("node", "03");
  const caPem = ca.certificate.toString("pem");
  const serverFiles = { ca: join(folder, "ca.pem"), cert: join(folder, "server.pem"), key: join(folder, "server.key") };
  writeFileSync(serverFiles.ca, caPem);
  writeFileSync(serverFiles.cert, server.cert);
  writeFileSync(serverFiles.key, server.key, { mode: 0o600 });
  return { serverFiles, client: { ca: caPem, ...client }, otherCa: other.certificate.toString("pem") };
}
