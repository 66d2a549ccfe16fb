import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tagIssues, wholeNumberIssues } from "../checks";
import { protectedIf } from "../child";
import { refuse } from "../errors";
import { shown, type Issue } from "../sizing/issues";
import { regionIssues } from "./checks";

/** Tags that begin like this are for trials. No other image is ever deleted by age. */
const TRIAL_TAG_PREFIX = "trial-";

/** What the registry of one AWS region is told. */
export interface AwsRegistryArgs {
  /** The vendor's name of the region: `us-east-2`. Changing this replaces the repository. */
  region: string;
  /** Name of the repository, which people and pipelines type: `exchange`. Changing this replaces the repository. */
  repositoryName: string;
  /** Days after which an image is deleted whose tag begins with "trial-". From 1 to 365. Defaults to 30. @default 30 */
  trialDays?: number;
  /** Whether the repository cannot be deleted while it holds images. Defaults to true. @default true */
  deletionProtected?: boolean;
  /** Tags of the repository. Defaults to none. @default - none */
  tags?: Record<string, string>;
}

/** The resources of an `AwsRegistry`. */
export interface AwsRegistryNodes {
  repository: aws.ecr.Repository;
  lifecyclePolicy: aws.ecr.LifecyclePolicy;
}

const allNodes = new WeakMap<AwsRegistry, AwsRegistryNodes>();

/**
 * The container registry of one AWS region, from which that region's tasks start.
 *
 * It makes an ECR repository with immutable tags, a scan of each image that is pushed, encryption by KMS (the key that AWS keeps for
 * ECR), and a lifecycle policy that deletes nothing but images tagged "trial-": whatever runs by its digest stays.
 *
 * To leave running: 0.10 USD a month for each GB.
 */
export class AwsRegistry extends pulumi.ComponentResource {
  static readonly __pulumiType = "twodoor:index:AwsRegistry";

  /** Where images are pushed: `123456789012.dkr.ecr.us-east-2.amazonaws.com/exchange`. Add `@sha256:…` to run one. */
  readonly repositoryUrl: pulumi.Output<string>;
  /** ARN of the repository. */
  readonly repositoryArn: pulumi.Output<string>;

  /**
   * @param name - logical name; every child's name begins with it.
   * @param args - see `AwsRegistryArgs`.
   * @param opts - the standard options.
   */
  constructor(name: string, args: AwsRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`AwsRegistry "${name}"`, awsRegistryIssues(args));
    super(AwsRegistry.__pulumiType, name, {}, opts);
    const { region, repositoryName, deletionProtected = true, trialDays = 30, tags = {} } = args;
    const repository = new aws.ecr.Repository(
      `${name}-repository`,
      {
        region,
        name: repositoryName,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
        forceDelete: !deletionProtected,
        tags,
      },
      { parent: this, ...protectedIf(deletionProtected) },
    );
    const lifecyclePolicy = new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      { region, repository: repository.name, policy: lifecycle(trialDays) },
      { parent: this },
    );

    this.repositoryUrl = repository.repositoryUrl;
    this.repositoryArn = repository.arn;
    allNodes.set(this, { repository, lifecyclePolicy });
    this.registerOutputs({ repositoryUrl: this.repositoryUrl, repositoryArn: this.repositoryArn });
  }

  /** The resources themselves, for what no argument covers. */
  get nodes(): AwsRegistryNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** What keeps an `AwsRegistry` from being built with these arguments. */
export function awsRegistryIssues({ region, repositoryName, trialDays, tags }: AwsRegistryArgs): Issue[] {
  return [
    ...regionIssues("region", region),
    ...repositoryNameIssues("repositoryName", repositoryName),
    ...wholeNumberIssues("trialDays", trialDays ?? 30, { min: 1, max: 365 }, "take a number of days"),
    ...tagIssues("tags", tags ?? {}),
  ];
}

function repositoryNameIssues(path: string, name: string): Issue[] {
  // ECR API, `CreateRepository`.
  const part = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  if (name.length >= 2 && name.length <= 256 && new RegExp(`^(?:${part}/)*${part}$`).test(name)) return [];
  const expected = "2 to 256 lower-case letters and digits, with single separators between them";
  return [{ path, expected, got: shown(name), fix: 'write it as pipelines will, such as "exchange"' }];
}

function lifecycle(trialDays: number): string {
  return JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Images tagged ${TRIAL_TAG_PREFIX} are for trials and are never deployed`,
        selection: {
          tagStatus: "tagged",
          tagPrefixList: [TRIAL_TAG_PREFIX],
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: trialDays,
        },
        action: { type: "expire" },
      },
    ],
  });
}
