// Asks whether something exists: a call that SDKs have had since 3.270.
"use strict";
const { existsResource } = require("@pulumi/pulumi/runtime/resource");
exports.there = existsResource("aws:ec2/vpc:Vpc", "vpc-1", {}, {});
