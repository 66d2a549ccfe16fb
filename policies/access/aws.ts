import type { Design } from "../../resilience/design";
import { mapFact, unknown, valueOr, withDefault, type Fact } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import type { GraphIndex } from "../../resilience/index-of";
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
import { CLOSED, doubted, opened, together, type Access } from "./access";
import { throughGroups } from "./security-groups";

const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
const WEB_ACL_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";

/** Who gets to an entry of AWS without the edge. */
export function awsAccess(design: Design, entry: Entry, resource: Resource): Access {
  const { type } = resource;
  if ((BALANCERS as readonly string[]).includes(type)) return ofBalancer(design, entry, resource);
  if (type === CLASSIC_BALANCER) return throughGroups(design.index, resource, "securityGroups");
  if (type === INSTANCE) return throughGroups(design.index, resource, "vpcSecurityGroupIds");
  if (type === FUNCTION_URL) return ofFunctionUrl(resource);
  if (type === HTTP_API || type === REST_API) return ofApi(resource);
  if (type === HTTP_DOMAIN || type === REST_DOMAIN) return ofDomain(design.index, resource);
  if (type === APP_RUNNER) return ofAppRunner(resource);
  return doubted(unknown(resource.urn, "access", "is not understood for this kind of entry"));
}

/** A balancer is closed by its listeners (the edge's certificate, a secret header), by its web ACL, or by addresses. */
function ofBalancer(design: Design, entry: Entry, resource: Resource): Access {
  const { index } = design;
  const listeners = listenersOf(index, resource);
  const answering = listeners.filter((listener) => valueOr(answersAnybody(index, listener), true));
  if (listeners.length > 0 && answering.length === 0) return CLOSED;
  const isBlocked = blocksByDefault(index, resource);
  if (isBlocked !== undefined) return isBlocked.known ? CLOSED : doubted(isBlocked);
  const isNetwork = valueOr(text(resource, "loadBalancerType"), undefined) === "network";
  if (isNetwork && hasNoGroups(resource)) return behindNetwork(design, entry);
  return throughGroups(index, resource, "securityGroups");
}

function hasNoGroups(resource: Resource): boolean {
  const groups = count(resource, "securityGroups");
  return groups.known && groups.value === 0;
}

/**
 * Whether a listener lets somebody through who shows neither the edge's certificate nor a header that only the edge knows. Client
 * certificates: docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html (`verify` refuses, `passthrough`
 * does not).
 */
function answersAnybody(index: GraphIndex, listener: Resource): Fact<boolean> {
  const mode = text(listener, "mutualAuthentication.mode");
  if (!mode.known) return mode;
  if (mode.value === "verify") return { known: true, value: false };
  const actions = list(listener, "defaultActions");
  if (!actions.known) return actions;
  if (!actions.value.every(answersItself)) return { known: true, value: true };
  const rules = index
    .dependants(listener.urn)
    .filter(({ type }) => (LISTENER_RULES as readonly string[]).includes(type));
  return { known: true, value: rules.some((rule) => forwardsWithoutHeader(rule)) };
}

function forwardsWithoutHeader(rule: Resource): boolean {
  const conditions = valueOr(list(rule, "conditions"), []);
  const isNarrow = conditions.some((condition) => isObject(condition) && own(condition, "httpHeader") !== undefined);
  return !isNarrow && !valueOr(list(rule, "actions"), [null]).every(answersItself);
}

/** Whether a web ACL lets in only what it names; undefined where the balancer has none, or one that lets the rest in. */
function blocksByDefault(index: GraphIndex, balancer: Resource): Fact<true> | undefined {
  const associations = index.dependants(balancer.urn).filter(({ type }) => type === WEB_ACL_ASSOCIATION);
  for (const association of associations) {
    const { resources, outside, missing } = pointed(index, association, "webAclArn", [WEB_ACL]);
    if (missing !== undefined) return missing;
    if (outside.length > 0) return unknown(association.urn, "webAclArn", "points to something outside this design");
    for (const acl of resources) {
      const block = property(acl, "defaultAction.block");
      if (!block.known) return block;
      if (block.value !== undefined) return { known: true, value: true };
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
