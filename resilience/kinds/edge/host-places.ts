import { Cloud, regionFacts } from "../../../components/sizing/regions";
import type { CloudName } from "../../model";
import { GLOBAL } from "../../model";

/** Where something stands, as far as a text tells: the region is undefined where only the cloud is told. */
export interface Whereabouts {
  cloud: CloudName;
  region: string | undefined;
}

/**
 * Hostnames that clouds give out, with the region in their name; `undefined` in the second place where the name tells the cloud alone.
 *
 * - Elastic Load Balancing: `NAME-ID.REGION.elb.amazonaws.com`, network balancers `NAME-ID.elb.REGION.amazonaws.com`
 *   (docs.aws.amazon.com/general/latest/gr/elb.html)
 * - API Gateway: docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
 * - Lambda function URLs: docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
 * - S3: docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html and VirtualHosting.html
 * - EC2: docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html (`compute-1` is us-east-1)
 * - App Runner, Elastic Beanstalk, PrivateLink, CloudFront, Global Accelerator: the services' endpoint pages of the same reference
 * - Cloud Run: cloud.google.com/run/docs/triggering/https-request (`SERVICE-NUMBER.REGION.run.app`; the older `a.run.app` names no region)
 * - Cloud Functions (1st generation): cloud.google.com/functions/1stgendocs/calling/http
 * - App Engine: cloud.google.com/appengine/docs/standard/how-requests-are-routed
 * - Azure, as a third provider: learn.microsoft.com/azure/security/fundamentals/azure-domains
 */
const SHAPES: readonly [RegExp, CloudName, string?][] = [
  [/\.([a-z0-9-]+)\.elb\.amazonaws\.com$/, "aws"],
  [/\.elb\.([a-z0-9-]+)\.amazonaws\.com$/, "aws"],
  [/\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/, "aws"],
  [/\.lambda-url\.([a-z0-9-]+)\.on\.aws$/, "aws"],
  [/\.s3-website[.-]([a-z0-9-]+)\.amazonaws\.com$/, "aws"],
  [/(?:^|\.)s3[.-]([a-z0-9-]+)\.amazonaws\.com$/, "aws"],
  [/\.compute-1\.amazonaws\.com$/, "aws", "us-east-1"],
  [/\.([a-z0-9-]+)\.compute\.amazonaws\.com$/, "aws"],
  [/\.([a-z0-9-]+)\.awsapprunner\.com$/, "aws"],
  [/\.([a-z0-9-]+)\.elasticbeanstalk\.com$/, "aws"],
  [/\.([a-z0-9-]+)\.vpce\.amazonaws\.com$/, "aws"],
  [/\.cloudfront\.net$/, "aws", GLOBAL],
  [/\.awsglobalaccelerator\.com$/, "aws", GLOBAL],
  [/\.amazonaws\.com$/, "aws"],
  [/\.([a-z]+-[a-z]+\d+)\.run\.app$/, "gcp"],
  [/\.a\.run\.app$/, "gcp"],
  [/^([a-z]+-[a-z]+\d+)-[a-z0-9-]+\.cloudfunctions\.net$/, "gcp"],
  [/\.appspot\.com$/, "gcp"],
  [/\.gateway\.dev$/, "gcp"],
  [/\.(?:workers|pages)\.dev$/, "cloudflare", GLOBAL],
  [
    /\.(?:azurewebsites\.net|cloudapp\.azure\.com|azurefd\.net|trafficmanager\.net|azurecontainerapps\.io)$/,
    "other",
    "azure",
  ],
];

/** Services that have no zone of their own: API Gateway, Lambda, S3, App Runner, Cloud Run, Cloud Functions, App Engine. */
const SPREAD =
  /\.(?:execute-api|lambda-url|s3|s3-website)[.-]|\.(?:awsapprunner\.com|run\.app|cloudfunctions\.net|appspot\.com|gateway\.dev|workers\.dev|pages\.dev)$/;

/** Whether the vendor spreads what answers under a host over the zones of its region by itself. */
export function isSpreadHost(host: string): boolean {
  return SPREAD.test(host);
}

/** Where a host stands, by the shape of its name; undefined for a name of somebody's own. */
export function whereaboutsOfHost(host: string): Whereabouts | undefined {
  for (const [shape, cloud, region] of SHAPES) {
    const match = shape.exec(host);
    if (match === null) continue;
    return { cloud, region: region ?? knownRegion(cloud, match[1]) };
  }
  return undefined;
}

/**
 * Where something stands, as a person wrote it: `aws:us-east-2`, `gcp:us-central1`, `aws` alone, or `other:NAME` for a third provider.
 * Undefined for anything else, a region that does not exist among it: a slip of the pen would be a region that never fails with another.
 */
export function whereaboutsOfText(text: string): Whereabouts | undefined {
  const [cloud = "", region = ""] = text.split(":", 2);
  if (cloud === "other") return region === "" ? undefined : { cloud, region };
  if (cloud !== "aws" && cloud !== "gcp") return undefined;
  if (region === "") return text === cloud ? { cloud, region: undefined } : undefined;
  return region === GLOBAL || knownRegion(cloud, region) !== undefined ? { cloud, region } : undefined;
}

function knownRegion(cloud: CloudName, region: string | undefined): string | undefined {
  if (region === undefined || (cloud !== "aws" && cloud !== "gcp")) return undefined;
  return regionFacts(cloud === "aws" ? Cloud.Aws : Cloud.Gcp, region) === undefined ? undefined : region;
}
