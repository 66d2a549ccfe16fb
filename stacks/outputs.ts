import type { Input } from "@pulumi/pulumi";
import type { ExchangeApi } from "../components";
import type { Foundation } from "./foundation";

/**
 * What the stack tells people and pipelines. What a stage has not built yet is left out, not told as nothing.
 *
 * - `repositoryUrls`: where CI pushes the image, by region, without tag or digest.
 * - `awsDeployRoleArn`, `gcpDeployIdentities`: how the workflow logs in.
 * - `hostname`: what clients call.
 * - `manifest`: what was declared and what was computed from it, for programs that judge the design.
 * - `egressAddresses`: from where replicas reach the journal, by region.
 */
export function stackOutputs(foundation: Foundation, service: ExchangeApi | undefined): Record<string, Input<unknown>> {
  const { repositoryUrls, awsDeployRoleArn, gcpDeployIdentities } = foundation;
  return {
    repositoryUrls,
    ...(awsDeployRoleArn === undefined ? {} : { awsDeployRoleArn, gcpDeployIdentities }),
    ...(service === undefined
      ? {}
      : { hostname: service.hostname, manifest: service.manifest, egressAddresses: service.egressAddresses }),
  };
}
