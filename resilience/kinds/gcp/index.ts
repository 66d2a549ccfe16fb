import type { Kind } from "../../model";
import { APP_ENGINE_NEIGHBOURS, appEngineKinds } from "./app-engine";
import { balancerKinds } from "./balancers";
import { clusterKinds } from "./clusters";
import { functionKinds } from "./functions";
import { GROUP_TYPES } from "./groups";
import { KEY_NEIGHBOURS, keyKinds } from "./keys";
import { GROUP_NEIGHBOURS, machineGroupKinds } from "./machine-groups";
import { machineKinds, TEMPLATES } from "./machines";
import { repositoryKinds } from "./repositories";
import { ROUTE_TYPES } from "./routes";
import { runKinds } from "./run";
import { runV1Kinds } from "./run-v1";
import { secretKinds } from "./secrets";
import { CHECK_TYPES } from "./services";
import { storeKinds } from "./stores";

/** What the model understands of Google Cloud. */
export const gcpKinds: readonly Kind[] = [
  ...balancerKinds,
  ...runKinds,
  ...runV1Kinds,
  ...functionKinds,
  ...appEngineKinds,
  ...machineGroupKinds,
  ...machineKinds,
  ...clusterKinds,
  ...repositoryKinds,
  ...secretKinds,
  ...keyKinds,
  ...storeKinds,
];

/** Types that are no part by themselves and are read where another is: what stands between an entry and what answers, and what says how large it is. */
const READ_ELSEWHERE: readonly string[] = [
  ...ROUTE_TYPES,
  ...GROUP_TYPES,
  ...CHECK_TYPES,
  ...TEMPLATES,
  ...GROUP_NEIGHBOURS,
  ...KEY_NEIGHBOURS,
  ...APP_ENGINE_NEIGHBOURS,
  "gcp:compute/address:Address",
  "gcp:compute/globalAddress:GlobalAddress",
  "gcp:compute/firewall:Firewall",
  "gcp:secretmanager/secretVersion:SecretVersion",
  "gcp:secretmanager/regionalSecretVersion:RegionalSecretVersion",
  "gcp:sql/database:Database",
  "gcp:sql/user:User",
  "gcp:sql/sslCert:SslCert",
  "gcp:spanner/database:Database",
  "gcp:spanner/instanceConfig:InstanceConfig",
  "gcp:spanner/backupSchedule:BackupSchedule",
  "gcp:bigtable/table:Table",
  "gcp:bigtable/appProfile:AppProfile",
  "gcp:bigtable/gCPolicy:GCPolicy",
  "gcp:alloydb/instance:Instance",
  "gcp:alloydb/user:User",
  "gcp:firestore/backupSchedule:BackupSchedule",
  "gcp:firestore/index:Index",
  "gcp:firestore/field:Field",
  "gcp:pubsub/subscription:Subscription",
  "gcp:pubsub/schema:Schema",
  "gcp:storage/bucketObject:BucketObject",
];

/** Types of which it is known that they carry neither requests nor data and that nothing is read from them while serving. */
const QUIET: readonly string[] = [
  "gcp:compute/network:Network",
  "gcp:compute/subnetwork:Subnetwork",
  "gcp:compute/router:Router",
  "gcp:compute/routerNat:RouterNat",
  "gcp:compute/routerNatAddress:RouterNatAddress",
  "gcp:compute/routerInterface:RouterInterface",
  "gcp:compute/routerPeer:RouterPeer",
  "gcp:compute/route:Route",
  "gcp:compute/networkPeering:NetworkPeering",
  "gcp:compute/resourcePolicy:ResourcePolicy",
  "gcp:compute/instanceGroupNamedPort:InstanceGroupNamedPort",
  "gcp:compute/securityPolicy:SecurityPolicy",
  "gcp:compute/securityPolicyRule:SecurityPolicyRule",
  "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy",
  "gcp:compute/regionSecurityPolicyRule:RegionSecurityPolicyRule",
  "gcp:compute/sSLPolicy:SSLPolicy",
  "gcp:compute/regionSslPolicy:RegionSslPolicy",
  "gcp:compute/sSLCertificate:SSLCertificate",
  "gcp:compute/regionSslCertificate:RegionSslCertificate",
  "gcp:compute/managedSslCertificate:ManagedSslCertificate",
  "gcp:compute/projectMetadata:ProjectMetadata",
  "gcp:compute/projectMetadataItem:ProjectMetadataItem",
  "gcp:compute/sharedVPCHostProject:SharedVPCHostProject",
  "gcp:compute/sharedVPCServiceProject:SharedVPCServiceProject",
  "gcp:cloudrunv2/job:Job",
  "gcp:cloudrunv2/workerPool:WorkerPool",
  "gcp:cloudscheduler/job:Job",
  "gcp:servicenetworking/connection:Connection",
  "gcp:vpcaccess/connector:Connector",
  "gcp:dns/managedZone:ManagedZone",
  "gcp:dns/policy:Policy",
];

const exact = new Set([...READ_ELSEWHERE, ...QUIET]);

/**
 * Google types that are known and are no part. Whole modules only where nothing in them serves, keeps or hands out anything: rights, logs, alerts,
 * certificates, projects. A type that is in neither list is named in the report.
 */
export const neutralGcpTypes: readonly RegExp[] = [
  new RegExp(`^(?:${[...exact].sort().join("|")})$`),
  /^gcp:[a-z0-9]+\/\w+(?:Iam|IAM)(?:Member|Binding|Policy|AuditConfig):\w+$/,
  /^gcp:[a-z]+\/iam(?:Member|Binding|Policy):Iam(?:Member|Binding|Policy)$/,
  /^gcp:(?:projects|organizations|folder|iam|serviceaccount|serviceusage|orgpolicy|tags|billing|logging|monitoring|certificatemanager|certificateauthority|binaryauthorization|essentialcontacts|networksecurity)\//,
];
