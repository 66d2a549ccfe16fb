// Proves on the real engine, against local providers: Cloudflare's four components come up, leave nothing to do, and a region's drain, its
// removal and a rotation of the client certificate each touch what they must and replace nothing. Does not prove Cloudflare's own answers.
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withProviders } from "../../twin/attach";
import { findEngine, openStack, skipsWithout, type OpenStack } from "../support/engine";

const engine = findEngine();
const skipped = skipsWithout(engine, "Cloudflare's components through the real engine");

const BALANCER = "cloudflare:index/loadBalancer:LoadBalancer api-load-balancer";
const ASSOCIATION =
  "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls pulls-association-api.example.com";
const NOTIFICATION = "cloudflare:index/notificationPolicy:NotificationPolicy";

/** What one generation of client certificates is made of. */
const generation = (op: string, id: string) => [
  `${op} cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate pulls-certificate-${id}`,
  `${op} tls:index/certRequest:CertRequest client-${id}-leaf-request`,
  `${op} tls:index/locallySignedCert:LocallySignedCert client-${id}-leaf`,
  `${op} tls:index/privateKey:PrivateKey client-${id}-authority-key`,
  `${op} tls:index/privateKey:PrivateKey client-${id}-leaf-key`,
  `${op} tls:index/selfSignedCert:SelfSignedCert client-${id}-authority`,
];

/** The certificates of the first generation as the state holds them, and that state. */
async function certificates(stack: OpenStack) {
  const state = await stack.exported();
  const { deployment } = JSON.parse(state) as {
    deployment: { resources: { urn: string; outputs?: { certPem?: string } }[] };
  };
  const named = (name: string) =>
    new X509Certificate(deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs?.certPem ?? "");
  return { authority: named("client-2026a-authority"), leaf: named("client-2026a-leaf"), state };
}

describe.skipIf(skipped)("Cloudflare's components through the real engine", () => {
  let stack: OpenStack;
  beforeAll(async () => {
    stack = await openStack(engine.directory ?? "", { program: join(__dirname, "programs/edge"), stack: "test" });
  }, 60_000);
  afterAll(() => {
    stack.close();
  });

  it("come up, settle, drain, rotate and go", async () => {
    await withProviders({ world: join(stack.directory, "world") }, async ({ environment }) => {
      const up = async (settings: Record<string, string>) => {
        for (const [key, value] of Object.entries(settings)) await stack.setConfig(`edge:${key}`, value);
        const { errors, changes, status } = await stack.up(environment);
        return { status, errors, changes };
      };
      const done = (changes: string[]) => ({ status: 0, errors: [], changes });

      const created = await up({});
      expect([created.status, created.errors, created.changes.length]).toEqual([0, [], 26]);
      expect((await stack.preview(environment)).changes).toEqual([]);
      expect((await stack.refresh(environment)).changes).toEqual([]);
      const { authority, leaf, state } = await certificates(stack);
      expect([authority.ca, leaf.ca, leaf.verify(authority.publicKey), leaf.checkIssued(authority)]).toEqual([
        true,
        false,
        true,
        true,
      ]);
      expect([
        leaf.toLegacyObject().ext_key_usage,
        leaf.checkHost("api.example.com"),
        leaf.publicKey.asymmetricKeyDetails?.namedCurve,
      ]).toEqual([["1.3.6.1.5.5.7.3.2"], "api.example.com", "prime256v1"]);
      expect(state).not.toContain("PRIVATE KEY");

      expect(await up({ serving: "us-central1" })).toEqual(done([`update ${BALANCER}`]));
      expect(await up({ pools: "us-central1" })).toEqual(
        done([
          "delete cloudflare:index/loadBalancerPool:LoadBalancerPool api-pool-us-east-2",
          `update ${NOTIFICATION} api-enablement-notification`,
          `update ${NOTIFICATION} api-health-notification`,
        ]),
      );

      expect(await up({ generations: "2026a 2026b" })).toEqual(done(generation("create", "2026b")));
      expect(await up({ active: "2026b" })).toEqual(done([`update ${ASSOCIATION}`]));
      expect(await up({ generations: "2026b" })).toEqual(done(generation("delete", "2026a")));
      expect((await stack.preview(environment)).changes).toEqual([]);

      const destroyed = await stack.destroy(environment);
      expect([destroyed.status, destroyed.errors, destroyed.changes.length]).toEqual([0, [], 25]);
    });
  }, 300_000);
});
