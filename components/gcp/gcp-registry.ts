import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { tagIssues } from "../checks";
import { protectedIf, type Child } from "../child";
import { refuse } from "../errors";
import { shown, type Issue } from "../sizing/issues";
import { nameIssues, projectIssues, regionIssues } from "./checks";

/** Untagged images are left alone for this long: ninety days. */
const UNTAGGED_AGE = "7776000s";
/** Newest images that are kept whatever their tags. */
const RECENT_IMAGES = 100;

/** Arguments of `GcpRegistry`. */
export interface GcpRegistryArgs {
  /** Project id. Changing this replaces the registry and loses its images. */
  project: string;
  /** Google's name of the region: `us-central1`. Changing this replaces the registry and loses its images. */
  region: string;
  /** Id of the repository, as people type it when they push. Defaults to the component's name. Changing this replaces the registry. @default - the component's name */
  repositoryId?: string;
  /** Name of the image in the repository. Defaults to "exchange". @default "exchange" */
  imageName?: string;
  /** Whether Pulumi refuses to delete the registry. Defaults to true. @default true */
  deletionProtected?: boolean;
  /** Labels of the registry. Defaults to none. @default - none */
  tags?: Record<string, string>;
}

/** The resources that a `GcpRegistry` is made of. */
export interface GcpRegistryNodes {
  /** The Artifact Registry repository. */
  repository: gcp.artifactregistry.Repository;
}

const allNodes = new WeakMap<GcpRegistry, GcpRegistryNodes>();

/**
 * An Artifact Registry repository for container images in one region, so that no replica needs another place to start.
 *
 * Makes one repository. A tag, once given, can neither be moved nor removed, and no cleanup takes a tagged image: push or copy every
 * image that is to run with a tag, and deploy it by digest. Untagged images go after 90 days, except the hundred newest.
 * Storage costs ten cents a GiB and month.
 */
export class GcpRegistry extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:GcpRegistry";

  /** Where images are pushed and pulled, without tag or digest: `us-central1-docker.pkg.dev/PROJECT/REPOSITORY/exchange`. */
  readonly repositoryUrl: pulumi.Output<string>;

  /**
   * @param name - prefix of every child's name.
   * @param args - what to build.
   * @param opts - the standard options.
   */
  constructor(name: string, args: GcpRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`GcpRegistry "${name}"`, [...nameIssues(name), ...gcpRegistryIssues(args)]);
    super(GcpRegistry.__pulumiType, name, {}, opts);

    const repository = buildRepository(name, args, { parent: this });
    allNodes.set(this, { repository });

    const { project, region, imageName = "exchange" } = args;
    this.repositoryUrl = pulumi.interpolate`${region}-docker.pkg.dev/${project}/${repository.repositoryId}/${imageName}`;
    this.registerOutputs({ repositoryUrl: this.repositoryUrl });
  }

  /** The resources inside, for settings that have no argument. */
  get nodes(): GcpRegistryNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** Every problem of the arguments of a `GcpRegistry`. */
export function gcpRegistryIssues(args: GcpRegistryArgs): Issue[] {
  const names = Object.entries({ repositoryId: args.repositoryId, imageName: args.imageName })
    .filter(([, value]) => value !== undefined && !/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value))
    .map(([path, value]) => ({
      path,
      expected: "1 to 63 lower-case letters, digits and hyphens, starting with a letter",
      got: shown(value),
      fix: 'write it such as "exchange"',
    }));
  return [
    ...projectIssues("project", args.project),
    ...regionIssues("region", args.region),
    ...names,
    ...tagIssues("tags", args.tags ?? {}),
  ];
}

function buildRepository(
  name: string,
  { project, region, repositoryId, deletionProtected = true, tags }: GcpRegistryArgs,
  child: Child,
): gcp.artifactregistry.Repository {
  return new gcp.artifactregistry.Repository(
    `${name}-repository`,
    {
      project,
      location: region,
      repositoryId: repositoryId ?? name,
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      description: "Images of the exchange API, one tag for each, deployed by digest",
      dockerConfig: { immutableTags: true },
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      cleanupPolicyDryRun: false,
      // An image that both policies match is kept (https://docs.cloud.google.com/artifact-registry/docs/repositories/cleanup-policy-overview).
      cleanupPolicies: [
        { id: "keep-recent", action: "KEEP", mostRecentVersions: { keepCount: RECENT_IMAGES } },
        { id: "delete-untagged", action: "DELETE", condition: { tagState: "UNTAGGED", olderThan: UNTAGGED_AGE } },
      ],
      labels: tags ?? {},
    },
    // The id is the person's, so a new repository of the same id can only follow the old one.
    { ...child, deleteBeforeReplace: true, ...protectedIf(deletionProtected) },
  );
}
