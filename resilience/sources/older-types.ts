/**
 * Modules that older majors of an SDK call otherwise, and still took in every program of theirs: `@pulumi/aws` up to 5
 * (`elasticloadbalancingv2`, `applicationloadbalancing`, `elasticloadbalancing`) and `@pulumi/gcp` up to 6 (`serviceAccount`). The
 * resources are the same, property for property; the providers declare the older tokens as aliases of the newer ones
 * (github.com/pulumi/pulumi-aws, provider/resources.go, `RenameResourceWithAlias`).
 */
const OLDER_MODULES: Readonly<Record<string, string>> = {
  "aws:applicationloadbalancing/": "aws:lb/",
  "aws:elasticloadbalancingv2/": "aws:lb/",
  "aws:elasticloadbalancing/": "aws:elb/",
  "gcp:serviceAccount/": "gcp:serviceaccount/",
};

/** The type token that a resource has today, so that one name of a kind is enough wherever it is read. Any other token stays as it is. */
export function currentType(type: string): string {
  const end = type.indexOf("/") + 1;
  const module_ = OLDER_MODULES[type.slice(0, end)];
  return module_ === undefined ? type : module_ + type.slice(end);
}
