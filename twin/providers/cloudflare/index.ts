import { X509Certificate } from "node:crypto";
import type { Json } from "../../../resilience/values";
import { objects, text } from "../../values";
import { timeOf } from "../../world";
import type { CloudModel, DeadCall, Drift, Made, ResourceModel } from "../model";
import { refusals } from "./refusals";
import { sources } from "./sources";

const dated: Record<string, (made: Made) => Json> = {
  createdOn: ({ sequence }) => timeOf(sequence),
  modifiedOn: ({ sequence }) => timeOf(sequence),
};
const index = (name: string): string => `cloudflare:index/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** Cloudflare as `@pulumi/cloudflare` 6 sees it. Explicit names change nothing about replacements here. */
export const cloudflare: CloudModel = {
  name: "cloudflare",
  refusals,
  sources,
  namedMeansDeleteFirst: false,
  scopeOf: () => ({}),
  // Settings of a zone are there before anybody makes them: making one is a write.
  exists: ({ type, id }) =>
    /zoneSetting|OriginPulls:|OriginPullsSettings/.test(type) ? undefined : `${type} ${id}: already exists`,
  // `apiToken` is checked by the provider's schema: 40 to 80 of these characters.
  refusesConfig: (config) => {
    const token = text(config, "apiToken");
    return token === undefined || /^[0-9A-Za-z_-]{40,80}$/.test(token)
      ? undefined
      : "API tokens must only contain characters a-z, A-Z, 0-9, hyphens and underscores, 40 to 80 of them";
  },
  unreachable,
  invokes: {},
  resources: {
    [index("zone")]: {
      replaceOn: ["account"],
      computed: { ...dated, status: () => "active", nameServers: () => ["ada.ns.example", "bob.ns.example"] },
    },
    [index("loadBalancerMonitor")]: { replaceOn: ["accountId"], computed: dated },
    [index("loadBalancerMonitorGroup")]: { replaceOn: ["accountId"], computed: dated },
    [index("loadBalancerPool")]: {
      replaceOn: ["accountId"],
      sets: ["checkRegions"],
      drifts: poolDrifts(),
      computed: { ...dated, disabledAt: () => "", networks: () => [] },
    },
    [index("loadBalancer")]: {
      replaceOn: ["zoneId"],
      drifts: balancerDrifts(),
      computed: { ...dated, zoneName: (made) => made.around.settings.zones[text(made.inputs, "zoneId") ?? ""] ?? "" },
    },
    [index("dnsRecord")]: {
      replaceOn: ["zoneId", "type"],
      sets: ["tags"],
      drifts: recordDrifts(),
      computed: {
        ...dated,
        proxiable: ({ inputs }) => ["A", "AAAA", "CNAME"].includes(text(inputs, "type") ?? ""),
        meta: () => "{}",
        commentModifiedOn: () => "",
        tagsModifiedOn: () => "",
      },
    },
    // A setting exists in every zone: making it is a write, and its id is its name.
    [index("zoneSetting")]: {
      replaceOn: ["zoneId", "settingId"],
      id: ({ inputs }) => text(inputs, "settingId") ?? "",
      computed: { editable: () => true, modifiedOn: ({ sequence }) => timeOf(sequence), timeRemaining: () => 0 },
    },
    [index("ruleset")]: {
      replaceOn: ["accountId", "zoneId", "kind", "name", "phase"],
      computed: { lastUpdated: ({ sequence }) => timeOf(sequence), version: () => "1" },
    },
    [index("notificationPolicy")]: {
      replaceOn: ["accountId"],
      sets: ["mechanisms.emails", "mechanisms.webhooks", "mechanisms.pagerduties"],
      computed: { created: ({ sequence }) => timeOf(sequence), modified: ({ sequence }) => timeOf(sequence) },
    },
    [index("notificationPolicyWebhooks")]: {
      replaceOn: ["accountId"],
      computed: { createdAt: ({ sequence }) => timeOf(sequence), type: () => "generic" },
    },
    ...originPulls(),
  },
};

function originPulls(): Record<string, ResourceModel> {
  const certificate: ResourceModel = {
    trimmed: ["certificate", "privateKey"],
    computed: {
      expiresOn: (made) => parsed(made)?.validTo ?? "",
      issuer: (made) => parsed(made)?.issuer ?? "",
      serialNumber: (made) => parsed(made)?.serialNumber ?? "",
      signature: () => "ECDSA-SHA256",
      status: () => "pending_deployment",
      uploadedOn: ({ sequence }) => timeOf(sequence),
    },
  };
  return {
    [index("authenticatedOriginPullsHostnameCertificate")]: {
      ...certificate,
      replaceOn: ["zoneId", "certificate", "privateKey"],
    },
    [index("authenticatedOriginPullsCertificate")]: { ...certificate, replaceOn: ["zoneId", "certificate"] },
    [index("authenticatedOriginPullsSettings")]: {
      replaceOn: ["zoneId"],
      id: ({ inputs }) => text(inputs, "zoneId") ?? "",
    },
    [index("authenticatedOriginPulls")]: {
      replaceOn: ["zoneId"],
      id: ({ inputs }) => text(inputs, "configs[0].hostname") ?? "",
      changedByUpdate: ["certId", "hostname", "enabled"],
      computed: {
        hostname: ({ inputs }) => text(inputs, "configs[0].hostname") ?? "",
        certId: ({ inputs }) => text(inputs, "configs[0].certId") ?? "",
        enabled: ({ inputs }) => objects(inputs, "configs")[0]?.["enabled"] ?? null,
        status: () => "pending_deployment",
        certStatus: () => "active",
        createdAt: ({ sequence }) => timeOf(sequence),
        updatedAt: ({ sequence }) => timeOf(sequence),
      },
    },
  };
}

function poolDrifts(): Drift[] {
  const portZero = (origin: { [name: string]: Json }): boolean => origin["port"] === 0;
  return [{ row: "cloudflare port", property: "origins", when: (inputs) => objects(inputs, "origins").some(portZero) }];
}

function balancerDrifts(): Drift[] {
  return [
    {
      row: "cloudflare C41",
      property: "ttl",
      when: (inputs) => inputs["proxied"] === true && inputs["ttl"] !== undefined && inputs["ttl"] !== 0,
    },
  ];
}

function recordDrifts(): Drift[] {
  return ["name", "content"].map((property) => ({
    row: "cloudflare C58",
    property,
    when: (inputs) => text(inputs, property)?.endsWith(".") === true,
  }));
}

function parsed({ inputs }: Made): X509Certificate | undefined {
  try {
    return new X509Certificate(text(inputs, "certificate") ?? "");
  } catch {
    return undefined;
  }
}

/** Configuring checks the token's form alone and calls nothing: the provider's `Configure` only builds a client. */
function unreachable({ method, token }: DeadCall): string | undefined {
  if (method === "configure") return undefined;
  return `failed to make http request: ${method} ${token}: "https://api.cloudflare.com/client/v4": 503 Service Unavailable {"success":false,"errors":[{"code":10000,"message":"The service is unavailable"}]}`;
}
