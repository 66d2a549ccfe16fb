const pulumi = require("@pulumi/pulumi");

class Thing extends pulumi.CustomResource {
  constructor(name, args) {
    super("open:index:Thing", name, args);
  }
}

new Thing("made", { at: 1 });
new Thing("waits", { at: new Promise(() => {}) });
