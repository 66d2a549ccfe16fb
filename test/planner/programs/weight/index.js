const pulumi = require("@pulumi/pulumi");

class Thing extends pulumi.CustomResource {
  constructor(name, args) {
    super("weight:index:Thing", name, args);
  }
}

for (let at = 0; at < new pulumi.Config().requireNumber("count"); at += 1) new Thing(`thing-${at}`, { at });
