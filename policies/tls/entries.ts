import type { Design } from "../../resilience/design";
import { withDefault, type Unknown } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import { linked } from "../../resilience/kinds/gcp/links";
import type { Entry } from "../../resilience/model";
import { list, text } from "../../resilience/reader";
import { answersItself, listenersOf } from "../aws-listeners";
import { aroundOf, routesOf } from "../google-routes";

/** A place in which an entry speaks without TLS, or with a version that is broken. */
export interface Weakness {
  urn: string;
  /** As a sentence without a full stop. */
  what: string;
  fix: string;
}

/** What is weak about the TLS of an entry, and what is not known about it. */
export interface Strength {
  weaknesses: Weakness[];
  unknowns: Unknown[];
}

/** The TLS that an entry speaks with clients. Kinds whose TLS the cloud decides (functions, Cloud Run, APIs) have no weakness. */
export function tlsOf(design: Design, entry: Entry): Strength {
  const resource = entry.urn === null ? undefined : design.index.byUrn.get(entry.urn);
  if (resource === undefined) return NONE;
  if (entry.place.cloud === "aws") return ofListeners(design, resource);
  return entry.place.cloud === "gcp" && resource.type.endsWith("orwardingRule") ? ofRule(design, resource) : NONE;
}

const NONE: Strength = { weaknesses: [], unknowns: [] };

function together(all: readonly Strength[]): Strength {
  return {
    weaknesses: all.flatMap(({ weaknesses }) => weaknesses),
    unknowns: all.flatMap(({ unknowns }) => unknowns),
  };
}

function weak(urn: string, what: string, fix: string): Strength {
  return { weaknesses: [{ urn, what, fix }], unknowns: [] };
}

function doubted(fact: Unknown): Strength {
  return { weaknesses: [], unknowns: [fact] };
}

function ofListeners({ index }: Design, balancer: Resource): Strength {
  return together(listenersOf(index, balancer).map(ofListener));
}

/**
 * Policies that speak TLS 1.2 at least. The provider's default is `ELBSecurityPolicy-2016-08`, which speaks 1.0
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html).
 */
const STRONG_POLICIES = /^ELBSecurityPolicy-(?:TLS13-1-[23]|TLS-1-2|FS-1-2)-/;

function ofListener(listener: Resource): Strength {
  const protocol = text(listener, "protocol");
  if (!protocol.known) return doubted(protocol);
  if (protocol.value === "HTTP") return ofPlainListener(listener);
  if (protocol.value !== "HTTPS" && protocol.value !== "TLS") return NONE;
  const policy = withDefault(text(listener, "sslPolicy"), "ELBSecurityPolicy-2016-08");
  if (!policy.known) return doubted(policy);
  if (STRONG_POLICIES.test(policy.value)) return NONE;
  return weak(
    listener.urn,
    `the listener ${listener.name} speaks TLS older than 1.2 (${policy.value})`,
    "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or a stricter one",
  );
}

function ofPlainListener(listener: Resource): Strength {
  const actions = list(listener, "defaultActions");
  if (!actions.known) return doubted(actions);
  if (actions.value.every(answersItself)) return NONE;
  return weak(
    listener.urn,
    `the listener ${listener.name} takes requests without TLS`,
    "let it redirect to HTTPS, or take it away",
  );
}

const SSL_POLICIES = ["gcp:compute/sSLPolicy:SSLPolicy", "gcp:compute/regionSslPolicy:RegionSslPolicy"];

function ofRule(design: Design, rule: Resource): Strength {
  const { proxies } = routesOf(rule, aroundOf(design));
  return together(
    proxies.map(({ proxy, speaks }) => {
      if (speaks === "tls") return ofProxy(design, proxy);
      if (speaks === "tcp") return NONE;
      return weak(proxy.urn, `${proxy.name} takes requests without TLS`, "put a target HTTPS proxy in its place");
    }),
  );
}

/**
 * Without a policy of its own a proxy speaks TLS 1.0 (docs.cloud.google.com/load-balancing/docs/ssl-policies-concepts). The profile
 * `RESTRICTED` has ciphers of TLS 1.2 and later alone, whatever the lowest version says.
 */
function ofProxy(design: Design, proxy: Resource): Strength {
  const policies = linked(proxy, "sslPolicy", SSL_POLICIES, aroundOf(design));
  if (!policies.known) return doubted(policies);
  if (policies.value.length === 0) {
    return weak(
      proxy.urn,
      `${proxy.name} has no SSL policy and speaks TLS 1.0`,
      "give it an SSL policy with minTlsVersion TLS_1_2",
    );
  }
  return together(
    policies.value.map((policy) => {
      const version = withDefault(text(policy, "minTlsVersion"), "TLS_1_0");
      const profile = withDefault(text(policy, "profile"), "COMPATIBLE");
      if (profile.known && profile.value === "RESTRICTED") return NONE;
      if (!version.known) return doubted(version);
      if (version.value === "TLS_1_2" || version.value === "TLS_1_3") return NONE;
      if (!profile.known) return doubted(profile);
      return weak(
        policy.urn,
        `the SSL policy ${policy.name} lets TLS older than 1.2 in`,
        "set minTlsVersion to TLS_1_2",
      );
    }),
  );
}
