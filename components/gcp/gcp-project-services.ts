import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import { refuse } from "../errors";
import { shown, type Issue } from "../sizing/issues";
import { projectIssues } from "./checks";

/** What a region, its certificate, its registry and its deployment call. */
const DEFAULT_SERVICES: readonly string[] = [
  "artifactregistry.googleapis.com",
  "certificatemanager.googleapis.com",
  "cloudresourcemanager.googleapis.com",
  "compute.googleapis.com",
  "iam.googleapis.com",
  "iamcredentials.googleapis.com",
  "logging.googleapis.com",
  "monitoring.googleapis.com",
  "networksecurity.googleapis.com",
  "run.googleapis.com",
  "secretmanager.googleapis.com",
  "serviceusage.googleapis.com",
  "sts.googleapis.com",
];

/** Arguments of `GcpProjectServices`. */
export interface GcpProjectServicesArgs {
  /** Project id. Changing this replaces everything. */
  project: string;
  /** APIs to switch on, by name: `run.googleapis.com`. Defaults to what `GcpRegion`, `GcpCertificates`, `GcpRegistry` and `GcpDeployIdentity` need. @default - what the components need */
  services?: string[];
}

/** The resources that `GcpProjectServices` is made of. */
export interface GcpProjectServicesNodes {
  /** One switch for each API, by the API's name. */
  services: Record<string, gcp.projects.Service>;
}

const allNodes = new WeakMap<GcpProjectServices, GcpProjectServicesNodes>();

/**
 * Google's APIs that a project needs, switched on.
 *
 * Makes a switch for each API. They cost nothing, and none is switched off when this is removed, since other programs of the project may
 * rely on them. An empty project must have `serviceusage.googleapis.com` on already, which is so unless somebody switched it off.
 * For some minutes after the first `up` calls may still be refused; the next `up` goes on where it stopped.
 */
export class GcpProjectServices extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:GcpProjectServices";

  /** Names of the APIs that are on, sorted. */
  readonly services: pulumi.Output<string[]>;

  /**
   * @param name - prefix of every child's name.
   * @param args - what to switch on.
   * @param opts - the standard options.
   */
  constructor(name: string, args: GcpProjectServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`GcpProjectServices "${name}"`, gcpProjectServicesIssues(args));
    super(GcpProjectServices.__pulumiType, name, {}, opts);

    const wanted = [...(args.services ?? DEFAULT_SERVICES)].sort();
    const services = Object.fromEntries(
      wanted.map((service) => [service, buildService(name, args.project, service, { parent: this })]),
    );
    allNodes.set(this, { services });

    this.services = pulumi.all(Object.values(services).map(({ service }) => service));
    this.registerOutputs({ services: this.services });
  }

  /** The resources inside, for settings that have no argument. */
  get nodes(): GcpProjectServicesNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** Every problem of the arguments of `GcpProjectServices`. */
export function gcpProjectServicesIssues({ project, services = [] }: GcpProjectServicesArgs): Issue[] {
  const named = services.flatMap((service, index): Issue[] => {
    const path = `services[${String(index)}]`;
    if (!/^[a-z][a-z0-9-]*\.googleapis\.com$/.test(service)) {
      const fix = 'write it in full, such as "run.googleapis.com"';
      return [{ path, expected: "the full name of a Google API", got: shown(service), fix }];
    }
    if (services.indexOf(service) === index) return [];
    return [{ path, expected: "each API once", got: `${shown(service)} again`, fix: "remove one of them" }];
  });
  return [...projectIssues("project", project), ...named];
}

function buildService(name: string, project: string, service: string, child: Child): gcp.projects.Service {
  return new gcp.projects.Service(
    `${name}-${service.replace(/\.googleapis\.com$/, "")}`,
    { project, service, disableOnDestroy: false, disableDependentServices: false },
    child,
  );
}
