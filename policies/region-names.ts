import { Cloud, regionFacts, regionsOf } from "../components/sizing/regions";

/** A region that a text names. */
export interface NamedRegion {
  cloud: Cloud;
  /** The vendor's name: `us-east-2`. */
  region: string;
}

/**
 * The regions that addresses, ARNs and resource names in a text belong to, by cloud and name. A word that only looks like a region
 * (`logs-us-east-1-old`) is none: a region counts inside an ARN, a self link, a connection name or a host of the vendor's own.
 *
 * docs.aws.amazon.com/general/latest/gr/rande.html (hosts of AWS), docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html,
 * cloud.google.com/apis/design/resource_names, cloud.google.com/artifact-registry/docs/docker/names,
 * cloud.google.com/run/docs/triggering/https-request (hosts of Cloud Run), cloud.google.com/sql/docs/postgres/connect-run (connection
 * names).
 */
export function regionsNamedIn(text: string): NamedRegion[] {
  const found = new Map<string, NamedRegion>();
  for (const named of [...inArns(text), ...inHosts(text), ...inLinks(text)]) {
    found.set(`${named.cloud}:${named.region}`, named);
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, named]) => named);
}

/** The region of a text that is nothing but a region's name, as an environment variable holds it. */
export function regionNamed(cloud: string, text: string): NamedRegion | undefined {
  if (cloud !== Cloud.Aws && cloud !== Cloud.Gcp) return undefined;
  const region = text.trim().toLowerCase();
  return regionFacts(cloud, region) === undefined ? undefined : { cloud, region };
}

/** Longer texts hold no address that a program would use; reading them whole would be for nothing. */
const CHARACTERS_MAX = 20_000;

function inArns(text: string): NamedRegion[] {
  return matches(text, /\barn:aws[a-z-]{0,20}:[a-z0-9-]{1,40}:([a-z0-9-]{1,30}):/g).flatMap(([, region = ""]) =>
    regionIn(Cloud.Aws, region),
  );
}

function inHosts(text: string): NamedRegion[] {
  return matches(text.toLowerCase(), /[a-z0-9][a-z0-9.-]{0,254}/g).flatMap(([host]) => {
    if (/\.(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws)\.?$/.test(host)) return awsHost(host);
    return /\.(?:googleapis\.com|pkg\.dev|run\.app|cloudfunctions\.net|internal)\.?$/.test(host)
      ? googleHost(host)
      : [];
  });
}

/** `x.dkr.ecr.us-east-1.amazonaws.com`, `s3-us-west-2.amazonaws.com`, `x.0001.use1.cache.amazonaws.com`. */
function awsHost(host: string): NamedRegion[] {
  const labels = host.split(".");
  const isCache = host.includes(".cache.amazonaws.com");
  return labels.flatMap((label) => {
    const named = regionIn(Cloud.Aws, label.replace(/^s3(?:-website|-fips)?-/, ""));
    return named.length > 0 || !isCache ? named : (cacheCodes.get(label) ?? []);
  });
}

/** `us-central1-docker.pkg.dev`, `us-central1-aiplatform.googleapis.com`, `x.us-central1.run.app`, `vm.us-central1-a.c.p.internal`. */
function googleHost(host: string): NamedRegion[] {
  return host
    .split(".")
    .flatMap((label) => [label, label.replace(/-[a-z]$/, ""), /^([a-z]+-[a-z]+\d+)-/.exec(label)?.[1] ?? ""])
    .flatMap((name) => regionIn(Cloud.Gcp, name));
}

function inLinks(text: string): NamedRegion[] {
  const links = matches(text, /\/(?:regions|locations|zones)\/([a-z0-9-]{1,40})/g);
  const connections = matches(
    text,
    /(?:^|[=,/\s"'])[a-z][a-z0-9.-]{2,40}(?::[a-z0-9.-]{1,40})?:([a-z]+-[a-z]+\d+):[a-z]/g,
  );
  return [...links, ...connections].flatMap(([, name = ""]) => {
    const whole = regionIn(Cloud.Gcp, name);
    return whole.length > 0 ? whole : regionIn(Cloud.Gcp, name.replace(/-[a-z]$/, ""));
  });
}

function matches(text: string, pattern: RegExp): RegExpMatchArray[] {
  return [...text.slice(0, CHARACTERS_MAX).matchAll(pattern)];
}

function regionIn(cloud: Cloud, region: string): NamedRegion[] {
  return regionFacts(cloud, region) === undefined ? [] : [{ cloud, region }];
}

/** ElastiCache shortens regions in its hosts: `use1`, `apne1` (docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html). */
const cacheCodes: ReadonlyMap<string, NamedRegion[]> = new Map(
  regionsOf(Cloud.Aws).map(({ region }) => {
    const [area = "", ...rest] = region.split("-");
    const direction = rest
      .slice(0, -1)
      .join("")
      .replace(/(north|south|central|east|west)/g, (word) => word.charAt(0));
    return [`${area}${direction}${rest.at(-1) ?? ""}`, [{ cloud: Cloud.Aws, region }]];
  }),
);
