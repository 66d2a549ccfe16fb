import { shown, type Issue } from "../components/sizing/issues";

/** The clouds that have a local provider. */
export const Cloud = { Aws: "aws", Gcp: "gcp", Cloudflare: "cloudflare" } as const;
/** See the members of `Cloud`. */
export type Cloud = (typeof Cloud)[keyof typeof Cloud];

/** What the local clouds are like before anything is made in them. */
export interface WorldSettings {
  /** AWS account whose credentials the provider is thought to hold. Defaults to "123456789012". @default "123456789012" */
  awsAccount: string;
  /** Cloudflare plan of the zones: `free`, `pro`, `business` or `enterprise`. No resource tells it, and a plan that allows too little would refuse what the program was right to ask for. Defaults to "enterprise". @default "enterprise" */
  cloudflarePlan: string;
  /** Whether the Cloudflare account has the Traffic Steering add-on, which other steering than `off`, `random` and `hash` asks for. Defaults to false. @default false */
  trafficSteeringEntitled: boolean;
  /** Names of the Cloudflare zones that exist, by id. A zone that is not named here takes any hostname. Defaults to none. @default - none */
  zones: Record<string, string>;
  /** Image references that cannot be pulled, as a registry would say after a bad push. Defaults to none. @default - none */
  missingImages: string[];
  /** Google projects in which no API is on until `projects.Service` turns it on. Defaults to none: every API is on. @default - none */
  emptyProjects: string[];
  /** The time at which certificates are made. Defaults to the machine's clock. @default - the machine's clock */
  now: () => Date;
}

/** Calls that fail although nothing is wrong with them. */
export interface FaultSettings {
  /** Clouds whose API answers no call at all. Defaults to none. @default - none */
  dead: Cloud[];
  /** Type tokens whose next creation fails and leaves nothing behind; one entry a failure. Defaults to none. @default - none */
  failCreate: string[];
  /** Type tokens whose next creation fails half-way: the thing exists and is in the state, but does not work. Defaults to none. @default - none */
  failHalfway: string[];
}

/** Settings with every default filled in. */
export function worldSettings(given: Partial<WorldSettings> = {}): WorldSettings {
  return {
    awsAccount: "123456789012",
    cloudflarePlan: "enterprise",
    trafficSteeringEntitled: false,
    zones: {},
    missingImages: [],
    emptyProjects: [],
    now: () => new Date(),
    ...given,
  };
}

/** Faults with every default filled in. */
export function faultSettings(given: Partial<FaultSettings> = {}): FaultSettings {
  return { dead: [], failCreate: [], failHalfway: [], ...given };
}

/** What environment variables ask for, and what is wrong with them. */
export interface EnvironmentSettings {
  world: Partial<WorldSettings>;
  faults: Partial<FaultSettings>;
  issues: Issue[];
}

/**
 * Settings from the environment, for whoever starts a command and cannot pass options: `TWODOOR_TWIN_DEAD` (`aws,gcp`),
 * `TWODOOR_TWIN_FAIL_CREATE`, `TWODOOR_TWIN_FAIL_HALFWAY` (type tokens, comma-separated), `TWODOOR_TWIN_AWS_ACCOUNT`,
 * `TWODOOR_TWIN_CLOUDFLARE_PLAN`, `TWODOOR_TWIN_ZONES` (`ID=NAME,…`).
 */
export function settingsFromEnvironment(environment: Record<string, string | undefined>): EnvironmentSettings {
  const issues: Issue[] = [];
  const items = (name: string): string[] =>
    (environment[name] ?? "")
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  const dead: Cloud[] = [];
  for (const item of items("TWODOOR_TWIN_DEAD")) {
    if (isCloud(item)) dead.push(item);
    else issues.push(issue("TWODOOR_TWIN_DEAD", "aws, gcp or cloudflare", item, "name clouds, separated by commas"));
  }
  const zones: Record<string, string> = {};
  for (const item of items("TWODOOR_TWIN_ZONES")) {
    const [id, name] = item.split("=");
    if (id !== undefined && name !== undefined) zones[id] = name;
    else issues.push(issue("TWODOOR_TWIN_ZONES", "ID=NAME", item, "write the zone's id, an equals sign and its name"));
  }
  const world: Partial<WorldSettings> = { zones };
  const account = environment["TWODOOR_TWIN_AWS_ACCOUNT"];
  if (account !== undefined) {
    world.awsAccount = account;
    if (!/^\d{12}$/.test(account)) {
      const fix = "write the id, or leave it out";
      issues.push(issue("TWODOOR_TWIN_AWS_ACCOUNT", "an account id of 12 digits", account, fix));
    }
  }
  const plan = environment["TWODOOR_TWIN_CLOUDFLARE_PLAN"];
  if (plan !== undefined) {
    world.cloudflarePlan = plan;
    if (!["free", "pro", "business", "enterprise"].includes(plan)) {
      const fix = "write the plan in lower case";
      issues.push(issue("TWODOOR_TWIN_CLOUDFLARE_PLAN", "free, pro, business or enterprise", plan, fix));
    }
  }
  const faults = {
    dead,
    failCreate: items("TWODOOR_TWIN_FAIL_CREATE"),
    failHalfway: items("TWODOOR_TWIN_FAIL_HALFWAY"),
  };
  return { world, faults, issues };
}

/** Whether `name` is one of the clouds. */
export function isCloud(name: string): name is Cloud {
  return Object.values<string>(Cloud).includes(name);
}

function issue(path: string, expected: string, got: string, fix: string): Issue {
  return { path, expected, got: shown(got), fix };
}
