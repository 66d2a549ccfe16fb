import type { Declared } from "./declared";
import type { Fact, Unknown } from "./fact";
import type { Resource } from "./graph";
import type { GraphIndex } from "./index-of";

/** Who runs a thing. `other`: somebody else, named in the design all the same (a witness at a third provider). */
export type CloudName = "aws" | "gcp" | "cloudflare" | "other";

/** The region of what a cloud runs everywhere at once: IAM, Route 53, CloudFront, global Google resources. */
export const GLOBAL = "global";

/** Where a thing stands. */
export interface Place {
  cloud: CloudName;
  /** The vendor's region, or `GLOBAL`. */
  region: Fact<string>;
  /** AWS account id or Google project id; an empty text where the design names none, so that it is the cloud's one account. */
  account: Fact<string>;
  /** Names of the zones in which it stands. Empty: the vendor spreads it over the region. */
  zones: Fact<string[]>;
}

/** That a thing works only while enough others do. */
export interface Need {
  /** What is needed, as a person would say it: `an origin`, `the image`. */
  what: string;
  /** How many of `of` have to be there. */
  atLeast: number;
  /** Ids of parts. */
  of: string[];
  /** Set where it is not known what is needed: then it is neither there nor gone. */
  unknown?: Unknown;
}

interface PartBase {
  /** Unique in the design: the URN, followed by `#` and a word where one resource is several parts. */
  id: string;
  /** URN of the resource that a finding about this part names; null for what no resource stands for (an address outside the design). */
  urn: string | null;
  /** Short name for people: the logical name, an address. */
  label: string;
  place: Place;
  needs: Need[];
}

/** How clients come in: one hostname and what decides where its requests go. */
export interface Door extends PartBase {
  role: "door";
  /** What decides: `address` stands for an entry that no edge or DNS policy of the design leads to. */
  kind: "cloudflare" | "route53" | "cloudfront" | "global-accelerator" | "gcp-global" | "dns" | "address";
  hostname: Fact<string>;
  /** Whether clients reach an address of the edge that stays the same when a pool is lost. */
  isProxied: Fact<boolean>;
  /** How long clients may keep an answer, in seconds, where the door is not proxied. */
  ttlSeconds: Fact<number>;
  /** Cloudflare's words: `off`, `random`, `proximity`, … ; other edges are described in them. */
  steering: Fact<string>;
  /** Ids of pools. */
  pools: Fact<string[]>;
  /** Whether `pools` is the failover order; otherwise it is the set of them. */
  isOrdered: boolean;
  /** Id of the pool that gets everything when none is healthy; undefined where there is none. */
  fallback: Fact<string | undefined>;
  /** Share of each pool under `random`, by id; pools that are missing weigh 1. */
  weights: Fact<Record<string, number>>;
  /** Lists that replace `pools` for some clients: for a Cloudflare region, a country, a data centre, or by a rule. */
  overrides: PoolOverride[];
  /** Whether a request that finds its origin unreachable is tried at another pool at once. */
  triesOtherPools: Fact<boolean>;
  /** `none`, `cookie`, `ip_cookie`, `header`. */
  sessionAffinity: Fact<string>;
  /** What happens to a client whose origin is gone: `none`, `temporary`, `sticky`. */
  zeroDowntimeFailover: Fact<string>;
}

/** A list of pools for some clients of a door. */
export interface PoolOverride {
  kind: "region" | "country" | "data-centre" | "rule";
  /** `WNAM`, `DE`, `FRA`, or the rule's name. */
  key: string;
  /** Path of the property: `regionPools.WNAM`. */
  property: string;
  pools: Fact<string[]>;
  isOrdered: boolean;
}

/** What takes the requests of a door together and leaves it together. */
export interface Pool extends PartBase {
  role: "pool";
  name: Fact<string>;
  isEnabled: Fact<boolean>;
  origins: Fact<Origin[]>;
  /** Enabled origins that have to be healthy for the pool to be. */
  minimumOrigins: Fact<number>;
  /** The monitor that decides about its health; undefined where nothing does. Cloudflare then sends everything to the first pool, dead or alive. */
  monitor: Fact<Monitor | undefined>;
  /** Places from which it is probed: Cloudflare regions. */
  checkRegions: Fact<string[]>;
  /** Whether somebody is told when it goes down. */
  isAnnounced: Fact<boolean>;
}

/** One address in a pool. */
export interface Origin {
  /** Path of the element: `origins[0]`. */
  property: string;
  address: Fact<string>;
  isEnabled: Fact<boolean>;
  /** 0 to 1. */
  weight: Fact<number>;
  /** Ids of the parts that the address leads to, entries as a rule. Requests go to each of them, so every one has to work. */
  entries: string[];
}

/** How health is found out. The provider's defaults are filled in. */
export interface Monitor {
  urn: string;
  /** `http`, `https`, `tcp`, … */
  type: Fact<string>;
  path: Fact<string>;
  expectedCodes: Fact<string>;
  expectedBody: Fact<string>;
  followsRedirects: Fact<boolean>;
  allowsInsecure: Fact<boolean>;
  intervalSeconds: Fact<number>;
  timeoutSeconds: Fact<number>;
  retries: Fact<number>;
  consecutiveDown: Fact<number>;
}

