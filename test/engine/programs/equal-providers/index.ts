import * as aws from "@pulumi/aws";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
const ireland = new aws.Provider("ireland", { region: "eu-west-1", defaultTags: { tags: { team: "data" } } });
const ohio = new aws.Provider(
  "ohio",
  {
    region: "us-east-2",
    assumeRoles: [{ roleArn: role.arn }],
    secretKey: pulumi.secret("hush-hush"),
    skipRegionValidation: true,
  },
  { aliases: [{ name: "usa" }], dependsOn: [role], protect: true, envVarMappings: { OHIO_KEY: "AWS_ACCESS_KEY_ID" } },
);
const tokyo = new gcp.Provider(
  "tokyo",
  { project: "demo", region: "asia-northeast1" },
  { pluginDownloadURL: "https://example.com/plugins" },
);

class Leaf extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("demo:index:Leaf", name, {}, opts);
    new aws.sqs.Queue(`${name}-queue`, {}, { parent: this });
    new gcp.pubsub.Topic(`${name}-topic`, {}, { parent: this });
    this.registerOutputs();
  }
}

class Tree extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("demo:index:Tree", name, {}, opts);
    new Leaf(`${name}-leaf`, { parent: this });
    new Leaf(`${name}-own`, { parent: this, providers: { aws: ireland } });
    const bucket = new aws.s3.Bucket(`${name}-bucket`, {}, { parent: this, provider: ireland });
    new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      { parent: bucket },
    );
    new gcp.storage.Bucket(`${name}-mirror`, { location: "EU" }, { parent: bucket });
    void aws.getRegion({}, { parent: this });
    this.registerOutputs({});
  }
}

new Tree("listed", { providers: [ohio, tokyo] });
new Tree("mapped", { providers: { aws: ohio } });
new Tree("single", { provider: ohio });
new Tree("plain");

/** Of a package without an SDK here; each asks for its own version, or place, of the plugin. */
class Widget extends pulumi.CustomResource {
  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super("demo:index/widget:Widget", name, { size: 1 }, opts);
  }
}
new Widget("unversioned");
new Widget("first", { version: "1.2.3" });
new Widget("pre", { version: "2.0.0-alpha.1+build.7" });
new Widget("placed", { version: "1.2.3", pluginDownloadURL: "https://example.com/demo/" });
new Widget("elsewhere", { pluginDownloadURL: "github://api.github.com/demo" });

export const inIreland = aws.getRegionOutput({}, { provider: ireland }).region;
export const byDefault = aws.getRegionOutput().region;
export const older = pulumi.output(pulumi.runtime.invoke("demo:index:getWidgets", { size: 1 }, { version: "1.2.3" }));
export const providerId = ohio.id;
