import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const { asset } = pulumi;
const bucket = new aws.s3.Bucket("site", {});
const objects: Record<string, pulumi.asset.Asset> = {
  page: new asset.FileAsset("site/index.html"),
  text: new asset.StringAsset("plain words, ünïcode"),
};
for (const [name, source] of Object.entries(objects)) {
  new aws.s3.BucketObject(name, { bucket: bucket.id, key: name, source });
}
const archives: Record<string, pulumi.asset.Archive> = {
  folder: new asset.FileArchive("site"),
  mixed: new asset.AssetArchive({
    "index.js": new asset.StringAsset("exports.handler = () => undefined;"),
    "data/site": new asset.FileArchive("site"),
    "page.html": new asset.FileAsset("site/index.html"),
  }),
};
const role = new aws.iam.Role("role", { assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) });
for (const [name, code] of Object.entries(archives)) {
  new aws.lambda.Function(`function-${name}`, {
    role: role.arn,
    handler: "index.handler",
    runtime: "nodejs22.x",
    code,
  });
}
new aws.s3.BucketObject("secret", { bucket: bucket.id, source: pulumi.secret(new asset.StringAsset("hush-hush")) });

export const file = new asset.FileAsset("site/index.html");
