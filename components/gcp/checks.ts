import { shown, type Issue } from "../sizing/issues";
import { Cloud, regionFacts } from "../sizing/regions";

/**
 * Lower-case letters, digits and hyphens: what Google accepts as the name of a load balancer's parts
 * (docs.cloud.google.com/compute/docs/naming-resources; of a Cloud Run service: pulumi/pulumi-gcp issue 3166).
 */
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
/** Project ids: 6 to 30 of lower-case letters, digits and hyphens, starting with a letter. */
const PROJECT = /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/;

/** One issue unless the component's name can begin the names of Google's resources. */
export function nameIssues(name: string): Issue[] {
  if (NAME.test(name)) return [];
  return [
    {
      path: "name",
      expected: "lower-case letters, digits and hyphens, starting with a letter",
      got: shown(name),
      fix: "rename the component, since Google's names are made from it",
    },
  ];
}

/** One issue unless the text is a project id. */
export function projectIssues(path: string, project: string): Issue[] {
  if (PROJECT.test(project)) return [];
  return [
    {
      path,
      expected: "a project id of 6 to 30 lower-case letters, digits and hyphens",
      got: shown(project),
      fix: "copy the id (not the name or number) from the console's project list",
    },
  ];
}

/** One issue unless the region is one of Google's. */
export function regionIssues(path: string, region: string): Issue[] {
  if (regionFacts(Cloud.Gcp, region) !== undefined) return [];
  return [
    {
      path,
      expected: "a Google Cloud region",
      got: shown(region),
      fix: 'write it as Google does, such as "us-central1"',
    },
  ];
}
