import { cidrsOverlap, parseCidr } from "../../../components/sizing/cidr";
import type { JsonObject } from "../../../resilience/values";
import { boolean, list, number, objects, text, texts } from "../../values";
import type { Thing } from "../../world";
import { others, refusal, type Refusal, type Subject, type Surroundings } from "../model";
import { invalid, means, named, placeOf, referred } from "./references";

const NETWORK = "gcp:compute/network:Network";
const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
const ROUTER = "gcp:compute/router:Router";
const NAT = "gcp:compute/routerNat:RouterNat";
const ADDRESS = "gcp:compute/address:Address";
const RULE = "gcp:compute/forwardingRule:ForwardingRule";
const PROXY = "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy";
const URL_MAP = "gcp:compute/regionUrlMap:RegionUrlMap";
const BACKEND = "gcp:compute/regionBackendService:RegionBackendService";
const GROUP = "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup";
const POLICY = "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy";
const POLICY_RULE = "gcp:compute/regionSecurityPolicyRule:RegionSecurityPolicyRule";
const SSL = "gcp:compute/regionSslPolicy:RegionSslPolicy";
const CERTIFICATE = "gcp:certificatemanager/certificate:Certificate";
const TLS_POLICY = "gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy";
const SERVICE = "gcp:cloudrunv2/service:Service";
const PROXY_PURPOSE = "REGIONAL_MANAGED_PROXY";
/** Ranges of a basic Cloud Armor rule: https://docs.cloud.google.com/armor/docs/security-policy-overview. */
const RANGES_MAXIMUM = 10;
const write = ["create", "update"] as const;

const isProxyOnly = (inputs: JsonObject): boolean => text(inputs, "purpose") === PROXY_PURPOSE;
const subnetworks: readonly Refusal[] = [
  refusal("gcp R61", [SUBNETWORK], ["create"], "a proxy-only subnet without a role", ({ inputs }) =>
    isProxyOnly(inputs) && inputs["role"] === undefined
      ? invalid(
          "resource.role",
          inputs,
          "role",
          `Subnetwork role must be specified when purpose set to ${PROXY_PURPOSE}`,
        )
      : undefined,
  ),
  refusal(
    "gcp R62",
    [SUBNETWORK],
    ["create"],
    "a proxy-only subnet with flow logs, private access or secondary ranges",
    ({ inputs }) => {
      const odd =
        ["logConfig", "secondaryIpRanges"].some((name) => inputs[name] !== undefined) ||
        boolean(inputs, "privateIpGoogleAccess") === true;
      return isProxyOnly(inputs) && odd
        ? `Error 400: Invalid field set in subnetwork with purpose ${PROXY_PURPOSE}, badRequest`
        : undefined;
    },
  ),
  refusal("gcp R63", [SUBNETWORK], write, "a proxy-only subnet longer than /26", ({ inputs }) =>
    isProxyOnly(inputs) && (parseCidr(text(inputs, "ipCidrRange") ?? "")?.prefixLength ?? 0) > 26
      ? invalid("resource.ipCidrRange", inputs, "ipCidrRange", "The range is too small for a proxy-only subnet")
      : undefined,
  ),
  refusal(
    "gcp R64",
    [SUBNETWORK],
    ["create"],
    "a second active proxy-only subnet of a network and region",
    (subject, around) => {
      const active = ({ inputs }: { inputs: JsonObject }): boolean =>
        isProxyOnly(inputs) && text(inputs, "role") === "ACTIVE";
      const twin = others(subject, around).find((other) => active(other) && sameNetwork(other, subject));
      return active(subject) && twin !== undefined
        ? `Error 400: There already exists an active subnetwork '${twin.id}' with purpose ${PROXY_PURPOSE} in the same region and network, invalid`
        : undefined;
    },
  ),
  refusal("gcp R65", [SUBNETWORK], write, "a range that overlaps another subnet of the network", (subject, around) => {
    const own = parsed(text(subject.inputs, "ipCidrRange"));
    const hit = others(subject, around).find(
      (other) =>
        own !== undefined &&
        other.inputs["network"] === subject.inputs["network"] &&
        cidrsOverlap(own, text(other.inputs, "ipCidrRange") ?? own),
    );
    return hit === undefined
      ? undefined
      : `Error 400: Invalid IPCidrRange: ${own ?? ""} conflicts with existing subnetwork '${nameOf(hit)}' in region '${hit.scope.region ?? ""}'., invalid`;
  }),
  refusal("gcp R65 bits", [SUBNETWORK], ["create"], "host bits set in a range", ({ inputs }) => {
    const range = text(inputs, "ipCidrRange");
    return range === undefined || parseCidr(range) !== undefined
      ? undefined
      : invalid("resource.ipCidrRange", inputs, "ipCidrRange", "Must be a valid CIDR range without host bits");
  }),
  refusal("gcp R70", [NAT], write, "static NAT without addresses, or automatic NAT with some", ({ inputs }) => {
    const option = text(inputs, "natIpAllocateOption");
    const wrong =
      (option === "MANUAL_ONLY" && list(inputs, "natIps").length === 0) ||
      (option === "AUTO_ONLY" && list(inputs, "natIps").length > 0);
    return wrong
      ? invalid(
          "resource.nats[0].natIps",
          inputs,
          "natIps",
          `The option ${option} does not allow this list of addresses`,
        )
      : undefined;
  }),
];

