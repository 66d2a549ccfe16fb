import type { Design } from "./design";
import type { Resource } from "./graph";
import { unreadWorkers, type UnreadWorker } from "./kinds/edge/workers";
import { outsideNames, type OutsideAddress } from "./kinds/origins";
import type { Surroundings } from "./model";
import { placeOf } from "./places";
import { text } from "./reader";
import { isOutOfService } from "./tags";
import { isObject, own, signatureKey, type Json, type JsonObject } from "./values";

/** Resources that may serve clients and of which a design cannot tell how, by what hides them. Each list is sorted by URN. */
export interface Unseen {
  /** Components whose children a plugin would make. */
  components: Resource[];
  /** Stacks of CloudFormation, which make what their templates say. */
  templates: Resource[];
  /** Clusters whose workloads, and the ways to them, are made by somebody else. */
  clusters: Resource[];
  /** Resources that serve, of a kind that the model does not know. */
  servers: Resource[];
  /** Addresses outside the design to which its names lead clients, each once, with how many names lead there. */
  addresses: (OutsideAddress & { names: number })[];
  /** Workers whose code alone tells what they call. */
  workers: UnreadWorker[];
}

/** What may serve in a design without being seen there. What its owner takes out of the serving path is left out. */
export function unseenOf({ graph, unknownTypes, index, declared }: Design): Unseen {
  const around: Surroundings = { index, declared, placeOf: (resource) => placeOf(index, resource) };
  const unknown = new Set(unknownTypes.map(({ type }) => type));
  const resources = graph.resources.filter((resource) => !isOutOfService(resource));
  return {
    components: resources.filter(
      (resource) => isMadeElsewhere(resource) && unknown.has(resource.type) && !isQuiet(resource),
    ),
    templates: resources.filter(({ type }) => TEMPLATES.has(type)),
    clusters: resources.filter(({ type }) => CLUSTERS.has(type)),
    servers: resources.filter(
      (resource) => resource.provider !== null && unknown.has(resource.type) && mayServe(resource),
    ),
    addresses: addressesOf(around),
    workers: unreadWorkers(around).filter(({ resource }) => !isOutOfService(resource)),
  };
}

