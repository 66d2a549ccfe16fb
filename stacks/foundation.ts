import { AwsDeployIdentity, AwsRegistry, GcpDeployIdentity, GcpProjectServices, GcpRegistry } from "../components";
import type { Output, Resource } from "@pulumi/pulumi";
import type { RegionSettings, Settings } from "./config";
import type { Providers } from "./providers";

/** What has to be there before the first image can be pushed, and stays for as long as the stack does. */
export interface Foundation {
  /** Where each region's images are pushed and pulled, by region, without tag or digest. */
  repositoryUrls: Record<string, Output<string>>;
  /** AWS role for the workflow that deploys. Nothing where no repository is named. */
  awsDeployRoleArn: Output<string> | undefined;
  /** What bounds every role of the program. Nothing where no repository is named. */
  awsPermissionsBoundaryArn: Output<string> | undefined;
  /** By project, what the workflow's log-in at Google needs. Empty where no repository is named. */
  gcpDeployIdentities: Record<
    string,
    { workloadIdentityProvider: Output<string>; serviceAccountEmail: Output<string> }
  >;
  /** What the service has to wait for. */
  ready: Resource[];
}

/** APIs of the Google projects, an image registry in each region, and the identity with which a pipeline deploys. */
export function buildFoundation(settings: Settings, providers: Providers): Foundation {
  const { name, aws, github, regions } = settings;
  const options = { providers };
  const projects = [...new Set(regions.flatMap((region) => (region.cloud === "gcp" ? [region.project] : [])))];
  const services = Object.fromEntries(
    projects.map((project) => [project, new GcpProjectServices(`${name}-${project}`, { project }, options)]),
  );
  const registries = regions.map(
    (region) => [region.region, buildRegistry(settings, region, services, providers)] as const,
  );
  const awsRegions = regions.filter((region) => region.cloud === "aws").map(({ region }) => region);
  const awsIdentity =
    github === undefined
      ? undefined
      : new AwsDeployIdentity(
          `${name}-deploy`,
          {
            accountId: aws.accountId,
            githubRepository: github.repository,
            githubEnvironment: github.environment,
            namePrefix: name,
            regions: awsRegions,
            repositoryNames: [name],
          },
          options,
        );
  const gcpIdentities = github === undefined ? [] : buildGcpIdentities(settings, github, projects, services, providers);
  return {
    repositoryUrls: Object.fromEntries(registries.map(([region, { repositoryUrl }]) => [region, repositoryUrl])),
    awsDeployRoleArn: awsIdentity?.roleArn,
    awsPermissionsBoundaryArn: awsIdentity?.permissionsBoundaryArn,
    gcpDeployIdentities: Object.fromEntries(
      gcpIdentities.map(([project, { workloadIdentityProvider, serviceAccountEmail }]) => [
        project,
        { workloadIdentityProvider, serviceAccountEmail },
      ]),
    ),
    ready: [...Object.values(services), ...registries.map(([, registry]) => registry)],
  };
}

/**
 * An identity in each project. That of the first may deploy in all: the program has one provider for Google, and so one log-in, which an
 * account of a single project could not use for the others.
 */
function buildGcpIdentities(
  { name }: Settings,
  { repository, environment }: NonNullable<Settings["github"]>,
  projects: string[],
  services: Record<string, GcpProjectServices>,
  providers: Providers,
): (readonly [string, GcpDeployIdentity])[] {
  let deployers: Record<string, Output<string>> = {};
  return projects.map((project, index) => {
    const identity = new GcpDeployIdentity(
      `${name}-${project}`,
      { project, githubRepository: repository, githubEnvironment: environment, deployers },
      { providers, dependsOn: services[project] ?? [] },
    );
    if (index === 0) deployers = { [project]: identity.serviceAccountEmail };
    return [project, identity] as const;
  });
}

function buildRegistry(
  settings: Settings,
  region: RegionSettings,
  services: Record<string, GcpProjectServices>,
  providers: Providers,
): AwsRegistry | GcpRegistry {
  const { name } = settings;
  // A region on its way out takes its registry with it.
  const deletionProtected = (settings.deletionProtected ?? true) && region.serving !== false;
  const logicalName = `${name}-${region.region}-registry`;
  if (region.cloud === "aws") {
    return new AwsRegistry(
      logicalName,
      { region: region.region, repositoryName: name, deletionProtected },
      { providers },
    );
  }
  const args = { project: region.project, region: region.region, repositoryId: name, deletionProtected };
  return new GcpRegistry(logicalName, args, { providers, dependsOn: services[region.project] ?? [] });
}