const forwardingRules: readonly Refusal[] = [
  refusal("gcp R2", [RULE], ["create"], "a scheme other than its backend's", ({ inputs }, around) => {
    const scheme = text(inputs, "loadBalancingScheme") ?? "EXTERNAL";
    const backend = backendOf(text(inputs, "target"), around);
    return backend === undefined || (text(backend.inputs, "loadBalancingScheme") ?? "INTERNAL") === scheme
      ? undefined
      : invalid("resource.target", inputs, "target", "load balancing scheme mismatch");
  }),
  refusal("gcp R4", [RULE], ["create"], "more than one port before a proxy", ({ inputs }) => {
    const [from, to = from] = (text(inputs, "portRange") ?? "").split("-");
    return inputs["target"] !== undefined && from !== to
      ? invalid("resource.portRange", inputs, "portRange", "The port range must be one port")
      : undefined;
  }),
  refusal(
    "gcp R5",
    [RULE],
    ["create"],
    "no active proxy-only subnet in its network and region yet",
    (subject, around) => {
      if (
        text(subject.inputs, "loadBalancingScheme") !== "EXTERNAL_MANAGED" ||
        referred(around, NETWORK, subject.inputs["network"]) === undefined
      )
        return undefined;
      const ready = around.world
        .ofType(SUBNETWORK)
        .some(
          (subnet) =>
            text(subnet.inputs, "purpose") === PROXY_PURPOSE &&
            text(subnet.inputs, "role") === "ACTIVE" &&
            sameNetwork(subnet, subject),
        );
      return ready
        ? undefined
        : "Error 400: Invalid value for field 'resource.target'. An active proxy-only subnetwork is required in the same region and VPC as the forwarding rule., invalid";
    },
  ),
  refusal("gcp R7", [RULE], ["create"], "a network tier other than its address's", ({ inputs }, around) => {
    const address = addressOf(inputs, around);
    const [own, its] = [
      text(inputs, "networkTier") ?? "PREMIUM",
      address === undefined ? undefined : (text(address.inputs, "networkTier") ?? "PREMIUM"),
    ];
    return its === undefined || own === its
      ? undefined
      : `Error 400: The network tier of the forwarding rule (${own}) must match the network tier of its IP address (${its}), badRequest`;
  }),
  refusal("gcp R9", [RULE], ["create"], "an address and port that another rule has", (subject, around) => {
    const twin = others(subject, around).find(
      ({ inputs }) =>
        ["ipAddress", "ipProtocol", "portRange"].every((name) => inputs[name] === subject.inputs[name]) &&
        inputs["ipAddress"] !== undefined,
    );
    return twin === undefined
      ? undefined
      : `Error 400: Invalid value for field 'resource.IPAddress': '${text(subject.inputs, "ipAddress") ?? ""}'. Specified IP address is in-use and would result in a conflict., invalid`;
  }),
  refusal("gcp R10", [RULE], ["create"], "an address of another region", ({ inputs, scope }, around) => {
    const address = addressOf(inputs, around);
    return address === undefined || address.scope.region === scope.region
      ? undefined
      : invalid("resource.IPAddress", inputs, "ipAddress", "The address is in another region");
  }),
];