/** One region's way in: a load balancer, a function's address, a machine with a public address. */
export interface Entry extends PartBase {
  role: "entry";
  /** Whether clients outside reach it. */
  isPublic: Fact<boolean>;
  /** Health checks by which it picks among what is behind it. */
  checks: BackendCheck[];
}

/** The health check of a load balancer inside a region. */
export interface BackendCheck {
  urn: string;
  /** Path of the property that holds the path. */
  property: string;
  /** `/healthz/ready`; undefined where it asks no path (TCP). */
  path: Fact<string | undefined>;
  /** What counts as healthy: `200`, `200-399`. */
  matcher: Fact<string | undefined>;
}

/**
 * What answers requests.
 *
 * What runs keeps running when its registry, its secret store or its keys are gone: a loss of these takes no compute away, and a design
 * that counts on nothing being started during a failover is not moved by it (static stability,
 * aws.amazon.com/builders-library/static-stability-using-availability-zones). They stand in `dependencies`, which a new unit has to reach: the rules about
 * dependencies judge them. Data that it reads or writes to answer, and the quorum in which an order counts, stand in `needs`: without them it answers
 * nobody.
 */
export interface Compute extends PartBase {
  role: "compute";
  /** What is counted: `task`, `instance`, `machine`, `function`. */
  unit: string;
  /** Units that run at all times. */
  minimum: Fact<number>;
  /** Units that it may grow to; undefined where it does not grow. */
  maximum: Fact<number | undefined>;
  /** Everything that a new unit of it has to read before it can answer: image, secrets, keys, and what its environment names. */
  dependencies: Dependency[];
  /** How a rollout goes on. */
  rollout: Rollout;
  /**
   * Texts handed to it (environment, arguments) by path: searched for names of other regions. Unknown as a whole where the property that
   * holds them is; one text that is not known hides no other.
   */
  texts: Fact<{ property: string; text: Fact<string> }[]>;
}

/** How a change reaches the units of a compute. Unknown to the design: undefined. */
export interface Rollout {
  /** Percent of the units that stay while it goes on. */
  minimumHealthyPercent: Fact<number | undefined>;
  /** Whether a failing change is taken back or stopped by itself. */
  stopsByItself: Fact<boolean | undefined>;
}

/** Something that a compute has to reach. */
export interface Dependency {
  kind: "image" | "secret" | "key" | "data";
  /** URN of the resource that names it, and path of the property. */
  urn: string;
  property: string;
  /** Ids of parts of the design that it is; empty for what is outside. */
  parts: string[];
  /** Who runs it. `other` for a registry of a third party. */
  cloud: Fact<CloudName>;
  /** The regions in which it can be read, `GLOBAL` among them. */
  regions: Fact<string[]>;
}

/** Images, secrets and keys that stand in the design. */
export interface Asset extends PartBase {
  role: "image" | "secret" | "key";
  /** Regions in which it can be used without the region it was made in: replicas count. */
  regions: Fact<string[]>;
}

/** Where data is kept. */
export interface Data extends PartBase {
  role: "data";
  /** `rds`, `aurora`, `dynamodb`, `s3`, `elasticache`, `msk`, `efs`, `cloud-sql`, `spanner`, `gcs`, `firestore`, … */
  kind: string;
  /** Regions in which a copy is kept up to date. */
  regions: Fact<string[]>;
  /** Whether it may not be lost: told by `twodoor:data=system-of-record`, otherwise by being a database in the serving path. */
  isSystemOfRecord: Fact<boolean>;
  /** Whether it survives a zone of its region. */
  isMultiZone: Fact<boolean>;
  /** Days for which it can be taken back to any second; 0: not at all. Undefined where the engine has no such thing. */
  pointInTimeDays: Fact<number | undefined>;
  /** Where backups land. */
  backups: Fact<BackupCopy[]>;
  /** Whether deleting it takes two steps. */
  isDeletionProtected: Fact<boolean>;
  isEncrypted: Fact<boolean>;
  isPublic: Fact<boolean>;
}

/** One place that holds backups. */
export interface BackupCopy {
  cloud: CloudName;
  region: Fact<string>;
  account: Fact<string>;
}

/** A group that decides by majority. */
export interface Quorum extends PartBase {
  role: "quorum";
  /** Ids of its voters: parts with role `voter`. */
  voters: string[];
}

/** One vote of a quorum. */
export interface Voter extends PartBase {
  role: "voter";
  group: string;
  /** URN of a placement group that packs it together with others; undefined where there is none. */
  packedBy: Fact<string | undefined>;
}

/** Where logs or metrics land. */
export interface LogSink extends PartBase {
  role: "log";
  /** Ids of the parts whose logs it takes. */
  watches: string[];
}

/** A thing of the design that a failure can take away. */
export type Part = Door | Pool | Entry | Compute | Asset | Data | Quorum | Voter | LogSink;

/** The role of a part. */
export type Role = Part["role"];

/** A part of one role. */
export type PartOf<R extends Role> = Extract<Part, { role: R }>;

/** A kind of resource that the model understands. */
export interface Kind {
  /** Type tokens. */
  types: readonly string[];
  /** The parts that one resource of these types is. Undefined: this one is not understood, and is counted among the unknown types. */
  parts: (resource: Resource, around: Surroundings) => Part[] | undefined;
}

/** What the reading of one resource may look at beside it. */
export interface Surroundings {
  index: GraphIndex;
  declared: Declared;
  /** Where a resource stands, by its own properties and its provider's. */
  placeOf: (resource: Resource) => Place;
}
