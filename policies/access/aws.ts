import type { Design } from "../../resilience/design";
import { mapFact, Reason, unknown, valueOr, withDefault } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import type { GraphIndex } from "../../resilience/index-of";
import { MACHINE_GROUPS } from "../../resilience/kinds/aws/open-ports";
import { pointed } from "../../resilience/kinds/aws/pointers";
import {
  APP_RUNNER,
  BALANCERS,
  CLASSIC_BALANCER,
  ECS_SERVICE,
  FUNCTION_URL,
  HTTP_API,
  HTTP_DOMAIN,
  HTTP_MAPPING,
  INSTANCE,
  LAUNCH_TEMPLATE,
  LISTENER_RULES,
  REST_API,
  REST_DOMAIN,
  REST_MAPPING,
} from "../../resilience/kinds/aws/types";
import type { Entry } from "../../resilience/model";
import { boolean, count, list, object, property, text } from "../../resilience/reader";
import { isObject, own } from "../../resilience/values";
import { answersItself, listenersOf } from "../aws-listeners";
import { serversOf } from "../serving";
import { CLOSED, doubted, guarded, opened, together, type Access } from "./access";
import { throughGroups } from "./security-groups";

const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
const WEB_ACL_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";

/** Who gets to an entry of AWS without the edge. */
export function awsAccess(design: Design, entry: Entry, resource: Resource): Access {
  const { type } = resource;
  if ((BALANCERS as readonly string[]).includes(type)) return ofBalancer(design, entry, resource);
  if (type === CLASSIC_BALANCER) return throughGroups(design.index, resource, "securityGroups");
  if (type === INSTANCE) return together(MACHINE_GROUPS.map((path) => throughGroups(design.index, resource, path)));
  if (type === FUNCTION_URL) return ofFunctionUrl(resource);
  if (type === HTTP_API || type === REST_API) return ofApi(resource);
  if (type === HTTP_DOMAIN || type === REST_DOMAIN) return ofDomain(design.index, resource);
  if (type === APP_RUNNER) return ofAppRunner(resource);
  return doubted(unknown(resource.urn, "access", "is not understood for this kind of entry"));
}

/** A balancer is guarded by its listeners (the edge's certificate, a header that it sends), and by addresses (groups, a web ACL). */
function ofBalancer(design: Design, entry: Entry, resource: Resource): Access {
  const { index } = design;
  const listeners = listenersOf(index, resource);
  if (listeners.length === 0) return CLOSED;
  const isNetwork = valueOr(text(resource, "loadBalancerType"), undefined) === "network";
  if (isNetwork && hasNoGroups(resource)) return behindNetwork(design, entry);
  const byAddress = throughWebAcl(index, resource) ?? throughGroups(index, resource, "securityGroups");
  if (!isNetwork) return guarded(together(listeners.map((listener) => throughListener(index, listener))), byAddress);
  return byAddress.openings.length + byAddress.unknowns.length === 0 ? CLOSED : behindNetwork(design, entry);
}

function hasNoGroups(resource: Resource): boolean {
  const groups = count(resource, "securityGroups");
  return groups.known && groups.value === 0;
}

/**
 * Who gets through a listener without the edge's certificate or a header that only the edge knows. Client certificates:
 * docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html (`verify` refuses, `passthrough` does not).
 */
function throughListener(index: GraphIndex, listener: Resource): Access {
  const mode = text(listener, "mutualAuthentication.mode");
  if (!mode.known) return doubted(mode);
  if (mode.value === "verify") return CLOSED;
  const actions = list(listener, "defaultActions");
  if (!actions.known) return doubted(actions);
  const rules = index
    .dependants(listener.urn)
    .filter(({ type }) => (LISTENER_RULES as readonly string[]).includes(type));
  if (actions.value.every(answersItself) && !rules.some(forwardsWithoutHeader)) return CLOSED;
  return opened(
    listener.urn,
    `the listener ${listener.name} asks nobody for a certificate`,
    "set mutualAuthentication to mode verify, with the authority of the edge's certificate",
  );
}

function forwardsWithoutHeader(rule: Resource): boolean {
  const conditions = valueOr(list(rule, "conditions"), []);
  const isNarrow = conditions.some((condition) => isObject(condition) && own(condition, "httpHeader") !== undefined);
  return !isNarrow && !valueOr(list(rule, "actions"), [null]).every(answersItself);
}

