const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("quiet", {
  policies: [
    { name: "quiet", description: "Asks for nothing.", enforcementLevel: "advisory", validateStack: () => {} },
  ],
});