function addressesOf(around: Surroundings): Unseen["addresses"] {
  const found = new Map<string, Unseen["addresses"][number]>();
  for (const { addresses } of outsideNames(around)) {
    for (const address of addresses) {
      if (isOutOfService(address.record)) continue;
      const key = address.host ?? `${address.record.urn}#${address.path}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { ...address, names: 1 });
      else known.names += 1;
    }
  }
  return [...found.values()];
}

/**
 * Whether a component's children are made by a plugin: a remote one's always, and those that the SDK of Kubernetes makes of charts and files
 * with the plugin's help (`kubernetes:helm:template` and its like, which nobody answers while planning).
 */
export function isMadeElsewhere({ isRemote, provider, type }: Resource): boolean {
  return isRemote === true || (provider === null && /^kubernetes:(?:helm\.sh|yaml|kustomize)/.test(type));
}

/** What they make is no resource of any Pulumi program. */
const TEMPLATES: ReadonlySet<string> = new Set([
  "aws:cloudformation/stack:Stack",
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
]);

const CLUSTERS: ReadonlySet<string> = new Set([
  "aws:eks/cluster:Cluster",
  "aws-native:eks:Cluster",
  "gcp:container/cluster:Cluster",
]);

/**
 * Components of well-known packages that make networks, registries, images, trails, descriptions of tasks and files in buckets: nothing that
 * a client could ask. So are services of ECS that no balancer and no name of a registry leads to: workers.
 */
function isQuiet(resource: Resource): boolean {
  return QUIET.test(resource.type) || (ECS_SERVICE.test(resource.type) && !isReached(resource));
}

const QUIET =
  /^(?:awsx:(?:ec2:(?:Default)?Vpc|ecr:(?:Image|RegistryImage|Repository)|ecs:(?:Fargate|EC2)TaskDefinition|cloudtrail:Trail)|eks:index:Addon|synced-folder:index:\w+)$/;

const ECS_SERVICE = /^awsx:ecs:(?:Fargate|EC2)Service$/;

/**
 * Whether a service is told of a balancer or of a registry of names, or may be: by lists of its own, by a definition made elsewhere, or by
 * ports of its containers, which name target groups (pulumi.com/registry/packages/awsx/api-docs/ecs/fargateservice). What is not known may.
 */
function isReached({ inputs }: Resource): boolean {
  const ways = ["loadBalancers", "serviceConnectConfiguration", "serviceRegistries", "taskDefinition"];
  if (ways.some((way) => isGiven(own(inputs, way)))) return true;
  const task = own(inputs, "taskDefinitionArgs");
  if (!isPlain(task)) return true;
  const containers = own(task, "containers");
  if (isGiven(containers) && !isPlain(containers)) return true;
  return [own(task, "container"), ...Object.values(isPlain(containers) ? containers : {})].some(
    (container) => isGiven(container) && !(isPlain(container) && !isGiven(own(container, "portMappings"))),
  );
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

function isPlain(value: Json | undefined): value is JsonObject {
  return isObject(value) && own(value, signatureKey) === undefined;
}

/** Kinds of AWS and Google that answer clients and are not understood. Everything else of theirs carries no request by itself. */
const SERVERS = new RegExp(
  `^(?:${[
    "aws:amplify/app:App",
    "aws:appsync/api:Api",
    "aws:ec2/(?:fleet:Fleet|spotFleetRequest:SpotFleetRequest)",
    "aws:elasticbeanstalk/environment:Environment",
    "aws:gamelift/fleet:Fleet",
    "aws:lightsail/(?:containerService:ContainerService|instance:Instance|lb:Lb)",
    "aws:opsworks/instance:Instance",
    "aws:sagemaker/endpoint:Endpoint",
    "aws:vpclattice/service:Service",
    "gcp:apigateway/gateway:Gateway",
    "gcp:apigee/instance:Instance",
    "gcp:firebase/appHostingBackend:AppHostingBackend",
    "gcp:vertex/aiEndpoint:AiEndpoint",
  ].join("|")})$`,
);

/** What lets clients into a Kubernetes cluster, and what may hold such a thing: charts and files of manifests. */
const KUBERNETES_WAYS =
  /^kubernetes:(?:(?:networking\.k8s\.io|extensions)\/\w+:Ingress|gateway\.networking\.k8s\.io\/\w+:Gateway|helm\.sh\/\w+:(?:Release|Chart)|yaml(?:\/\w+)?:(?:ConfigFile|ConfigGroup)|kustomize(?:\/\w+)?:Directory)$/;

const READ_PACKAGES: ReadonlySet<string> = new Set(["aws", "cloudflare", "gcp"]);

/** In packages of which nothing is read, names of what runs and of what lets clients in (`digitalocean:index/app:App`). */
const SERVING_NAME =
  /(?:App|Service|Site|Server|Droplet|Instance|Machine|Vm|Function|Balancer|Gateway|Cluster|Container|ContainerGroup|Deployment|Endpoint)$/;

function mayServe(resource: Resource): boolean {
  const { type } = resource;
  const [pack = "", , name = ""] = type.split(":");
  if (pack === "kubernetes") return KUBERNETES_WAYS.test(type) || isOpenService(resource);
  return READ_PACKAGES.has(pack) ? SERVERS.test(type) : SERVING_NAME.test(name);
}

/** Services of another type are reached from inside the cluster alone (kubernetes.io/docs/concepts/services-networking/service). */
function isOpenService(resource: Resource): boolean {
  if (!/^kubernetes:core\/v1:Service$/.test(resource.type)) return false;
  const type = text(resource, "spec.type");
  return !type.known || type.value === "LoadBalancer" || type.value === "NodePort";
}