const serverless = (
  why: string,
  row: string,
  condition: string,
  wrong: (inputs: JsonObject, group: JsonObject) => boolean,
): Refusal =>
  refusal(row, [BACKEND], write, condition, ({ inputs }, around) => {
    const groups = objects(inputs, "backends").filter((backend) => isServerless(backend, around));
    return groups.some((group) => wrong(inputs, group))
      ? `Error 400: Invalid value for field 'resource.backends'. ${why}, invalid`
      : undefined;
  });
const backends: readonly Refusal[] = [
  serverless(
    "Invalid load balancing scheme for regional backend service with Serverless network endpoint group",
    "gcp R11",
    "a scheme other than EXTERNAL_MANAGED or INTERNAL_MANAGED before a serverless group",
    (inputs) => !(text(inputs, "loadBalancingScheme") ?? "INTERNAL").endsWith("_MANAGED"),
  ),
  serverless(
    "A backend service cannot have a healthcheck with Serverless network endpoint group backends",
    "gcp R12",
    "a health check of a serverless group",
    (inputs) => inputs["healthChecks"] !== undefined,
  ),
  serverless(
    "Timeout sec is not supported for a backend service with Serverless network endpoint groups",
    "gcp R13",
    "a timeout before a serverless group",
    (inputs) => inputs["timeoutSec"] !== undefined,
  ),
  serverless(
    "Port name is not supported for a backend service with Serverless network endpoint groups",
    "gcp R14",
    "a port name before a serverless group",
    (inputs) => inputs["portName"] !== undefined,
  ),
  serverless(
    "Max utilization is not supported for Serverless network endpoint groups",
    "gcp R15",
    "a maximum utilization of a serverless group",
    (_, group) => group["maxUtilization"] !== undefined,
  ),
  serverless(
    "Balancing mode is not supported for Serverless network endpoint groups",
    "gcp R16",
    "a balancing mode of a serverless group",
    (_, group) => ["RATE", "CONNECTION"].includes(text(group, "balancingMode") ?? ""),
  ),
  refusal("gcp R17", [BACKEND], ["check"], "a managed backend without capacity scaler", ({ inputs }) => {
    const managed = text(inputs, "loadBalancingScheme")?.endsWith("_MANAGED") === true;
    return managed && objects(inputs, "backends").some((backend) => backend["capacityScaler"] === undefined)
      ? "capacity_scaler is required for each backend in managed backend service"
      : undefined;
  }),
  refusal("gcp R19", [BACKEND], write, "outlier detection of a regional external backend", ({ inputs }) =>
    inputs["outlierDetection"] !== undefined && text(inputs, "loadBalancingScheme") === "EXTERNAL_MANAGED"
      ? "Error 400: Outlier detection is not supported, invalid"
      : undefined,
  ),
  refusal(
    "gcp R20",
    [BACKEND],
    write,
    "more than one serverless group, or one of another region",
    ({ inputs, scope }, around) => {
      const groups = objects(inputs, "backends").filter((backend) => isServerless(backend, around));
      const foreign = groups.some((group) => referred(around, GROUP, group["group"])?.scope.region !== scope.region);
      return groups.length > 1 || foreign
        ? "Error 400: Invalid value for field 'resource.backends'. A regional backend service takes one serverless network endpoint group of its own region, invalid"
        : undefined;
    },
  ),
  refusal(
    "gcp R22",
    [BACKEND],
    write,
    "a security policy of another region, or of another type",
    ({ inputs, scope }, around) => {
      const policy = referred(around, POLICY, inputs["securityPolicy"]);
      const place = placeOf(text(inputs, "securityPolicy"));
      const wrong =
        (place !== undefined && place !== scope.region) ||
        (policy !== undefined && (text(policy.inputs, "type") ?? "CLOUD_ARMOR") !== "CLOUD_ARMOR");
      return wrong
        ? `Error adding SecurityPolicy to RegionBackendService '${text(inputs, "name") ?? ""}': Error 400: Invalid value for field 'resource.securityPolicy', invalid`
        : undefined;
    },
  ),
];

