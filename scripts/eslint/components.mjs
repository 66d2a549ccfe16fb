// What the local rules have in common: what counts as a component, and what counts as a resource of a provider.

/** Roots of the provider SDKs as they are imported: `new aws.ec2.Vpc(...)`, `new tls.PrivateKey(...)`. */
const PROVIDERS = new Set(["aws", "gcp", "cloudflare", "tls"]);

/** Whether a class extends `pulumi.ComponentResource` directly, the only form that Pulumi's schema analyser finds. */
export function isComponent(classNode) {
  const parent = classNode.superClass;
  return (
    parent?.type === "MemberExpression" &&
    parent.object.type === "Identifier" &&
    parent.object.name === "pulumi" &&
    parent.property.name === "ComponentResource"
  );
}

/** Whether `new X(...)` makes a resource of a provider's SDK: the leftmost name is a provider's and the last one a class. */
export function isProviderResource(newExpression) {
  let callee = newExpression.callee;
  if (callee.type !== "MemberExpression") return false;
  const className = callee.property.name;
  while (callee.type === "MemberExpression") callee = callee.object;
  return callee.type === "Identifier" && PROVIDERS.has(callee.name) && className !== "Provider";
}
