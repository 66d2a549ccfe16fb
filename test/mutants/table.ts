/** Every mistake that is planted, for one design: the rows of the tables, what is done to each thing that serves, and some that take several steps. */
import type { Resource } from "../../resilience/graph";
import { dropped, repointed } from "./change";
import type { Subject } from "./designs";
import { edgeRows } from "./edge-table";
import { moved, mutant, mutantsOf, sharesOf, short, type Mutant } from "./mutant";
import { regionRows } from "./region-table";
import { severalSteps } from "./steps";

/** What stands in the serving path or is read by it: each is dropped, and moved to the sibling region where it is regional. */
const SERVING = new Set([
  "cloudflare:index/loadBalancer:LoadBalancer",
  "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor",
  "cloudflare:index/loadBalancerPool:LoadBalancerPool",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/listener:Listener",
  "aws:lb/targetGroup:TargetGroup",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:appautoscaling/target:Target",
  "aws:ecr/repository:Repository",
  "aws:kms/key:Key",
  "aws:secretsmanager/secret:Secret",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ec2/instance:Instance",
  "aws:rds/instance:Instance",
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
  "gcp:compute/address:Address",
  "gcp:compute/forwardingRule:ForwardingRule",
  "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy",
  "gcp:compute/regionUrlMap:RegionUrlMap",
  "gcp:compute/regionBackendService:RegionBackendService",
  "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup",
  "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy",
  "gcp:compute/instance:Instance",
  "gcp:cloudrunv2/service:Service",
  "gcp:artifactregistry/repository:Repository",
  "gcp:kms/cryptoKey:CryptoKey",
  "gcp:secretmanager/secret:Secret",
  "gcp:logging/projectBucketConfig:ProjectBucketConfig",
  "gcp:sql/databaseInstance:DatabaseInstance",
  "hcloud:index/server:Server",
]);

/** Types of which the cloud takes one in another region than what it hangs together with; of the others it refuses that at once. */
const MOVABLE = /kms|ecr|secret|logGroup|artifactregistry|logging|sql|rds|cloudrunv2|targetGroup/i;

/** Properties in which the cloud takes a thing of another region; of the others it refuses that at once. */
const SHAREABLE =
  /kms|encryptionKey|secretKeyRef\.secret$|containerDefinitions|RoleArn$|serviceAccount$|defaultPools|fallbackPool|origins|image|replicateSourceDb|monitor/i;

/** Why it is right that one of the systematic mistakes is not found. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /remove .*\(Target\)/,
    "desiredCount keeps as many tasks running at all times; without it nothing grows, and nothing has to",
  ],
  [/remove (ledger|positions) /, "a store that is not in the design, and that nothing in it names, cannot be missed"],
  [
    /raw: remove us-(central1|east4)-images/,
    "the image is named by its host: the repository may be made elsewhere, in the region that the host names",
  ],
  [
    /: move .*us-(central1|east4)-(images|registry-repository)/,
    "the image is named by its host, in the region that the host names, whatever this design makes elsewhere",
  ],
  [
    /prod: remove .*us-(east|west)-2-secret-/,
    "the definition still reads the region's other secrets; which variables an image needs is the image's to say",
  ],
  [/remove .*network-flow/, "flow logs tell nothing about requests; no rule asks for them"],
  [
    /RoleArn|serviceAccount of/,
    "roles and accounts stand in no region; a role that is shared is lost by an edit and not by an outage",
  ],
  [/: share .*fallbackPool of/, "any healthy pool of the other cloud is as good a fallback"],
  [/regionPools/, "the list is read under geo steering alone"],
  [
    /remove .*-entry \(Address\)/,
    "in a plan the pool's address depends on the rule as well, which then has an address of its own",
  ],
];

/** The table for one design. */
export function tableOf(subject: Subject): Mutant[] {
  if (subject.name === "quiet") return severalSteps(subject);
  const serving = subject.graph.resources.filter(({ type, name }) => SERVING.has(type) && !name.includes("-nat-"));
  const systematic = [
    ...serving.map((resource) => drop(subject, resource)),
    ...serving.filter(({ type }) => MOVABLE.test(type)).flatMap((resource) => move(subject, resource)),
    ...serving.flatMap((resource) => share(subject, resource)),
  ];
  return distinct([
    ...[...edgeRows, ...regionRows].flatMap((row) => mutantsOf(row, subject)),
    ...systematic.map(explained),
    ...severalSteps(subject),
  ]);
}

function explained(one: Mutant): Mutant {
  const found = REASONS.find(([pattern]) => pattern.test(one.name));
  return found === undefined ? one : { ...one, harmless: found[1] };
}

function distinct(all: readonly Mutant[]): Mutant[] {
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

function drop(subject: Subject, { urn, name, type }: Resource): Mutant {
  const what = `${name} (${short(type)})`;
  return mutant(subject, "remove", what, undefined, (graph) => dropped(graph, new Set([urn])));
}

function move(subject: Subject, resource: Resource): Mutant[] {
  const before = JSON.stringify(subject.graph.resources);
  if (JSON.stringify(moved(subject.graph, resource).resources) === before) return [];
  return [
    mutant(subject, "move", `${resource.name} (${short(resource.type)})`, undefined, (graph) => moved(graph, resource)),
  ];
}

function share(subject: Subject, resource: Resource): Mutant[] {
  return sharesOf(subject.graph, resource)
    .filter(({ path }) => SHAREABLE.test(path))
    .map((one) => {
      const target = one.to.split("::").at(-1) ?? "";
      const what = `${resource.name} (${short(resource.type)}) ${one.path} of ${target}`;
      return mutant(subject, "share", what, undefined, (graph) =>
        repointed(graph, resource.urn, one.path, one.from, one.to),
      );
    });
}
