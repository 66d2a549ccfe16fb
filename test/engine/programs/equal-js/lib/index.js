"use strict";
const pulumi = require("@pulumi/pulumi");
const gcp = require("@pulumi/gcp");

/** As a generated SDK declares it: a secret output that nobody named. */
class RandomPassword extends pulumi.CustomResource {
  constructor(name, args, opts) {
    const inputs = { ...args, bcryptHash: undefined, result: undefined };
    const secrets = { additionalSecretOutputs: ["bcryptHash", "result"] };
    super(
      "random:index/randomPassword:RandomPassword",
      name,
      inputs,
      pulumi.mergeOptions({ version: "4.21.0" }, pulumi.mergeOptions(opts, secrets)),
    );
  }
}

module.exports = async () => {
  const config = new pulumi.Config();
  const password = new RandomPassword("password", { length: 20, keepers: { generation: config.get("generation") } });
  const instance = new gcp.sql.DatabaseInstance("db", {
    databaseVersion: "POSTGRES_17",
    region: "europe-west1",
    rootPassword: password.result,
    settings: { tier: "db-f1-micro", userLabels: config.requireObject("labels") },
  });
  const user = new gcp.sql.User("user", {
    instance: instance.name,
    name: "app",
    password: config.requireSecret("password"),
  });
  pulumi
    .all([password.result, user.name])
    .apply(
      ([result, name]) =>
        new gcp.secretmanager.Secret(`never-${name}`, { secretId: result, replication: { auto: {} } }),
    );
  const url = pulumi.interpolate`postgres://${user.name}:${user.password}@${instance.publicIpAddress}/app?n=${config.requireSecretObject("list").apply((list) => list.length)}`;
  new gcp.secretmanager.SecretVersion("url", { secret: "projects/p/secrets/s", secretData: url });
  return { url, open: pulumi.unsecret(user.password), user: { name: user.name } };
};
