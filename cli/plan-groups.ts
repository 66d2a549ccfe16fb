import { isObject, unknownValue, type Json, type PlannedResource } from "../planner";
import { text } from "./plan-places";
import { counted } from "../components/sizing/words";

/** What a group of resources is for. */
export interface Group {
  /** One word for the left column. */
  title: string;
  /** Which types belong to it. The first group that a type belongs to gets it. */
  types: RegExp;
  /** What a person wants to know of it, most important first; what is not known is left out. */
  facts(resources: PlannedResource[]): string[];
}

/** The groups in the order in which they are shown. The last one takes everything. */
export const groups: Group[] = [
  {
    title: "compute",
    types:
      /^(aws:(ecs|appautoscaling|autoscaling|lambda|eks|ec2\/instance)\b|gcp:(cloudrun|cloudrunv2|container|compute\/instance))/,
    facts: computeFacts,
  },
  { title: "images", types: /^(aws:ecr|gcp:artifactregistry)\b/, facts: countFacts({ repository: /repository:/ }) },
  {
    title: "network",
    types: /^(aws:(ec2|vpc)\b|gcp:compute\/(network|subnetwork|router|routerNat|firewall|address|globalAddress):)/,
    facts: networkFacts,
  },
  {
    title: "data",
    types: /^(aws:(rds|dynamodb|elasticache|msk|kinesis)|gcp:(sql|spanner|redis|firestore|bigtable))\b/,
    facts: countFacts({ database: /(cluster|instance|table|database):/i }),
  },
  { title: "secrets", types: /^(aws:(secretsmanager|kms|ssm)|gcp:(secretmanager|kms))\b/, facts: secretFacts },
  { title: "storage", types: /^(aws:s3|gcp:storage)\b/, facts: countFacts({ bucket: /\/bucket:/ }) },
  { title: "alarms", types: /^(aws:(cloudwatch|sns)|gcp:(monitoring|logging|pubsub))\b/, facts: alarmFacts },
  {
    title: "identity",
    types: /^(aws:iam|gcp:(serviceaccount|iam|projects\/iA|projects\/iam)|gcp:projects\/service:)/,
    facts: countFacts({ role: /\/role:/, "service account": /account:Account/, "activated API": /projects\/service:/ }),
  },
  {
    title: "entry",
    types: /^(aws:(lb|acm|wafv2)|gcp:(compute|certificatemanager|networksecurity))\b/,
    facts: entryFacts,
  },
  { title: "other", types: /^/, facts: () => [] },
];

/** Resources by group, in the order of {@link groups}; groups without resources are left out. */
export function byGroup(resources: PlannedResource[]): { group: Group; resources: PlannedResource[] }[] {
  const found = new Map<Group, PlannedResource[]>();
  for (const resource of resources) {
    const group = groups.find(({ types }) => types.test(resource.type));
    if (group !== undefined) found.set(group, [...(found.get(group) ?? []), resource]);
  }
  const order = ["network", "entry", "compute", "images", "data", "secrets", "storage", "alarms", "identity", "other"];
  return [...found]
    .map(([group, members]) => ({ group, resources: members }))
    .sort((a, b) => order.indexOf(a.group.title) - order.indexOf(b.group.title));
}

/** The value at a path of property names and positions, if it is known. */
export function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let found = value;
  for (const step of path) {
    if (Array.isArray(found) && typeof step === "number") found = found[step];
    else if (isObject(found) && typeof step === "string") found = found[step];
    else return undefined;
  }
  return found === unknownValue ? undefined : found;
}

function of(resources: PlannedResource[], type: RegExp): PlannedResource[] {
  return resources.filter((resource) => type.test(resource.type));
}

function countFacts(nouns: Record<string, RegExp>): (resources: PlannedResource[]) => string[] {
  return (resources) =>
    Object.entries(nouns).flatMap(([noun, type]) => {
      const count = of(resources, type).length;
      return count === 0 ? [] : [counted(count, noun)];
    });
}