const references: [string, string][] = [
  ["urlMap", "resource.urlMap"],
  ["sslPolicy", "resource.sslPolicy"],
  ["serverTlsPolicy", "resource.serverTlsPolicy"],
];
const proxies: readonly Refusal[] = [
  refusal("gcp R30", [PROXY], ["create"], "a proxy without a certificate", ({ inputs }) =>
    list(inputs, "sslCertificates").length + list(inputs, "certificateManagerCertificates").length === 0
      ? "Error 400: Invalid value for field 'resource.sslCertificates'. At least 1 SSL certificate must be specified for setting sslCertificates., invalid"
      : undefined,
  ),
  refusal("gcp R31", [PROXY], write, "a certificate that is not given by its whole name", ({ inputs }) => {
    const odd = texts(inputs, "certificateManagerCertificates").find(
      (id) =>
        !/^(\/\/certificatemanager\.googleapis\.com\/)?projects\/[^/]+\/locations\/[^/]+\/certificates\/[^/]+$/.test(
          id,
        ),
    );
    return odd === undefined ? undefined : `${odd} is an invalid format for a certificateManagerCertificate resource`;
  }),
  refusal("gcp R32", [PROXY], write, "a certificate of another location", ({ inputs, scope }) => {
    const foreign = texts(inputs, "certificateManagerCertificates").find((id) => placeOf(id) !== scope.region);
    return foreign === undefined
      ? undefined
      : `Error 400: Invalid value for field 'resource.certificateManagerCertificates': '${foreign}'. The certificate is in another location than the proxy, invalid`;
  }),
  refusal("gcp R32 policy", [PROXY], write, "a URL map or policy of another location", ({ inputs, scope }) => {
    const wrong = references.find(([property]) => ![undefined, scope.region].includes(placeOf(text(inputs, property))));
    return wrong === undefined
      ? undefined
      : invalid(wrong[1], inputs, wrong[0], "The resource is in another location than the proxy");
  }),
  refusal("gcp R32 missing", [PROXY], write, "a certificate that is not there", ({ inputs, scope }, around) => {
    const missing = texts(inputs, "certificateManagerCertificates").find(
      (id) =>
        id.includes(`projects/${scope.project ?? ""}/`) &&
        referred(around, CERTIFICATE, id) === undefined &&
        around.world.ofType(CERTIFICATE).length > 0,
    );
    return missing === undefined ? undefined : `Error 404: The resource '${missing}' was not found, notFound`;
  }),
];

const ranges = (match: JsonObject): number => list(match, "match.config.srcIpRanges").length;
const securityPolicies: readonly Refusal[] = [
  refusal("gcp R40", [POLICY], ["check"], "more than 10 ranges in a rule", ({ inputs }) =>
    objects(inputs, "rules").some((rule) => ranges(rule) > RANGES_MAXIMUM)
      ? "Too many list items: src_ip_ranges takes at most 10"
      : undefined,
  ),
  refusal("gcp R41", [POLICY_RULE], write, "more than 10 ranges in a rule of its own", ({ inputs }) =>
    ranges(inputs) > RANGES_MAXIMUM
      ? "Error 400: Invalid value for field 'resource.match.config.srcIpRanges'. The number of IP ranges exceeds 10, invalid"
      : undefined,
  ),
  refusal("gcp R43", [POLICY], write, "two rules of one priority", ({ inputs }) => {
    const priorities = objects(inputs, "rules").map((rule) => number(rule, "priority"));
    return new Set(priorities).size < priorities.length
      ? "Error 400: Invalid value for field 'resource.rules'. Cannot have rules with the same priorities., invalid"
      : undefined;
  }),
  refusal("gcp R43 rule", [POLICY_RULE], ["create"], "a rule of a priority that its policy has", (subject, around) => {
    const twin = others(subject, around).some(({ inputs }) =>
      ["securityPolicy", "priority"].every((name) => inputs[name] === subject.inputs[name]),
    );
    return twin
      ? "Error 400: Invalid value for field 'priority'. Cannot have rules with the same priorities., invalid"
      : undefined;
  }),
];

