import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import type { GcpRegionPlan } from "./region-plan";

/** Where the region's logs are kept and how they get there. */
export interface RegionLogs {
  bucket: gcp.logging.ProjectBucketConfig;
  sink: gcp.logging.ProjectSink;
  exclusion: gcp.logging.ProjectExclusion;
}

/**
 * Keeps the logs of service and load balancer in this region for the declared time, and out of the project's global default bucket.
 *
 * Storage is what Google bills, so the sink keeps every failure and a sample of the rest.
 */
export function buildLogs(
  plan: GcpRegionPlan,
  service: gcp.cloudrunv2.Service,
  urlMap: gcp.compute.RegionUrlMap,
  child: Child,
): RegionLogs {
  const { names, project, region, logRetentionDays, requestLogSampleRate } = plan;
  const bucketId = `${pulumi.getStack()}-${names.logBucket}`.replace(/[^A-Za-z0-9_.-]/g, "-");
  const bucket = new gcp.logging.ProjectBucketConfig(
    names.logBucket,
    { project, location: region, bucketId, retentionDays: logRetentionDays },
    // A deleted bucket blocks its id for seven days, and logs should outlive their region: it stays, and a later region of this name takes it over.
    { ...child, retainOnDelete: true },
  );
  const filter = pulumi.interpolate`(resource.type="cloud_run_revision" AND resource.labels.service_name="${service.name}") OR (resource.type="http_external_regional_lb_rule" AND resource.labels.url_map_name="${urlMap.name}")`;
  const sink = new gcp.logging.ProjectSink(
    names.logSink,
    {
      project,
      destination: pulumi.interpolate`logging.googleapis.com/${bucket.id}`,
      filter,
      exclusions: exclusions(requestLogSampleRate),
    },
    child,
  );
  const exclusion = new gcp.logging.ProjectExclusion(
    names.logExclusion,
    { project, description: `Kept in ${region} by ${names.logSink}`, filter },
    // Nothing is taken out of the default bucket before it is kept elsewhere.
    { ...child, dependsOn: [sink] },
  );
  return { bucket, sink, exclusion };
}

/** Leaves out all but a sample of the requests that did not fail. */
function exclusions(sampleRate: number): { name: string; filter: string }[] {
  if (sampleRate === 1) return [];
  const unsampled = sampleRate === 0 ? "" : ` AND NOT sample(insertId, ${String(sampleRate)})`;
  return [{ name: "requests-that-did-not-fail", filter: `httpRequest.status<500${unsampled}` }];
}
