import * as pulumi from "@pulumi/pulumi";

/** As a generated SDK of a package registers it. */
const base = {
  baseProviderName: "base",
  baseProviderVersion: "1.0.3",
  baseProviderDownloadUrl: "",
};
const parameters = Buffer.from("hashicorp/random").toString("base64");
const parameterized = { ...base, packageName: "random", packageVersion: "3.6.0", base64Parameter: parameters };

class Thing extends pulumi.CustomResource {
  constructor(
    type: string,
    name: string,
    args: pulumi.Inputs,
    reference: Promise<string | undefined>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(type, name, args, opts, false, reference);
  }
}
class Provider extends pulumi.ProviderResource {
  constructor(pkg: string, name: string, args: pulumi.Inputs, reference: Promise<string | undefined>) {
    super(pkg, name, args, {}, false, reference);
  }
}

const random = pulumi.runtime.registerPackage(parameterized);
const same = pulumi.runtime.registerPackage(parameterized);
const plain = pulumi.runtime.registerPackage({
  baseProviderName: "base",
  baseProviderVersion: "1.0.3",
  baseProviderDownloadUrl: "https://example.com/plugins/",
  packageName: "demo",
  packageVersion: "2.0.0",
  base64Parameter: parameters,
});

const pet = new Thing("random:index/pet:Pet", "pet", { length: 2 }, random);
new Thing("random:index/pet:Pet", "other", { prefix: pet.id }, same, { dependsOn: [pet] });
new Thing("demo:index:Widget", "widget", { size: 1 }, plain);
const own = new Provider("random", "own", { seed: 1 }, random);
new Thing("random:index/pet:Pet", "explicit", {}, random, { provider: own });

export const answer = pulumi.output(pulumi.runtime.invoke("random:index/getPet:getPet", { name: "rex" }, {}, random));