const uses: [string, string, string, string, (inputs: JsonObject) => (JsonObject[string] | undefined)[]][] = [
  ["gcp delete network", NETWORK, SUBNETWORK, "network", (inputs) => [inputs["network"]]],
  ["gcp delete router", ROUTER, NAT, "router", (inputs) => [inputs["router"]]],
  ["gcp delete proxy", PROXY, RULE, "target https proxy", (inputs) => [inputs["target"]]],
  ["gcp delete url map", URL_MAP, PROXY, "url map", (inputs) => [inputs["urlMap"]]],
  [
    "gcp delete backend",
    BACKEND,
    URL_MAP,
    "backend service",
    (inputs) => [
      inputs["defaultService"],
      ...objects(inputs, "pathMatchers").map((matcher) => matcher["defaultService"]),
    ],
  ],
  [
    "gcp delete group",
    GROUP,
    BACKEND,
    "network endpoint group",
    (inputs) => objects(inputs, "backends").map((backend) => backend["group"]),
  ],
  ["gcp delete security policy", POLICY, BACKEND, "security policy", (inputs) => [inputs["securityPolicy"]]],
  ["gcp delete ssl policy", SSL, PROXY, "ssl policy", (inputs) => [inputs["sslPolicy"]]],
  ["gcp delete tls policy", TLS_POLICY, PROXY, "server tls policy", (inputs) => [inputs["serverTlsPolicy"]]],
  [
    "gcp delete subnetwork",
    SUBNETWORK,
    SERVICE,
    "subnetwork",
    (inputs) => objects(inputs, "template.vpcAccess.networkInterfaces").map((face) => face["subnetwork"]),
  ],
];
/** Deletes of what another resource names: code resourceInUseByAnotherResource. */
const inUse: readonly Refusal[] = [
  ...uses.map(([row, type, user, kind, references]) =>
    refusal(row, [type], ["delete"], `a ${kind} that something still names`, ({ id = "" }, around) => {
      const holder = named(around, user, id, references);
      return holder === undefined ? undefined : heldBy(kind, id, holder);
    }),
  ),
  refusal(
    "gcp delete proxy subnetwork",
    [SUBNETWORK],
    ["delete"],
    "the proxy-only subnet of a forwarding rule",
    ({ id = "", ...subject }, around) => {
      const rule = around.world
        .ofType(RULE)
        .find(
          (candidate) =>
            text(candidate.inputs, "loadBalancingScheme") === "EXTERNAL_MANAGED" && sameNetwork(candidate, subject),
        );
      const role = text(subject.inputs, "role");
      return rule !== undefined && text(subject.inputs, "purpose") === PROXY_PURPOSE && role === "ACTIVE"
        ? heldBy("subnetwork", id, rule)
        : undefined;
    },
  ),
  refusal(
    "gcp delete address",
    [ADDRESS],
    ["delete"],
    "an address that a rule or NAT gateway has",
    ({ id = "" }, around) => {
      const self = around.world.find(ADDRESS, id);
      const rule = around.world
        .ofType(RULE)
        .find(({ inputs }) => self !== undefined && inputs["ipAddress"] === self.state["address"]);
      const nat = around.world
        .ofType(NAT)
        .find(({ inputs }) => self !== undefined && list(inputs, "natIps").some((reference) => means(reference, self)));
      const holder = rule ?? nat;
      return holder === undefined ? undefined : heldBy("address", id, holder);
    },
  ),
];

/** What Compute Engine refuses: networks and the load balancer. */
export const networkRefusals: readonly Refusal[] = [
  ...subnetworks,
  ...forwardingRules,
  ...backends,
  ...proxies,
  ...securityPolicies,
  ...inUse,
];

/** The range where it is one; undefined where another row refuses it. */
function parsed(range: string | undefined): string | undefined {
  return range !== undefined && parseCidr(range) !== undefined ? range : undefined;
}

function heldBy(kind: string, id: string, holder: Thing): string {
  return `Error 400: The ${kind} resource '${id}' is already being used by '${holder.id}', resourceInUseByAnotherResource`;
}

function sameNetwork(one: Pick<Subject, "inputs" | "scope">, other: Pick<Subject, "inputs" | "scope">): boolean {
  return (
    one.inputs["network"] === other.inputs["network"] &&
    one.scope.region === other.scope.region &&
    one.scope.project === other.scope.project
  );
}

function isServerless(backend: JsonObject, around: Surroundings): boolean {
  const group = referred(around, GROUP, backend["group"]);
  return group !== undefined && (text(group.inputs, "networkEndpointType") ?? "SERVERLESS") === "SERVERLESS";
}

function backendOf(target: string | undefined, around: Surroundings): Thing | undefined {
  const map = referred(around, URL_MAP, referred(around, PROXY, target)?.inputs["urlMap"]);
  return referred(around, BACKEND, map?.inputs["defaultService"]);
}

function addressOf(inputs: JsonObject, around: Surroundings): Thing | undefined {
  return around.world
    .ofType(ADDRESS)
    .find((address) => address.state["address"] === inputs["ipAddress"] || means(inputs["ipAddress"], address));
}

function nameOf({ state }: Thing): string {
  return text(state, "name") ?? "";
}
