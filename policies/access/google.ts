import type { Design } from "../../resilience/design";
import { unknown, valueOr, withDefault } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import type { GraphIndex } from "../../resilience/index-of";
import { linked } from "../../resilience/kinds/gcp/links";
import { oncePerGraph, push } from "../../resilience/kinds/once";
import type { Entry, Surroundings } from "../../resilience/model";
import { boolean, count, list, object, text, texts } from "../../resilience/reader";
import { referenced } from "../../resilience/references";
import { isObject, own } from "../../resilience/values";
import { aroundOf, routesOf } from "../google-routes";
import { serversOf } from "../serving";
import { CLOSED, doubted, guarded, opened, together, type Access } from "./access";
import { throughArmor } from "./cloud-armor";
import { isWide } from "./ranges";

const RULES = ["gcp:compute/forwardingRule:ForwardingRule", "gcp:compute/globalForwardingRule:GlobalForwardingRule"];
const SERVER_TLS = "gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy";
const FIREWALL = "gcp:compute/firewall:Firewall";
const NETWORK = "gcp:compute/network:Network";
const RUN_V2 = "gcp:cloudrunv2/service:Service";
const RUN_V1 = "gcp:cloudrun/service:Service";

/** Who gets to an entry of Google without the edge. */
export function googleAccess(design: Design, entry: Entry, resource: Resource): Access {
  if (RULES.includes(resource.type)) {
    return together([ofBalancer(design, resource), ...behind(design, entry)]);
  }
  if (resource.type === RUN_V2 || resource.type === RUN_V1) {
    return opened(
      resource.urn,
      `${resource.name} is its own origin: its run.app address answers everybody`,
      "put a regional load balancer before it, and set its ingress to internal and load balancing",
    );
  }
  return doubted(unknown(resource.urn, "access", "is not understood for this kind of entry"));
}

function ofBalancer(design: Design, rule: Resource): Access {
  const around = aroundOf(design);
  const { proxies, backends, unknowns } = routesOf(rule, around);
  if (proxies.length === 0) return unknowns.length > 0 ? doubted(...unknowns) : throughFirewalls(design, rule);
  if (backends.length === 0) return doubted(...unknowns);
  const byAddress = together([doubted(...unknowns), ...backends.map((backend) => throughArmor(backend, around))]);
  return together(
    proxies.map(({ proxy, speaks }) =>
      guarded(speaks === "tls" ? throughTls(proxy, around) : withoutCertificate(proxy), byAddress),
    ),
  );
}

/** cloud.google.com/load-balancing/docs/mtls: `REJECT_INVALID` refuses who has no certificate of the trust config, the other mode does not. */
function throughTls(proxy: Resource, around: Surroundings): Access {
  const policies = linked(proxy, "serverTlsPolicy", [SERVER_TLS], around);
  if (!policies.known) return doubted(policies);
  const modes = policies.value.map((policy) => text(policy, "mtlsPolicy.clientValidationMode"));
  if (modes.some((mode) => mode.known && mode.value === "REJECT_INVALID")) return CLOSED;
  const missing = modes.find((mode) => !mode.known);
  return missing === undefined ? withoutCertificate(proxy) : doubted(missing);
}

function withoutCertificate(proxy: Resource): Access {
  return opened(
    proxy.urn,
    `${proxy.name} asks nobody for a certificate`,
    "give it a server TLS policy with clientValidationMode REJECT_INVALID and the authority of the edge's certificate",
  );
}

/** What stands behind a balancer and has an address of its own. */
function behind(design: Design, entry: Entry): Access[] {
  return serversOf(design, [entry.id]).found.flatMap(({ urn }) => {
    const resource = urn === null ? undefined : design.index.byUrn.get(urn);
    if (resource?.type === RUN_V2) return [ofRunV2(resource)];
    return resource?.type === RUN_V1 ? [ofRunV1(resource)] : [];
  });
}

/** docs.cloud.google.com/run/docs/securing/ingress: all addresses by default. */
function ofRunV2(service: Resource): Access {
  const ingress = withDefault(text(service, "ingress"), "INGRESS_TRAFFIC_ALL");
  const isDisabled = withDefault(boolean(service, "defaultUriDisabled"), false);
  if (isDisabled.known && isDisabled.value) return CLOSED;
  if (!ingress.known) return doubted(ingress);
  if (ingress.value !== "INGRESS_TRAFFIC_ALL" && ingress.value !== "") return CLOSED;
  return isDisabled.known
    ? bypassed(service, "set its ingress to INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER")
    : doubted(isDisabled);
}

function ofRunV1(service: Resource): Access {
  const annotations = object(service, "metadata.annotations");
  if (!annotations.known) return doubted(annotations);
  const ingress = own(annotations.value, "run.googleapis.com/ingress") ?? "all";
  const isDisabled = own(annotations.value, "run.googleapis.com/default-url-disabled") === "true";
  if (ingress !== "all" || isDisabled) return CLOSED;
  return bypassed(service, "set the annotation run.googleapis.com/ingress to internal-and-cloud-load-balancing");
}

function bypassed(service: Resource, fix: string): Access {
  return opened(service.urn, `${service.name} answers everybody at its run.app address, past its load balancer`, fix);
}

/** A balancer that passes packets through: the firewall of the network decides, which lets nobody in unless a rule says so. */
function throughFirewalls(design: Design, rule: Resource): Access {
  const { index } = design;
  const firewalls = byNetwork(index);
  const networks = networksOf(index, rule);
  const own_ =
    networks.length === 0 ? [...firewalls.values()].flat() : networks.flatMap((urn) => firewalls.get(urn) ?? []);
  return together([...new Set([...own_, ...(firewalls.get("") ?? [])])].map(throughFirewall));
}

/** Firewall rules by the URN of their network; under an empty text those of which it is not known. */
const byNetwork = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const firewall of index.ofType(FIREWALL)) {
    const networks = networksOf(index, firewall);
    for (const urn of networks.length === 0 ? [""] : networks) push(found, urn, firewall);
  }
  return found;
});

function networksOf(index: GraphIndex, resource: Resource): string[] {
  const networks = referenced(index, resource, "network", [NETWORK]);
  return networks.known ? networks.value.map(({ urn }) => urn) : [];
}

function throughFirewall(firewall: Resource): Access {
  const direction = withDefault(text(firewall, "direction"), "INGRESS");
  if (!direction.known) return doubted(direction);
  if (direction.value !== "INGRESS" || valueOr(boolean(firewall, "disabled"), false) === true) return CLOSED;
  const allows = list(firewall, "allows");
  if (!allows.known) return doubted(allows);
  if (!allows.value.some((allow) => isObject(allow))) return CLOSED;
  const limits = ["sourceTags", "sourceServiceAccounts"].some((path) => valueOr(count(firewall, path), 0) > 0);
  const ranges = texts(firewall, "sourceRanges");
  if (!ranges.known) return doubted(ranges);
  // Without ranges, tags and accounts a rule means every address.
  const isOpen =
    (ranges.value.length === 0 && !limits) || ranges.value.some((range) => range.known && isWide(range.value));
  if (isOpen) {
    return opened(
      firewall.urn,
      `the firewall rule ${firewall.name} lets in every address`,
      "let in the edge's ranges alone",
    );
  }
  return doubted(...ranges.value.flatMap((range) => (range.known ? [] : [range])));
}