function networkFacts(resources: PlannedResource[]): string[] {
  const ranges = distinct(of(resources, /:Vpc$/), "cidrBlock");
  const subnets = of(resources, /:(Subnet|Subnetwork)$/);
  const zones = distinct(subnets, "availabilityZone");
  const googleRanges = distinct(subnets, "ipCidrRange");
  const inZones = zones.length === 0 ? "" : ` in ${counted(zones.length, "zone")}`;
  return [
    ...ranges,
    ...(subnets.length === 0 ? [] : [`${counted(subnets.length, "subnet")}${inZones}`]),
    ...googleRanges,
    ...countFacts({ "NAT gateway": /:(NatGateway|RouterNat)$/, endpoint: /:VpcEndpoint$/ })(resources),
  ];
}

function entryFacts(resources: PlannedResource[]): string[] {
  const balancers = of(resources, /:(LoadBalancer|ForwardingRule)$/);
  const listeners = of(resources, /:Listener$/);
  const ports = [...new Set([...distinct(listeners, "port"), ...distinct(balancers, "portRange")])];
  const tls = [
    ...distinct(listeners, "sslPolicy"),
    ...of(resources, /SslPolicy$/).flatMap(({ inputs }) => {
      const minimum = text(inputs["minTlsVersion"]);
      return minimum === undefined ? [] : [minimum.replace("TLS_", "TLS ").replace("_", ".")];
    }),
  ];
  return [
    ...(balancers.length === 0 ? [] : [counted(balancers.length, "load balancer")]),
    ...(ports.length === 0 ? [] : [`port ${ports.join(", ")}`]),
    ...[...new Set(tls)],
    ...countFacts({ certificate: /:Certificate$/ })(resources),
  ];
}

function computeFacts(resources: PlannedResource[]): string[] {
  const tasks = of(resources, /:TaskDefinition$/).map(({ inputs }) => {
    const [cpu, memory] = [Number(at(inputs, "cpu")), Number(at(inputs, "memory"))];
    return Number.isNaN(cpu + memory) ? "" : size(cpu / 1024, memory);
  });
  const services = of(resources, /cloudrunv2\/service:/).map(({ inputs }) => {
    const limits = at(inputs, "template", "containers", 0, "resources", "limits");
    const [cpu, memory] = [Number.parseFloat(text(at(limits, "cpu")) ?? ""), text(at(limits, "memory")) ?? ""];
    const mebibytes = Number.parseFloat(memory) * (memory.endsWith("Gi") ? 1024 : 1);
    return Number.isNaN(cpu + mebibytes) ? "" : size(cpu, mebibytes);
  });
  return [...new Set([...replicas(resources), ...tasks, ...services])].filter((fact) => fact !== "");
}

/** `2 to 8 replicas`: of an autoscaling target, or of a Cloud Run service. */
function replicas(resources: PlannedResource[]): string[] {
  return resources.flatMap(({ type, inputs }) => {
    const scaling = type.endsWith(":Target")
      ? [at(inputs, "minCapacity"), at(inputs, "maxCapacity")]
      : [
          at(inputs, "scaling", "minInstanceCount") ?? at(inputs, "template", "scaling", "minInstanceCount"),
          at(inputs, "scaling", "maxInstanceCount") ?? at(inputs, "template", "scaling", "maxInstanceCount"),
        ];
    const [least, most] = scaling;
    if (typeof least !== "number" || typeof most !== "number") return [];
    return [least === most ? counted(least, "replica") : `${String(least)} to ${String(most)} replicas`];
  });
}

function size(vcpus: number, memoryMib: number): string {
  return `${String(vcpus)} vCPU and ${String(memoryMib)} MiB each`;
}

function secretFacts(resources: PlannedResource[]): string[] {
  return countFacts({ secret: /\/secret:/, key: /\/(key|cryptoKey):/ })(resources);
}

function alarmFacts(resources: PlannedResource[]): string[] {
  const days = distinct(of(resources, /:LogGroup$/), "retentionInDays");
  return [
    ...countFacts({ alarm: /(metricAlarm|alertPolicy):/ })(resources),
    ...(days.length === 0 ? [] : [`logs kept ${days.join(" or ")} days`]),
  ];
}

/** The known values of one property, each once. */
function distinct(resources: PlannedResource[], property: string): string[] {
  const values = resources.flatMap(({ inputs }) => {
    const value = at(inputs, property);
    return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
  });
  return [...new Set(values)];
}
