import type { Step } from "./planted";

const ACCOUNT = "a".repeat(32);
/** The baseline's zone; the plants' worlds know it as example.com. */
export const ZONE = "z".repeat(32);
/** A world in which the baseline's zone has a name. */
export const settings = { cloudflarePlan: "business", zones: { [ZONE]: "example.com" } };
const subject = { commonName: "twodoor" };

/** A private key and a certificate that an authority signed, by the names `<name>-key`, `<name>-request`, `<name>`. */
export function leaf(name: string): Step[] {
  return [
    {
      name: `${name}-key`,
      type: "tls:index/privateKey:PrivateKey",
      inputs: () => ({ algorithm: "ECDSA", ecdsaCurve: "P256" }),
    },
    {
      name: `${name}-request`,
      type: "tls:index/certRequest:CertRequest",
      inputs: (made) => ({ privateKeyPem: made(`${name}-key.privateKeyPem`), subject }),
    },
    {
      name,
      type: "tls:index/locallySignedCert:LocallySignedCert",
      inputs: (made) => ({
        certRequestPem: made(`${name}-request.certRequestPem`),
        caPrivateKeyPem: made("authority-key.privateKeyPem"),
        caCertPem: made("authority.certPem"),
        validityPeriodHours: 8760,
        allowedUses: ["digital_signature", "client_auth"],
      }),
    },
  ];
}

/** A door that Cloudflare takes as a whole, in the order in which it must be made. */
export const baseline: Step[] = [
  {
    name: "monitor",
    type: "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor",
    inputs: () => ({
      accountId: ACCOUNT,
      type: "https",
      expectedCodes: "200",
      interval: 15,
      timeout: 2,
      retries: 1,
      path: "/healthz/region",
    }),
  },
  ...["first", "second"].map((name, index): Step => ({
    name,
    type: "cloudflare:index/loadBalancerPool:LoadBalancerPool",
    inputs: (made) => ({
      accountId: ACCOUNT,
      name,
      origins: [{ name, address: `203.0.113.${String(index + 1)}` }],
      monitor: made("monitor.id"),
      checkRegions: ["WNAM"],
      latitude: 40,
      longitude: -83,
    }),
  })),
  {
    name: "balancer",
    type: "cloudflare:index/loadBalancer:LoadBalancer",
    inputs: (made) => ({
      zoneId: ZONE,
      name: "api.example.com",
      defaultPools: [made("first.id"), made("second.id")],
      fallbackPool: made("second.id"),
      proxied: true,
      steeringPolicy: "off",
    }),
  },
  {
    name: "record",
    type: "cloudflare:index/dnsRecord:DnsRecord",
    inputs: () => ({ zoneId: ZONE, name: "www.example.com", type: "A", content: "203.0.113.9", ttl: 60 }),
  },
  {
    name: "alias",
    type: "cloudflare:index/dnsRecord:DnsRecord",
    inputs: () => ({ zoneId: ZONE, name: "alias.example.com", type: "CNAME", content: "www.example.com", ttl: 60 }),
  },
  {
    name: "setting",
    type: "cloudflare:index/zoneSetting:ZoneSetting",
    inputs: () => ({ zoneId: ZONE, settingId: "ssl", value: "strict" }),
  },
  {
    name: "authority-key",
    type: "tls:index/privateKey:PrivateKey",
    inputs: () => ({ algorithm: "ECDSA", ecdsaCurve: "P256" }),
  },
  {
    name: "authority",
    type: "tls:index/selfSignedCert:SelfSignedCert",
    inputs: (made) => ({
      privateKeyPem: made("authority-key.privateKeyPem"),
      subject,
      isCaCertificate: true,
      validityPeriodHours: 8760,
      allowedUses: ["cert_signing"],
    }),
  },
  ...leaf("leaf"),
  {
    name: "client",
    type: "cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate",
    inputs: (made) => ({ zoneId: ZONE, certificate: made("leaf.certPem"), privateKey: made("leaf-key.privateKeyPem") }),
  },
  {
    name: "association",
    type: "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls",
    inputs: (made) => ({
      zoneId: ZONE,
      configs: [{ hostname: "api.example.com", certId: made("client.id"), enabled: true }],
    }),
  },
  {
    name: "limit",
    type: "cloudflare:index/ruleset:Ruleset",
    inputs: () => ({
      zoneId: ZONE,
      kind: "zone",
      name: "limit",
      phase: "http_ratelimit",
      rules: [{ action: "block", ratelimit: { characteristics: ["cf.colo.id", "ip.src"], period: 10 } }],
    }),
  },
  {
    name: "alert",
    type: "cloudflare:index/notificationPolicy:NotificationPolicy",
    inputs: (made) => ({
      accountId: ACCOUNT,
      name: "alert",
      alertType: "load_balancing_health_alert",
      enabled: true,
      mechanisms: { emails: [{ id: "ops@example.com" }] },
      filters: { poolIds: [made("first.id")] },
    }),
  },
];