/** Closed where a web ACL lets in only what it names; undefined where the balancer has none, or one that lets the rest in. */
function throughWebAcl(index: GraphIndex, balancer: Resource): Access | undefined {
  const associations = index.dependants(balancer.urn).filter(({ type }) => type === WEB_ACL_ASSOCIATION);
  for (const association of associations) {
    const { resources, outside, missing } = pointed(index, association, "webAclArn", [WEB_ACL]);
    if (missing !== undefined) return doubted(missing);
    if (outside.length > 0) return doubted(unknown(association.urn, "webAclArn", Reason.Elsewhere));
    for (const acl of resources) {
      const block = property(acl, "defaultAction.block");
      if (!block.known) return doubted(block);
      if (block.value !== undefined) return CLOSED;
    }
  }
  return undefined;
}

/** A network balancer without security groups hides nothing: what stands behind it sees the client's address and decides. */
function behindNetwork(design: Design, entry: Entry): Access {
  const { index } = design;
  const balancers = entry.needs
    .flatMap(({ of }) => of)
    .flatMap((id) => {
      const part = design.parts.get(id);
      if (part?.role !== "entry" || part.id === entry.id || part.urn === null) return [];
      const resource = index.byUrn.get(part.urn);
      return resource === undefined ? [] : [{ part, resource }];
    });
  if (balancers.length > 0) {
    return together(balancers.map(({ part, resource }) => awsAccess(design, part, resource)));
  }
  return together(
    serversOf(design, [entry.id]).found.flatMap(({ urn }) => {
      const resource = urn === null ? undefined : index.byUrn.get(urn);
      return resource === undefined ? [] : [ofTarget(index, resource)];
    }),
  );
}

function ofTarget(index: GraphIndex, resource: Resource): Access {
  if (resource.type === ECS_SERVICE) return throughGroups(index, resource, "networkConfiguration.securityGroups");
  if (resource.type === INSTANCE) return throughGroups(index, resource, "vpcSecurityGroupIds");
  const templates = pointed(index, resource, "launchTemplate", [LAUNCH_TEMPLATE]).resources;
  if (templates.length === 0) {
    return doubted(unknown(resource.urn, "securityGroups", "is not understood for this kind of target"));
  }
  return together(templates.map((template) => throughGroups(index, template, "vpcSecurityGroupIds")));
}

function ofFunctionUrl(resource: Resource): Access {
  const auth = text(resource, "authorizationType");
  if (!auth.known) return doubted(auth);
  if (auth.value === "AWS_IAM") return CLOSED;
  return opened(
    resource.urn,
    `the function URL ${resource.name} answers everybody`,
    "put the function behind a load balancer or an API with a custom domain that asks for the edge's certificate",
  );
}

/** An API's own address. Only a REST API's policy can tell callers apart by address. */
function ofApi(resource: Resource): Access {
  const isDisabled = withDefault(boolean(resource, "disableExecuteApiEndpoint"), false);
  if (!isDisabled.known) return doubted(isDisabled);
  if (isDisabled.value) return CLOSED;
  const policy = text(resource, "policy");
  if (!policy.known) return doubted(policy);
  if (policy.value?.includes("aws:SourceIp") === true) return CLOSED;
  return opened(
    resource.urn,
    `the API ${resource.name} answers everybody at its execute-api address`,
    "set disableExecuteApiEndpoint to true, and let its custom domain ask for the edge's certificate",
  );
}

/** docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html: the default endpoint has to be disabled besides. */
function ofDomain(index: GraphIndex, domain: Resource): Access {
  const mutual = mapFact(object(domain, "mutualTlsAuthentication"), (value) => Object.keys(value).length > 0);
  if (!mutual.known) return doubted(mutual);
  const apis = index.dependants(domain.urn).flatMap((mapping) => {
    if (mapping.type === HTTP_MAPPING) return pointed(index, mapping, "apiId", [HTTP_API]).resources;
    return mapping.type === REST_MAPPING ? pointed(index, mapping, "restApi", [REST_API]).resources : [];
  });
  const own_ = mutual.value
    ? CLOSED
    : opened(
        domain.urn,
        `the domain ${domain.name} asks nobody for a certificate`,
        "set mutualTlsAuthentication with the authority of the edge's certificate",
      );
  return together([own_, ...[...new Set(apis)].map(ofApi)]);
}

function ofAppRunner(resource: Resource): Access {
  const isPublic = withDefault(
    boolean(resource, "networkConfiguration.ingressConfiguration.isPubliclyAccessible"),
    true,
  );
  if (!isPublic.known) return doubted(isPublic);
  if (!isPublic.value) return CLOSED;
  return opened(
    resource.urn,
    `the service ${resource.name} answers everybody at its own address`,
    "make it private and put a load balancer before it that lets in the edge alone",
  );
}
